// The npm package `openai`, unmodified, through maskit and straight against
// the same upstream: both must tell the app the same.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import OpenAI from "openai";
import {
  checkReceipt, checkUpstream, contact, fix, gone, mail, parse, result, same, streamed, take, value, whole,
} from "./harness.mjs";

const client = (root) => new OpenAI({ baseURL: `${root}/v1`, apiKey: fix.key, maxRetries: 0 });
const direct = client(fix.direct);
const masked = client(fix.maskit);

const user = [{ role: "user", content: fix.text }];
const tool = (name, parameters) => ({ type: "function", function: { name, parameters } });

// json: the answer's content is JSON.
const conversations = {
  text: {
    messages: [{ role: "system", content: `You repeat: ${fix.text}` }, ...user],
    user: value("EMAIL_ADDRESS"),
  },
  "n of 2": { messages: user, n: 2 },
  tool: { messages: user, tools: [tool("look_up", contact)] },
  "two tools, n of 2": { messages: user, n: 2, tools: [tool("look_up", contact), tool("send_mail", mail)] },
  history: {
    messages: [
      ...user,
      {
        role: "assistant",
        tool_calls: [{
          id: "call_0_0", type: "function",
          function: { name: "look_up", arguments: JSON.stringify({ text: fix.text, list: [fix.text] }) },
        }],
      },
      { role: "tool", tool_call_id: "call_0_0", content: result },
      { role: "tool", tool_call_id: "call_0_0", content: fix.text },
    ],
    tools: [tool("look_up", contact)],
  },
  structured: {
    json: true,
    messages: user,
    response_format: { type: "json_schema", json_schema: { name: "contact", strict: true, schema: contact } },
  },
};

/** What the app gets to see; JSON inside strings is parsed, since only its meaning counts. */
function seen(completion, json) {
  return completion.choices.map(({ index, finish_reason, message }) => ({
    index,
    finish_reason,
    content: json ? parse(message.content, `content ${index}`) : message.content,
    calls: (message.tool_calls ?? []).map((call, i) => ({
      id: call.id,
      name: call.function.name,
      arguments: parse(call.function.arguments, `arguments ${index}.${i}`),
    })),
  }));
}

describe("whole", () => {
  for (const [name, { json, ...params }] of Object.entries(conversations)) {
    for (const model of whole) {
      test(`${name}/${model}`, async () => {
        const want = await direct.chat.completions.create({ model, ...params });
        await take();
        const { data, response } = await masked.chat.completions.create({ model, ...params }).withResponse();
        same(seen(data, json), seen(want, json));
        same(data.usage, want.usage, "usage");
        checkReceipt(response.headers);
        await checkUpstream();
      });
    }
  }
});

describe("streamed", () => {
  for (const [name, { json, ...params }] of Object.entries(conversations)) {
    for (const model of streamed) {
      test(`${name}/${model}`, async () => {
        const ask = (c) => c.chat.completions.stream({
          model, ...params, stream_options: { include_usage: true },
        });
        const want = await ask(direct).finalChatCompletion();
        await take();
        const stream = ask(masked);
        let pieces = "";
        stream.on("content", (piece) => { pieces += piece; });
        const got = await stream.finalChatCompletion();
        same(seen(got, json), seen(want, json));
        same(got.usage, want.usage, "usage");
        if (want.choices.length === 1) same(pieces, got.choices[0].message.content ?? "", "pieces");
        await checkUpstream();
      });
    }
  }

  test("the receipt comes with the head", async () => {
    const { data, response } = await masked.chat.completions
      .create({ model: "echo,cut=5", messages: user, stream: true }).withResponse();
    checkReceipt(response.headers);
    for await (const _ of data);
    await take();
  });
});

test("the error quotes the prompt", async () => {
  const ask = (c) => c.chat.completions.create({ model: "echo,error=400", messages: user });
  const failure = (promise) => promise.then(() => assert.fail("no error"), (e) => e);
  const want = await failure(ask(direct));
  await take();
  const got = await failure(ask(masked));
  assert.equal(got.constructor.name, want.constructor.name);
  same({ message: got.message, status: got.status, code: got.code, body: got.error },
    { message: want.message, status: want.status, code: want.code, body: want.error });
  await checkUpstream();
});

for (const model of ["echo,cut=5,die=boundary", "echo,cut=5,die=mid", "echo,cut=5,error=stream"]) {
  test(`the upstream fails in mid-stream: ${model}`, async () => {
    await take();
    const stream = await masked.chat.completions.create({ model, messages: user, stream: true });
    let text = "";
    await assert.rejects(async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? "";
    });
    assert.ok(text.includes(value("EMAIL_ADDRESS")), "the first value did not arrive");
    const sure = text.slice(0, -32); // at most a token's beginning stands at the end
    same(sure, `You wrote: ${fix.text}`.slice(0, sure.length), "what arrived");
    await checkUpstream();
  });
}

test("a client that leaves takes the upstream request with it", async () => {
  const stream = await masked.chat.completions.create({ model: "echo,silent=body", messages: user, stream: true });
  for await (const _ of stream) break; // leaves the loop and aborts
  const left = Date.now();
  const after = await gone() - left;
  assert.ok(after < 250, `the upstream request lived on for ${after} ms`);
  await take();
});
