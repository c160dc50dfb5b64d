// The npm package `ai` with `@ai-sdk/openai`, over both of its APIs, and
// `@ai-sdk/anthropic`, with nothing changed but `baseURL`, through maskit and
// straight against the same upstream.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import { checkSigned, compare, contact, fix, mail, parse, some, streamed, value, whole } from "./harness.mjs";

const settings = (root) => ({ baseURL: `${root}/v1`, apiKey: fix.key });
const providers = {
  "OpenAI's Responses": (root, model) => createOpenAI(settings(root)).responses(model),
  "OpenAI's chat": (root, model) => createOpenAI(settings(root)).chat(model),
  Anthropic: (root, model) => createAnthropic(settings(root))(model),
};

const person = z.object({ to: z.string(), phone: z.string(), note: z.string(), lines: z.array(z.string()) });
const user = { instructions: `You repeat: ${fix.text}`, messages: [{ role: "user", content: fix.text }], maxRetries: 0 };
const history = {
  messages: [
    ...user.messages,
    { role: "assistant", content: [{ type: "tool-call", toolCallId: "call_0_0", toolName: "look_up", input: { text: fix.text, list: [fix.text] } }] },
    { role: "tool", content: [{ type: "tool-result", toolCallId: "call_0_0", toolName: "look_up", output: { type: "text", value: fix.text } }] },
    { role: "user", content: fix.text },
  ],
};

/** Tools that note what they are given. */
function tools(given, giveBack = () => fix.text) {
  const make = (name, schema) => tool({
    description: `Not for ${value("EMAIL_ADDRESS")}`, inputSchema: jsonSchema(schema),
    execute: (input) => {
      given.push({ name, input });
      return giveBack(input);
    },
  });
  return { look_up: make("look_up", contact), send_mail: make("send_mail", mail) };
}

// Each row asks a model twice, whole and streamed; got resolves what is awaited.
const seen = async (r) => ({ text: await r.text, finish: await r.finishReason });
const conversations = {
  text: { ask: (run, model) => run({ model, ...user }, seen) },
  "case 35: history": {
    ask: (run, model) => run({ model, ...user, ...history }, seen),
  },
  "an agent's two steps": {
    requests: 2,
    ask: async (run, model) => {
      const given = [];
      const last = await run({ model, ...user, tools: tools(given), stopWhen: stepCountIs(2) }, seen);
      // Which of two parallel tools comes first is nobody's promise.
      given.sort((a, b) => a.name.localeCompare(b.name));
      assert.equal(given.length, 2);
      return { given, last };
    },
  },
  structured: {
    ask: (run, model) => run({ model, ...user, output: Output.object({ schema: person }) }, (r) => r.output),
  },
};

const generate = async (params, pick) => pick(await generateText(params));
const stream = async (params, pick) => {
  let failure;
  const r = streamText({ ...params, onError: ({ error }) => { failure = error; } });
  let pieces = "";
  for await (const piece of r.textStream) pieces += piece;
  if (failure) throw failure;
  return { pieces: params.output ? parse(pieces, "pieces") : pieces, last: await pick(r) };
};

for (const [provider, make] of Object.entries(providers)) {
  for (const [name, { ask, requests }] of Object.entries(conversations)) {
    describe(`${provider}: ${name}`, () => {
      for (const model of whole) {
        test(`whole/${model}`, () => compare((root, model) => ask(generate, make(root, model)), model, { requests }));
      }
      for (const model of name === "text" ? streamed : some) {
        test(`streamed/${model}`, () => compare((root, model) => ask(stream, make(root, model)), model, { requests }));
      }
    });
  }
}

// A value in a tool's result that is JSON gets the token of the value itself,
// not of its spelling in JSON. Where the model quotes that JSON amid prose,
// which is no JSON, the value comes back as it is, without backslashes.
for (const [provider, make] of Object.entries(providers)) {
  test(`${provider}: the model quotes a result that is JSON`, () => compare(async (root, model) => {
    const { text } = await generateText({
      model: make(root, model), ...user, tools: tools([], (input) => ({ found: input })), stopWhen: stepCountIs(2),
    });
    return text.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll("\\", "");
  }, "echo", { requests: 2 }));
}

// What was sealed goes back in the second step; the upstream refuses another.
for (const [provider, make] of Object.entries(providers).filter(([name]) => name !== "OpenAI's chat")) {
  for (const [how, run, model] of [["whole", generate, "echo,think"], ["streamed", stream, "echo,cut=5,think"]]) {
    test(`case 40: ${provider}: an agent that thinks, ${how}`, () => compare(async (root, model) => {
      const given = [];
      const last = await run({ model: make(root, model), ...user, tools: tools(given), stopWhen: stepCountIs(2) }, async (r) => {
        const steps = await r.steps;
        assert.equal(steps.length, 2);
        if (provider === "Anthropic" && root === fix.maskit) checkSigned(steps[0].reasoningText);
        return seen(r);
      });
      return { given: given.length, last };
    }, model, { requests: 2 }));
  }
}
