// The npm package `@google/genai`, unmodified, through maskit and straight
// against the same upstream.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GoogleGenAI, Type } from "@google/genai";
import {
  checkUpstream, compare, compareFailures, contact, fix, mail, parse, result, same, streamed, take, value, whole,
} from "./harness.mjs";

const client = (root) => new GoogleGenAI({ apiKey: fix.key, httpOptions: { baseUrl: root } });

const tools = [{ functionDeclarations: [
  { name: "look_up", description: `Not for ${value("EMAIL_ADDRESS")}`, parametersJsonSchema: contact },
  { name: "send_mail", description: "Sends it.", parametersJsonSchema: mail },
] }];
const typed = { type: Type.OBJECT, properties: { to: { type: Type.STRING }, all: { type: Type.STRING } }, required: ["to", "all"] };

// json: the answer's text is JSON; manner: how it is answered.
const conversations = {
  text: { contents: fix.text, config: { systemInstruction: `You repeat: ${fix.text}` } },
  parts: { contents: [{ role: "user", parts: [{ text: "First this." }, { text: fix.text }] }] },
  "case 33: tools": { contents: fix.text, config: { tools } },
  "case 35: history": {
    contents: [
      { role: "user", parts: [{ text: fix.text }] },
      { role: "model", parts: [{ functionCall: { name: "look_up", args: { text: fix.text, list: [fix.text] } } }] },
      { role: "user", parts: [{ functionResponse: { name: "look_up", response: { output: result } } }] },
      { role: "user", parts: [{ functionResponse: { name: "look_up", response: { output: fix.text } } }] },
    ],
    config: { tools },
  },
  structured: { json: true, contents: fix.text, config: { responseMimeType: "application/json", responseSchema: typed } },
  "structured by JSON Schema": { json: true, contents: fix.text, config: { responseMimeType: "application/json", responseJsonSchema: contact } },
  thinking: { manner: ",think", contents: fix.text },
  "thinking before tools": { manner: ",think", contents: fix.text, config: { tools } },
};

/** What the app gets to see of answers that make one; seals are another's. */
function seen(answers, json) {
  let text = "", thought = "";
  const calls = [], finish = [];
  for (const { candidates } of answers) {
    finish.push(...candidates.map((c) => c.finishReason ?? ""));
    for (const part of candidates.flatMap((c) => c.content?.parts ?? [])) {
      if (part.functionCall) calls.push(part.functionCall);
      else if (part.thought) thought += part.text;
      else text += part.text ?? "";
    }
  }
  return { text: json ? parse(text, "text") : text, thought, calls, finish: finish.join("") };
}
const gather = async (stream) => {
  const all = [];
  for await (const answer of stream) all.push(answer);
  return all;
};

describe("whole", () => {
  for (const [name, { json, manner, ...params }] of Object.entries(conversations)) {
    for (const model of whole) {
      test(`${name}/${model}`, () => compare(async (root, model) =>
        seen([await client(root).models.generateContent({ model: model + (manner ?? ""), ...params })], json), model));
    }
  }

  test("two candidates", async () => {
    const got = await compare(async (root, model) => {
      const { candidates } = await client(root).models.generateContent({ model, contents: fix.text, config: { candidateCount: 2 } });
      return candidates.map((c) => c.content.parts[0].text);
    }, "echo");
    assert.equal(got.length, 2);
  });
});

describe("streamed", () => {
  for (const [name, { json, manner, ...params }] of Object.entries(conversations)) {
    for (const model of streamed) {
      test(`${name}/${model}`, () => compare(async (root, model) => seen(
        await gather(await client(root).models.generateContentStream({ model: model + (manner ?? ""), ...params })), json), model));
    }
  }

  test("case 22: two candidates that take turns", async () => {
    const got = await compare(async (root, model) => {
      const texts = ["", ""];
      for await (const { candidates } of await client(root).models.generateContentStream({
        model, contents: fix.text, config: { candidateCount: 2 },
      })) {
        for (const c of candidates) for (const part of c.content?.parts ?? []) texts[c.index ?? 0] += part.text ?? "";
      }
      return texts;
    }, "echo,cut=5");
    assert.ok(got[1].length > got[0].length, "two texts arrive");
  });
});

// The upstream refuses a part whose text or call is no longer what it has sealed.
for (const [model, send] of [
  ["echo,think", (chat, message) => chat.sendMessage({ message })],
  ["echo,cut=5", async (chat, message) => {
    const parts = [];
    for await (const answer of await chat.sendMessageStream({ message })) parts.push(...answer.candidates.flatMap((c) => c.content?.parts ?? []));
    return { candidates: [{ content: { parts } }] };
  }],
]) {
  test(`a chat hands back what was sealed as it was: ${model}`, () => compare(async (root) => {
    const chat = client(root).chats.create({ model, config: { tools } });
    const { calls } = seen([await send(chat, fix.text)]);
    assert.equal(calls.length, 2);
    return seen([await send(chat, calls.map((c) => ({
      functionResponse: { id: c.id, name: c.name, response: { output: fix.text } },
    })))]);
  }, model, { requests: 2 }));
}

test("the tokens of a prompt are counted", async () => {
  await take();
  const { totalTokens } = await client(fix.maskit).models.countTokens({ model: "echo", contents: fix.text });
  assert.ok(totalTokens > 0);
  await checkUpstream();
});

test("equal texts have equal vectors", async () => {
  const c = client(fix.maskit);
  await take();
  const embed = async (contents) => (await c.models.embedContent({ model: "echo", contents })).embeddings.map((e) => e.values);
  const [one] = await embed(fix.text);
  await checkUpstream();
  const [other, two] = await embed(["Another.", fix.text]);
  await checkUpstream();
  same(two, one, "vector");
  assert.notDeepEqual(other, one);
});

const quoted = ({ message, status }) => ({ message, status });
test("case 8: the error quotes the prompt", () => compareFailures(
  (root, model) => client(root).models.generateContent({ model, contents: fix.text }), "echo,error=400", quoted));
test("case 8: so does an error in mid-stream", () => compareFailures(
  async (root, model) => gather(await client(root).models.generateContentStream({ model, contents: fix.text })),
  "echo,cut=5,error=stream", quoted));

// No SDK asks for it, but who leaves out alt=sse gets one array.
for (const model of streamed.filter((m) => !m.endsWith("nodone"))) {
  test(`a stream as one array/${model}`, () => compare(async (root, model) => {
    const resp = await fetch(`${root}/v1beta/models/${model}:streamGenerateContent`, {
      method: "POST", headers: { "content-type": "application/json", "x-goog-api-key": fix.key },
      body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: fix.text }] }] }),
    });
    assert.equal(resp.status, 200);
    return seen(parse(await resp.text(), "the array"));
  }, model));
}
