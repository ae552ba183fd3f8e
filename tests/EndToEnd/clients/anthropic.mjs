// What a user's program does with @anthropic-ai/sdk, unmodified: only base URL and key are ours. Prints a JSON line for each check;
// ends with 1 when one failed. The gateway under test has the echo model, a default agent, and a provider 'flaky' that is rate limited twice.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";

const { BASE_URL: base, API_KEY: apiKey } = process.env;
const baseURL = base.replace(/\/v1$/, "");
let sent = 0;
const countingFetch = (...request) => {
  sent++;
  return fetch(...request);
};
const client = new Anthropic({ baseURL, apiKey, authToken: null, maxRetries: 0, timeout: 30_000 });
const retrying = (options) => new Anthropic({ baseURL, apiKey, authToken: null, maxRetries: 3, timeout: 30_000, fetch: countingFetch, ...options });
const hello = { model: "openclaw", max_tokens: 100, messages: [{ role: "user", content: "Hello there" }] };
const tools = [
  {
    name: "get_weather",
    description: "The weather of a city.",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];
const question = { ...hello, tools, messages: [{ role: "user", content: "Call get_weather for Oslo" }] };

async function check(name, test) {
  try {
    await test();
    console.log(JSON.stringify({ check: name, ok: true }));
  } catch (failure) {
    console.log(JSON.stringify({ check: name, ok: false, error: failure.stack }));
    process.exitCode = 1;
  }
}

await check("messages.create", async () => {
  const { data, response, request_id } = await client.messages.create(hello).withResponse();
  assert.equal(data.type, "message");
  assert.equal(data.model, "openclaw");
  assert.deepEqual(data.content.map((block) => block.text), ["Hello there"]);
  assert.equal(data.stop_reason, "end_turn");
  assert.ok(data.usage.input_tokens > 0 && data.usage.output_tokens > 0);
  assert.match(request_id, /^req_/);
  assert.equal(response.headers.get("request-id"), request_id);
});

await check("messages.auth-token", async () => {
  const bearer = new Anthropic({ baseURL, apiKey: null, authToken: apiKey, maxRetries: 0 });
  assert.equal((await bearer.messages.create(hello)).content[0].text, "Hello there");
});

await check("messages.stream", async () => {
  const events = [];
  for await (const event of await client.messages.create({ ...hello, stream: true })) events.push(event.type);
  assert.equal(events[0], "message_start");
  assert.deepEqual(events.slice(-3), ["content_block_stop", "message_delta", "message_stop"]);
});

await check("messages.stream.helper", async () => {
  const pieces = [];
  const stream = client.messages.stream(hello).on("text", (text) => pieces.push(text));
  const message = await stream.finalMessage();
  assert.equal(pieces.join(""), "Hello there");
  assert.equal(message.content[0].text, "Hello there");
  assert.equal(message.stop_reason, "end_turn");
  assert.ok(message.usage.input_tokens > 0, "usage of message_delta counts");
});

await check("messages.stop-sequence", async () => {
  const message = await client.messages.create({ ...hello, stop_sequences: [" there"] });
  assert.deepEqual([message.content[0].text, message.stop_reason, message.stop_sequence], ["Hello", "stop_sequence", " there"]);
});

await check("tools.loop", async () => {
  const asked = await client.messages.create(question);
  assert.equal(asked.stop_reason, "tool_use");
  const call = asked.content.find((block) => block.type === "tool_use");
  assert.deepEqual([call.name, call.input], ["get_weather", { city: "Oslo" }]);
  const result = { type: "tool_result", tool_use_id: call.id, content: [{ type: "text", text: "12 degrees" }] };
  const messages = [...question.messages, { role: "assistant", content: asked.content }, { role: "user", content: [result] }];
  const answer = await client.messages.create({ ...question, messages });
  assert.equal(answer.stop_reason, "end_turn");
  assert.match(answer.content[0].text, /12 degrees/);
});

await check("tools.runner", async () => {
  const runner = client.beta.messages.toolRunner({ ...question, tools: [{ ...tools[0], parse: (input) => input, run: async ({ city }) => `${city}: 12 degrees` }] });
  assert.match((await runner).content[0].text, /Oslo: 12 degrees/);
});

await check("tools.stream", async () => {
  const message = await client.messages.stream({ ...question, tool_choice: { type: "tool", name: "get_weather" } }).finalMessage();
  assert.equal(message.stop_reason, "tool_use");
  assert.deepEqual(message.content[0].input, { city: "Oslo" });
});

await check("count-tokens", async () => {
  const { model, messages } = hello;
  const few = await client.messages.countTokens({ model, messages });
  const more = await client.messages.countTokens({ model, messages, tools, system: "Be brief." });
  assert.ok(few.input_tokens > 0 && more.input_tokens > few.input_tokens);
});

await check("error.authentication", async () => {
  sent = 0;
  await assert.rejects(retrying({ apiKey: "wrong" }).messages.create(hello), (error) => {
    assert.ok(error instanceof Anthropic.AuthenticationError);
    assert.equal(error.error.error.type, "authentication_error");
    return true;
  });
  assert.equal(sent, 1);
});

await check("error.unknown-model", async () => {
  await assert.rejects(client.messages.create({ ...hello, model: "nobody" }), Anthropic.NotFoundError);
});

await check("error.bad-request", async () => {
  await assert.rejects(client.messages.create({ ...hello, messages: [] }), (error) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.match(error.message, /messages/);
    assert.match(error.requestID, /^req_/);
    return true;
  });
});

await check("error.retried", async () => {
  sent = 0;
  const message = await retrying().messages.create({ ...hello, model: "flaky/m" });
  assert.equal(message.content[0].text, "Hello there");
  assert.equal(sent, 3);
});
