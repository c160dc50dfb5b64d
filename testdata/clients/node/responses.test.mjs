// The Responses API of the npm package `openai`, unmodified, through maskit and
// straight against the same upstream.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import {
  checkUpstream, compare, compareFailures, contact, fix, mail, parse, result, same, streamed, take, value, whole,
} from "./harness.mjs";

const client = (root) => new OpenAI({ baseURL: `${root}/v1`, apiKey: fix.key, maxRetries: 0 });

const tool = (name, parameters) => ({ type: "function", name, description: `Not for ${value("EMAIL_ADDRESS")}`, parameters, strict: false });
const tools = [tool("look_up", contact), tool("send_mail", mail), { type: "custom", name: "shell", description: "Runs it." }];
const call = { type: "function_call", call_id: "call_0_0", name: "look_up", arguments: JSON.stringify({ text: fix.text, list: [fix.text] }) };

// json: the answer's text is JSON.
const conversations = {
  text: {
    input: fix.text, instructions: `You repeat what ${value("EMAIL_ADDRESS")} says: ${fix.text}`,
    metadata: { customer: value("EMAIL_ADDRESS") },
  },
  parts: {
    input: [
      { role: "developer", content: `Mind ${value("IBAN_CODE")}.` },
      { role: "user", content: [{ type: "input_text", text: "First this." }, { type: "input_text", text: fix.text }] },
    ],
  },
  tools: { input: fix.text, tools },
  history: {
    input: [
      { role: "user", content: fix.text }, call, { type: "function_call_output", call_id: "call_0_0", output: result },
      { ...call, call_id: "call_0_1" }, { type: "function_call_output", call_id: "call_0_1", output: fix.text },
    ],
    tools,
  },
  structured: {
    json: true, input: fix.text,
    text: { format: { type: "json_schema", name: "contact", strict: true, schema: contact } },
  },
};
const more = { thinking: "think", "thinking before tools": "think", citing: "cite" };
conversations.thinking = conversations.text;
conversations["thinking before tools"] = conversations.tools;
conversations.citing = conversations.text;

/** What the app gets to see; JSON inside strings is parsed, since only its meaning counts. */
function seen(response, json) {
  const { output, instructions, metadata, usage, status } = response;
  return {
    instructions, metadata, status, total: usage.total_tokens,
    tools: response.tools.map((t) => t.description),
    output: output.map((item) => ({
      type: item.type,
      name: item.name,
      summary: item.summary?.map((part) => part.text),
      input: item.input,
      arguments: item.arguments && parse(item.arguments, "arguments"),
      content: item.content?.map(({ text, annotations }) => ({
        text: json ? parse(text, "content") : text, titles: annotations.map((a) => a.title),
      })),
    })),
  };
}

describe("whole", () => {
  for (const [name, { json, ...params }] of Object.entries(conversations)) {
    for (const model of whole) {
      test(`${name}/${model}`, () => compare(async (root, model) => {
        if (more[name]) model += `,${more[name]}`;
        return seen(await client(root).responses.create({ model, ...params }), json);
      }, model));
    }
  }

  test("parsed", async () => {
    const person = z.object({ to: z.string(), phone: z.string(), note: z.string(), lines: z.array(z.string()) });
    const got = await compare(async (root, model) => (await client(root).responses.parse({
      model, input: fix.text, text: { format: zodTextFormat(person, "person") },
    })).output_parsed, "echo");
    assert.equal(got.to, value("EMAIL_ADDRESS"));
  });
});

/**
 * Puts the deltas of each text together, and gathers all that repeats them: the
 * five places must agree.
 */
function gather(events) {
  const pieces = {}, repeats = {};
  const say = (key, kind, text) => (repeats[`${key} ${kind}`] ??= []).push(text);
  const item = (i, it) => {
    for (const part of it.content ?? []) say(i, "output_text", part.text);
    for (const part of it.summary ?? []) say(i, "reasoning_summary_text", part.text);
    if (it.arguments) say(i, "function_call_arguments", it.arguments);
    if (it.input) say(i, "custom_tool_call_input", it.input);
  };
  let last = -1, completed;
  for (const e of events) {
    assert.ok(e.sequence_number > last, "sequence_number does not rise");
    last = e.sequence_number;
    const [, kind, what] = e.type.split(".");
    const at = `${e.output_index} ${kind}`;
    if (what === "delta") pieces[at] = (pieces[at] ?? "") + e.delta;
    if (what === "done") {
      if (kind === "output_item") item(e.output_index, e.item);
      else if (kind === "content_part") say(e.output_index, "output_text", e.part.text);
      else if (kind === "reasoning_summary_part") say(e.output_index, "reasoning_summary_text", e.part.text);
      else say(e.output_index, kind, e.text ?? e.arguments ?? e.input);
    }
    if (e.type === "response.completed") {
      completed = e.response;
      completed.output.forEach((it, i) => item(i, it));
    }
  }
  for (const [key, texts] of Object.entries(repeats)) {
    assert.ok(texts.length >= 3, `${key} is said ${texts.length} times`);
    texts.forEach((text, i) => same(pieces[key] ?? "", text, `${key}: pieces, and repeat ${i}`));
  }
  return { completed, texts: Object.keys(repeats).length };
}

describe("case 30: streamed, all places agree", () => {
  for (const [name, { json, ...params }] of Object.entries(conversations)) {
    for (const model of streamed) {
      test(`${name}/${model}`, () => compare(async (root, model) => {
        if (more[name]) model += `,${more[name]}`;
        const events = [];
        for await (const e of await client(root).responses.create({ model, ...params, stream: true })) events.push(e);
        const { completed, texts } = gather(events);
        return { response: seen(completed, json), texts, created: events[0].response.instructions };
      }, model));
    }
  }

  test("the SDK's own gathering", () => compare(async (root, model) => {
    const stream = client(root).responses.stream({ model, ...conversations.tools });
    return seen(await stream.finalResponse());
  }, "echo,cut=5,think"));
});

for (const model of ["echo,think", "echo,cut=5,think"]) {
  test(`reasoning items come back to the provider as they were: ${model}`, async () => {
    const ask = async (root) => {
      const c = client(root);
      const first = await c.responses.stream({ model, input: fix.text, tools }).finalResponse();
      const calls = first.output.filter((it) => it.call_id);
      const outputs = calls.map((it) => ({
        type: it.type === "custom_tool_call" ? "custom_tool_call_output" : "function_call_output",
        call_id: it.call_id, output: it.arguments ?? it.input,
      }));
      // The SDK adds members of its own that the API does not take.
      const output = first.output.map(({ parsed_arguments, ...it }) => it);
      const second = await c.responses.create({ model, input: [{ role: "user", content: fix.text }, ...output, ...outputs], tools });
      return seen(second);
    };
    await compare(ask, model, { requests: 2 });
  });
}

const quoted = ({ message, status, code }) => ({ message, status, code });
test("case 8: the error quotes the prompt", () => compareFailures(
  (root, model) => client(root).responses.create({ model, input: fix.text }), "echo,error=400", quoted));
test("case 8: so does an error in mid-stream", () => compareFailures(async (root, model) => {
  for await (const e of await client(root).responses.create({ model, input: fix.text, stream: true })) {
    if (e.type === "error") throw new Error(e.message);
  }
}, "echo,cut=5,error=stream", quoted));

describe("embeddings", () => {
  test("equal texts have equal vectors", async () => {
    const c = client(fix.maskit);
    await take();
    const one = await c.embeddings.create({ model: "echo", input: fix.text, user: value("EMAIL_ADDRESS") });
    await checkUpstream();
    const two = await c.embeddings.create({ model: "echo", input: ["Another.", fix.text], encoding_format: "float" });
    await checkUpstream();
    assert.equal(two.data.length, 2);
    assert.deepEqual(two.data[1].embedding, Array.from(one.data[0].embedding));
    assert.notDeepEqual(two.data[0].embedding, two.data[1].embedding);
  });
});

describe("legacy completions", () => {
  const texts = (completion) => completion.choices.map((c) => c.text);
  const prompt = [fix.text, `Then: ${fix.text}`];
  test("whole", () => compare(async (root, model) => texts(await client(root).completions.create({ model, prompt })), "echo"));
  for (const model of streamed) {
    test(`streamed/${model}`, () => compare(async (root, model) => {
      const all = ["", ""];
      for await (const piece of await client(root).completions.create({ model, prompt, stream: true })) {
        for (const c of piece.choices) all[c.index] += c.text;
      }
      return all;
    }, model));
  }
});
