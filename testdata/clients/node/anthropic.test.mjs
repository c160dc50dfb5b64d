// The npm package `@anthropic-ai/sdk`, unmodified, through maskit and straight
// against the same upstream.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import {
  checkSigned, checkUpstream, compare, compareFailures, contact, fix, mail, parse, result, streamed, take, value, whole,
} from "./harness.mjs";

const client = (root) => new Anthropic({ baseURL: root, apiKey: fix.key, maxRetries: 0 });

const user = [{ role: "user", content: fix.text }];
const tool = (name, input_schema) => ({ name, description: `Not for ${value("EMAIL_ADDRESS")}`, input_schema });
const tools = [tool("look_up", contact), tool("send_mail", mail)];

// json: the answer's text is JSON; manner: how it is answered.
const conversations = {
  text: { system: `You repeat: ${fix.text}`, messages: user, metadata: { user_id: value("EMAIL_ADDRESS") } },
  blocks: {
    system: [{ type: "text", text: fix.text, cache_control: { type: "ephemeral" } }],
    messages: [{ role: "user", content: [
      { type: "document", title: `Of ${value("EMAIL_ADDRESS")}`, source: { type: "text", media_type: "text/plain", data: fix.text } },
      { type: "text", text: fix.text },
    ] }],
  },
  "case 33 and 34: tools": { messages: user, tools },
  "case 35: history": {
    tools,
    messages: [
      ...user,
      { role: "assistant", content: [
        { type: "text", text: fix.text },
        { type: "tool_use", id: "call_0_0", name: "look_up", input: { text: fix.text, list: [fix.text] } },
      ] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "call_0_0", content: result }] },
      { role: "assistant", content: [{ type: "tool_use", id: "call_0_1", name: "look_up", input: { text: fix.text } }] },
      { role: "user", content: [
        { type: "tool_result", tool_use_id: "call_0_1", content: [{ type: "text", text: fix.text }] },
      ] },
    ],
  },
  structured: { json: true, messages: user, output_config: { format: { type: "json_schema", schema: contact } } },
  thinking: { manner: ",think", messages: user },
  "thinking before tools": { manner: ",think", messages: user, tools },
  "case 54: citing": { manner: ",cite", messages: user },
};

/**
 * What the app gets to see. Signed thinking is not restored, so all that is
 * told of it is that it came; JSON inside strings is parsed.
 */
function seen(message, root, json) {
  return {
    stop: message.stop_reason,
    usage: message.usage.output_tokens > 0,
    content: message.content.map((b) => {
      switch (b.type) {
        case "thinking":
          if (root === fix.maskit) checkSigned(b.thinking);
          return { thinking: b.signature.length };
        case "text":
          return {
            text: json ? parse(b.text, "text") : b.text,
            cited: b.citations?.map((c) => ({ text: c.cited_text, title: c.document_title })) ?? [],
          };
      }
      return b;
    }),
  };
}

const params = ({ json, manner, ...rest }, model) => ({ ...rest, max_tokens: 1000, model: model + (manner ?? "") });

describe("whole", () => {
  for (const [name, c] of Object.entries(conversations)) {
    for (const model of whole) {
      test(`${name}/${model}`, () => compare(async (root, model) =>
        seen(await client(root).messages.create(params(c, model)), root, c.json), model));
    }
  }

  test("parsed", async () => {
    const person = z.object({ to: z.string(), phone: z.string(), note: z.string(), lines: z.array(z.string()) });
    const got = await compare(async (root, model) => (await client(root).messages.parse({
      model, max_tokens: 1000, messages: user, output_config: { format: zodOutputFormat(person) },
    })).parsed_output, "echo");
    assert.equal(got.to, value("EMAIL_ADDRESS"));
  });

  test("the tokens of a prompt are counted", async () => {
    await take();
    const { input_tokens } = await client(fix.maskit).messages.countTokens({ model: "echo", messages: user, tools });
    assert.ok(input_tokens > 0);
    await checkUpstream();
  });
});

describe("streamed", () => {
  for (const [name, c] of Object.entries(conversations)) {
    for (const model of streamed) {
      test(`${name}/${model}`, () => compare(async (root, model) => {
        const stream = client(root).messages.stream(params(c, model));
        let pieces = "";
        stream.on("text", (piece) => { pieces += piece; });
        const message = await stream.finalMessage();
        const texts = message.content.filter((b) => b.type === "text").map((b) => b.text).join("");
        assert.ok(pieces === texts, "the pieces are not the text");
        return seen(message, root, c.json);
      }, model));
    }
  }
});

// Whoever alters a signed block is refused by the upstream, as by Anthropic.
for (const [model, stream] of [["echo,think", false], ["echo,cut=5,think", true], ["echo,cut=3,think,ascii", true]]) {
  test(`case 40: signed thinking comes back to the provider as it was: ${model}, stream ${stream}`, () =>
    compare(async (root) => {
      const c = client(root);
      const ask = async (messages) => {
        const p = { model, max_tokens: 1000, messages, tools };
        return stream ? c.messages.stream(p).finalMessage() : c.messages.create(p);
      };
      const { content } = await ask(user);
      assert.deepEqual(content.slice(0, 2).map((b) => b.type), ["thinking", "redacted_thinking"]);
      const results = content.filter((b) => b.type === "tool_use")
        .map((b) => ({ type: "tool_result", tool_use_id: b.id, content: b.input.all ?? b.input.to }));
      return seen(await ask([...user, { role: "assistant", content }, { role: "user", content: [
        ...results, { type: "text", text: fix.text },
      ] }]), root);
    }, model, { requests: 2 }));
}

for (const stream of [false, true]) {
  test(`the tool runner, stream ${stream}`, () => compare(async (root, model) => {
    const given = [];
    const runner = client(root).beta.messages.toolRunner({
      model, max_tokens: 1000, messages: user, stream,
      tools: [betaTool({
        name: "look_up", description: "Looks a person up.", inputSchema: contact,
        run: (input) => { given.push(input); return input.all; },
      })],
    });
    const last = await runner.runUntilDone();
    return { given, last: seen(last, root) };
  }, "echo,cut=5", { requests: 2 }));
}

const quoted = ({ message, status }) => ({ message, status });
test("case 8: the error quotes the prompt", () => compareFailures(
  (root, model) => client(root).messages.create({ model, max_tokens: 10, messages: user }), "echo,error=400", quoted));
test("case 8: so does an error in mid-stream", () => compareFailures(
  (root, model) => client(root).messages.stream({ model, max_tokens: 10, messages: user }).finalMessage(),
  "echo,cut=5,error=stream", quoted));

for (const model of ["echo,cut=5,die=boundary", "echo,cut=5,die=mid"]) {
  test(`case 24: the upstream dies in mid-stream: ${model}`, async () => {
    await take();
    const stream = await client(fix.maskit).messages.create({ model, max_tokens: 10, messages: user, stream: true });
    let text = "", stopped = false;
    await assert.rejects(async () => {
      for await (const e of stream) {
        text += e.delta?.text ?? "";
        stopped ||= e.type === "message_stop";
      }
    });
    assert.ok(!stopped, "the stream looks ended");
    assert.ok(text.includes(value("EMAIL_ADDRESS")), "the first value did not arrive");
    await checkUpstream();
  });
}
