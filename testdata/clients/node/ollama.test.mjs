// The npm package `ollama`, unmodified, through maskit and straight against the
// same upstream.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ollama } from "ollama";
import {
  checkUpstream, compare, compareFailures, contact, fix, mail, parse, result, same, streamed, take, value, whole,
} from "./harness.mjs";

const client = (root) => new Ollama({ host: root, headers: { Authorization: `Bearer ${fix.key}` } });

const user = [{ role: "system", content: `You repeat: ${fix.text}` }, { role: "user", content: fix.text }];
const tool = (name, parameters) => ({ type: "function", function: { name, description: `Not for ${value("EMAIL_ADDRESS")}`, parameters } });
const tools = [tool("look_up", contact), tool("send_mail", mail)];

// json: the answer's text is JSON; manner: how it is answered.
const chats = {
  text: { messages: user },
  "case 33: tools": { messages: user, tools },
  "case 35: history": {
    tools,
    messages: [
      ...user,
      { role: "assistant", content: "", tool_calls: [{ function: { name: "look_up", arguments: { text: fix.text, list: [fix.text] } } }] },
      { role: "tool", tool_name: "look_up", content: result },
      { role: "tool", tool_name: "look_up", content: fix.text },
    ],
  },
  structured: { json: true, messages: user, format: contact },
  thinking: { manner: ",think", messages: user, think: true },
  "thinking before tools": { manner: ",think", messages: user, tools, think: true },
};
const prompts = {
  text: { prompt: fix.text, system: `You repeat: ${fix.text}` },
  structured: { json: true, prompt: fix.text, format: contact },
  thinking: { manner: ",think", prompt: fix.text, think: true },
};

/** What the app gets to see of answers that make one. */
function seen(answers, json) {
  let text = "", thought = "";
  const calls = [];
  for (const { message: m, response, thinking } of answers) {
    text += m?.content ?? response ?? "";
    thought += m?.thinking ?? thinking ?? "";
    calls.push(...(m?.tool_calls ?? []));
  }
  const { done, done_reason, eval_count } = answers.at(-1);
  return { text: json ? parse(text, "text") : text, thought, calls, done, done_reason, eval_count };
}
const gather = async (stream) => {
  const all = [];
  for await (const answer of stream) all.push(answer);
  return all;
};

for (const [call, conversations] of [["chat", chats], ["generate", prompts]]) {
  describe(`${call}, whole`, () => {
    for (const [name, { json, manner, ...params }] of Object.entries(conversations)) {
      for (const model of whole) {
        test(`${name}/${model}`, () => compare(async (root, model) =>
          seen([await client(root)[call]({ model: model + (manner ?? ""), ...params })], json), model));
      }
    }
  });

  describe(`${call}, streamed`, () => {
    for (const [name, { json, manner, ...params }] of Object.entries(conversations)) {
      for (const model of streamed) {
        test(`${name}/${model}`, () => compare(async (root, model) => seen(
          await gather(await client(root)[call]({ model: model + (manner ?? ""), ...params, stream: true })), json), model));
      }
    }
  });
}

test("equal texts have equal vectors", async () => {
  const c = client(fix.maskit);
  await take();
  const { embeddings: [one] } = await c.embed({ model: "echo", input: fix.text });
  await checkUpstream();
  const { embeddings: [other, two] } = await c.embed({ model: "echo", input: ["Another.", fix.text] });
  await checkUpstream();
  same(two, one, "vector");
  assert.notDeepEqual(other, one);
});

const quoted = ({ message, status_code }) => ({ message, status_code });
test("case 8: the error quotes the prompt", () => compareFailures(
  (root, model) => client(root).chat({ model, messages: user }), "echo,error=400", quoted));
test("case 8: so does an error in mid-stream", () => compareFailures(
  async (root, model) => gather(await client(root).chat({ model, messages: user, stream: true })),
  "echo,cut=5,error=stream", quoted));
