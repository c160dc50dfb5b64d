// @langchain/openai with nothing changed but `configuration.baseURL`, through
// maskit and straight against the same upstream.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";
import { checkUpstream, contact, fix, mail, same, streamed, take, whole } from "./harness.mjs";

const chat = (root, model, more) => new ChatOpenAI({
  model, apiKey: fix.key, maxRetries: 0, ...more, configuration: { baseURL: `${root}/v1` },
});

const user = [new SystemMessage("You repeat what is said."), new HumanMessage(fix.text)];
const history = [
  new HumanMessage(fix.text),
  new AIMessage({ content: "", tool_calls: [{ id: "call_0_0", name: "look_up", args: { text: fix.text } }] }),
  new ToolMessage({ content: fix.text, tool_call_id: "call_0_0" }),
];
const tools = [["look_up", contact], ["send_mail", mail]]
  .map(([name, parameters]) => ({ type: "function", function: { name, parameters } }));
const person = z.object({ to: z.string(), phone: z.string(), note: z.string(), lines: z.array(z.string()) });

// Each row asks a model and returns what the app sees of the answer.
const seen = (m) => ({ content: m.content, calls: m.tool_calls ?? [], wrong: m.invalid_tool_calls ?? [] });
const gather = async (stream) => {
  let all;
  for await (const piece of stream) all = all ? all.concat(piece) : piece;
  return seen(all);
};
const invoked = {
  invoke: async (m) => seen(await m.invoke(user)),
  "invoke with history": async (m) => seen(await m.invoke(history)),
  "bound tools": async (m) => seen(await m.bindTools(tools).invoke(user)),
  "structured by schema": (m) => m.withStructuredOutput(person, { name: "person", method: "jsonSchema" }).invoke(user),
  "structured by tool": (m) => m.withStructuredOutput(person, { name: "person", method: "functionCalling" }).invoke(user),
};
const streaming = {
  stream: async (m) => gather(await m.stream(user)),
  "streamed tools": async (m) => gather(await m.bindTools(tools).stream(user)),
};

async function compare(ask, model, more) {
  const want = await ask(chat(fix.direct, model, more));
  await take();
  const got = await ask(chat(fix.maskit, model, more));
  same(got, want);
  await checkUpstream();
  return got;
}

describe("invoked", () => {
  for (const [name, ask] of Object.entries(invoked)) {
    for (const model of whole) test(`${name}/${model}`, () => compare(ask, model));
  }

  test("n of 2", async () => {
    const texts = await compare(async (m) => {
      const { generations } = await m.generate([user]);
      return generations[0].map((g) => g.text);
    }, "echo", { n: 2 });
    assert.equal(texts.length, 2);
  });
});

describe("streamed", () => {
  for (const [name, ask] of Object.entries(streaming)) {
    for (const model of streamed) test(`${name}/${model}`, () => compare(ask, model));
  }

  test("structured by schema", () => compare(async (m) => {
    let last;
    const structured = m.withStructuredOutput(person, { name: "person", method: "jsonSchema" });
    for await (const value of await structured.stream(user)) last = value;
    return last;
  }, "echo,cut=5"));

  test("n of 2", async () => {
    const texts = await compare(async (m) => {
      const choices = ["", ""];
      for await (const event of m.streamEvents(user, { version: "v2" })) {
        if (event.event !== "on_chat_model_stream") continue;
        const index = event.data.chunk.response_metadata?.completion ?? 0;
        choices[index] += event.data.chunk.content;
      }
      return choices;
    }, "echo,cut=5", { n: 2 });
    assert.ok(texts.join("").length > 2 * fix.text.length, "two texts arrive");
  });
});
