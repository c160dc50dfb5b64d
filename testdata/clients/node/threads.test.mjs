// What the provider keeps: answers that are gone on from, files and batches, with
// the npm package `openai`, unmodified, through maskit and straight.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import OpenAI, { toFile } from "openai";
import { checkUpstream, fix, same, take, value } from "./harness.mjs";

const client = (root) => new OpenAI({ baseURL: `${root}/v1`, apiKey: fix.key, maxRetries: 0 });

/** Asks both ways; the app must be told the same, the upstream no value. */
async function both(ask, requests) {
  const want = await ask(client(fix.direct));
  await take();
  same(await ask(client(fix.maskit)), want);
  await checkUpstream(requests);
}

const text = (response) => response.output.filter((i) => i.type === "message").map((i) => i.content.map((c) => c.text));

describe("case 3: an answer that is gone on from", () => {
  for (const model of ["echo", "echo,ascii"]) {
    test(`whole/${model}`, () => both(async (api) => {
      const first = await api.responses.create({ model, input: fix.text });
      const second = await api.responses.create({ model, input: "And?", previous_response_id: first.id });
      const third = await api.responses.create({ model, input: "So?", previous_response_id: second.id });
      assert.ok(text(third).flat().join("").includes("So?"));
      return [first, second, third].map(text);
    }, 3));
  }
  for (const model of ["echo,cut=2", "echo,cut=7,ascii", "echo,cut=24,write=1"]) {
    test(`streamed/${model}`, () => both(async (api) => {
      const turns = [];
      let previous;
      for (const input of [fix.text, "And?", "So?"]) {
        let deltas = "";
        for await (const e of await api.responses.create({ model, input, previous_response_id: previous, stream: true })) {
          if (e.type === "response.output_text.delta") deltas += e.delta;
          if (e.type === "response.completed") {
            previous = e.response.id;
            turns.push(deltas, text(e.response));
          }
        }
      }
      return turns;
    }, 3));
  }
});

test("a batch: its file, its results", () => both(async (api) => {
  const line = (id) => JSON.stringify({
    custom_id: id, method: "POST", url: "/v1/chat/completions",
    body: { model: "echo", messages: [{ role: "system", content: `For ${value("EMAIL_ADDRESS")}` }, { role: "user", content: fix.text }] },
  });
  const file = await api.files.create({
    file: await toFile(Buffer.from(`${line("one")}\n${line("two")}\n`), `of ${value("EMAIL_ADDRESS")}.jsonl`), purpose: "batch",
  });
  const batch = await api.batches.create({ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" });
  const done = await api.batches.retrieve(batch.id);
  const results = await (await api.files.content(done.output_file_id)).text();
  return {
    name: file.filename,
    results: results.trim().split("\n").map((l) => JSON.parse(l)).map((r) => [r.custom_id, r.response.body.choices[0].message.content]),
  };
}, 4));
