// Agents of the npm package `langchain` over `@langchain/openai`, by chat
// completions and by Responses, through maskit and straight against the same
// upstream.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, providerStrategy, tool, toolStrategy } from "langchain";
import { z } from "zod";
import { compare, fix, some, value, whole } from "./harness.mjs";

const apis = { chat: false, Responses: true };
const models = [...whole, "echo,cut=5"];

const person = z.object({ to: z.string(), phone: z.string(), note: z.string(), lines: z.array(z.string()) });
const letter = z.object({ to: z.string(), body: z.object({ lines: z.array(z.string()) }) });

function agent(root, model, responses, more) {
  const given = [];
  const make = (name, schema, giveBack) => tool((input) => {
    given.push({ name, input });
    return giveBack(input);
  }, { name, description: `Not for ${value("EMAIL_ADDRESS")}`, schema });
  return {
    given,
    agent: createAgent({
      model: new ChatOpenAI({
        model, apiKey: fix.key, maxRetries: 0, useResponsesApi: responses, configuration: { baseURL: `${root}/v1` },
      }),
      systemPrompt: `You repeat: ${fix.text}`,
      tools: [
        make("look_up", person, (input) => JSON.stringify({ found: input })),
        make("send_mail", letter, () => fix.text),
      ],
      ...more,
    }),
  };
}

const user = { messages: [{ role: "user", content: fix.text }] };
// The ids of messages are made anew in each run.
const seen = ({ messages, structuredResponse }) => ({
  structured: structuredResponse,
  messages: messages.map((m) => ({ type: m.type, content: m.text, calls: m.tool_calls ?? [] })),
});
const sorted = (given) => given.sort((a, b) => a.name.localeCompare(b.name));

for (const [api, responses] of Object.entries(apis)) {
  describe(`agents over ${api}`, () => {
    for (const model of models) {
      test(`invoke/${model}`, () => compare(async (root, model) => {
        const { given, agent: a } = agent(root, model, responses);
        const end = seen(await a.invoke(user));
        assert.equal(end.messages.length, 5); // human, calls, two results, answer
        return { end, given: sorted(given) };
      }, model, { requests: 2 }));
    }

    for (const model of some) {
      test(`stream/${model}`, () => compare(async (root, model) => {
        const { given, agent: a } = agent(root, model, responses);
        let text = "", last;
        for await (const [mode, event] of await a.stream(user, { streamMode: ["messages", "values"] })) {
          if (mode === "values") last = event;
          else if (event[0].type === "ai") text += event[0].text;
        }
        return { text, end: seen(last), given: sorted(given) };
      }, model, { requests: 2 }));
    }

    for (const [name, strategy] of [["tool", toolStrategy], ["provider", providerStrategy]]) {
      test(`structured by ${name}`, async () => {
        const got = await compare(async (root, model) => {
          const { agent: a } = agent(root, model, responses, { tools: [], responseFormat: strategy(person) });
          return seen(await a.invoke(user)).structured;
        }, "echo");
        assert.equal(got.to, value("EMAIL_ADDRESS"));
      });
    }
  });
}
