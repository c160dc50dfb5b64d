// What the suites share: the fixture that the runner wrote, the upstream's
// record, and comparisons that never print what was said.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const path = process.env.CLIENTS_FIXTURE;
if (!path) throw new Error("this suite is run by `make test` in the folder above");
export const fix = JSON.parse(readFileSync(path, "utf8"));

export const value = (kind) => fix.values.find((v) => v.kind === kind).text;

/** What a tool mostly gives back: JSON, as a text. */
export const result = JSON.stringify({ found: [fix.text, { note: fix.text }], n: 1 }, null, 1);

async function control(path) {
  const resp = await fetch(fix.control + path, { method: "POST" });
  assert.equal(resp.status, 200, `asking the upstream for ${path}`);
  return resp.json();
}

/** What the upstream received since the last take. */
export const take = () => control("/take");

/** Waits until a client has left a silent answer; milliseconds since 1970. */
export const gone = () => control("/gone");

/** Checks the requests that came since the last take. */
export async function checkUpstream(requests = 1) {
  const got = await take();
  assert.equal(got.requests, requests, "requests that reached the upstream");
  assert.deepEqual(got.leaks, []);
  assert.ok(got.tokens >= fix.values.length, `${got.tokens} tokens for ${fix.values.length} values`);
}

const token = /[A-Z]{2,}[2-9][2-9BCDFGHJKMNPQRTVWXZ]{7}/g;
const tokensIn = (text) => (text.match(token) ?? []).filter((t) => !fix.text.includes(t));

/**
 * Asserts that two values are the same. Strings below them are compared by
 * length and content; of one that differs only its place and the tokens that
 * were left in it are told.
 */
export function same(got, want, where = "answer") {
  if (typeof want === "string" && typeof got === "string") {
    if (got === want) return;
    let at = 0;
    while (got[at] === want[at]) at++;
    assert.fail(`${where}: ${got.length} characters, not ${want.length}; ` +
      `other from ${at} on; tokens left: ${tokensIn(got)}`);
  }
  if (want === null || typeof want !== "object" || got === null || typeof got !== "object") {
    assert.ok(Object.is(got, want), `${where} is another ${typeof got}`);
    return;
  }
  const names = Object.keys(want);
  assert.deepEqual(Object.keys(got), names, `${where}: its members`);
  for (const name of names) same(got[name], want[name], `${where}.${name}`);
}

/** Reads JSON; a failure does not quote the text. */
export function parse(text, where) {
  try {
    return JSON.parse(text);
  } catch {
    assert.fail(`${where} is no JSON; tokens left: ${tokensIn(text)}`);
  }
}

export function checkReceipt(headers) {
  assert.ok(headers.get("x-maskit-request-id"), "no x-maskit-request-id");
  const list = headers.get("x-maskit-masked") ?? "";
  assert.match(list, /^[A-Z0-9_]+=[1-9]\d*(,[A-Z0-9_]+=[1-9]\d*)*$/);
  for (const kind of ["EMAIL_ADDRESS", "CREDIT_CARD", "PROJECT"]) {
    assert.ok(`,${list}`.includes(`,${kind}=`), `x-maskit-masked does not count ${kind}`);
  }
}

// The head of maskit's last answer: not every SDK hands it out.
let head;
const fetchAny = globalThis.fetch;
globalThis.fetch = async (...args) => {
  const resp = await fetchAny(...args);
  if (resp.url.startsWith(fix.maskit)) head = resp.headers;
  return resp;
};

/**
 * Asks straight and through maskit: the app must be told the same, the upstream
 * no value, and the head must say what was masked. ask takes a root URL and a
 * model, and returns what the app sees.
 */
export async function compare(ask, model, { requests = 1 } = {}) {
  const want = await ask(fix.direct, model);
  await take();
  head = undefined;
  const got = await ask(fix.maskit, model);
  same(got, want);
  assert.ok(head, "maskit answered nothing");
  checkReceipt(head);
  await checkUpstream(requests);
  return got;
}

/** The errors of both ways must be the same; of each, pick says what counts. */
export async function compareFailures(ask, model, pick) {
  const failure = (root) => ask(root, model).then(() => assert.fail("no error"), (e) => e);
  const want = await failure(fix.direct);
  await take();
  const got = await failure(fix.maskit);
  assert.equal(got.constructor.name, want.constructor.name);
  same(pick(got), pick(want));
  await checkUpstream();
}

/** Asserts that a text which the provider has signed is as it wrote it: masked. */
export function checkSigned(text) {
  for (const { kind, text: value } of fix.values) assert.ok(!text.includes(value), `a signed text holds ${kind}`);
  assert.ok(tokensIn(text).length >= fix.values.length, "a signed text lacks tokens");
}

/** The manners in which the upstream streams; see its package comment. */
export const streamed = ["echo,cut=1", "echo,cut=2", "echo,cut=3", "echo,cut=5", "echo,cut=9", "echo,cut=64",
  "echo,cut=100000", "echo,cut=4,ascii", "echo,cut=6,write=7", "echo,cut=24,write=1", "echo,cut=9,nodone"];
export const whole = ["echo", "echo,ascii"];
/** For SDKs above other SDKs, which are slow; some of them grow with the square of the pieces. */
export const some = ["echo,cut=3", "echo,cut=7,ascii", "echo,cut=24,write=1", "echo,cut=100000"];

/** JSON Schemas that a tool and a format are described with. */
const string = { type: "string" };
const object = (properties) => ({
  type: "object", properties, required: Object.keys(properties), additionalProperties: false,
});
export const contact = object({ to: string, phone: string, note: string, all: string });
export const mail = object({ to: string, body: object({ lines: { type: "array", items: string } }) });
