// What a user's program does with the openai package, unmodified: only base URL and key are ours. Prints a JSON line for each
// check; ends with 1 when one failed. The gateway under test has the echo model and a default agent.
import assert from "node:assert/strict";
import OpenAI from "openai";

const { BASE_URL: baseURL, API_KEY: apiKey } = process.env;
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 30_000 });
const run = Math.random().toString(36).slice(2);
const hello = [{ role: "user", content: "Hello there" }];
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather of a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false },
  },
};
const time = { type: "function", function: { name: "get_time", parameters: { type: "object", properties: { zone: { type: "string" } } } } };

async function check(name, test) {
  try {
    await test();
    console.log(JSON.stringify({ check: name, ok: true }));
  } catch (failure) {
    console.log(JSON.stringify({ check: name, ok: false, error: failure.stack }));
    process.exitCode = 1;
  }
}

const chat = (body) => client.chat.completions.create({ model: "openclaw", messages: hello, ...body });

function assertCall(call, name) {
  assert.equal(call.type, "function");
  assert.ok(call.id);
  assert.equal(call.function.name, name);
  assert.equal(typeof JSON.parse(call.function.arguments), "object");
}

await check("models.list", async () => {
  const ids = [];
  for await (const model of client.models.list()) {
    assert.equal(model.object, "model");
    ids.push(model.id);
  }
  assert.equal(ids[0], "openclaw");
  assert.ok(ids.indexOf("openclaw/main") < ids.indexOf("echo/echo"), ids.join());
});

await check("models.retrieve", async () => {
  assert.equal((await client.models.retrieve("openclaw/main")).id, "openclaw/main"); // the package sends %2F
  await assert.rejects(client.models.retrieve("openclaw/nobody"), OpenAI.NotFoundError);
});

await check("chat.json", async () => {
  const answer = await chat();
  assert.equal(answer.object, "chat.completion");
  assert.equal(answer.model, "openclaw");
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.match(answer.choices[0].message.content, /Hello there/);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
});

await check("chat.stream", async () => {
  const whole = (await chat()).choices[0].message.content;
  let text = "", finish = null, chunks = 0;
  for await (const chunk of await chat({ stream: true })) {
    text += chunk.choices[0].delta.content ?? "";
    finish = chunk.choices[0].finish_reason ?? finish;
    chunks++;
  }
  assert.equal(text, whole);
  assert.equal(finish, "stop");
  assert.ok(chunks > 2);
});

await check("chat.stream.usage", async () => {
  let last;
  for await (const chunk of await chat({ stream: true, stream_options: { include_usage: true } })) last = chunk;
  assert.deepEqual(last.choices, []);
  assert.ok(last.usage.prompt_tokens > 0 && last.usage.completion_tokens > 0);
});

await check("chat.stream.helper", async () => {
  const answer = await client.chat.completions.stream({ model: "openclaw", messages: hello }).finalChatCompletion();
  assert.match(answer.choices[0].message.content, /Hello there/);
});

await check("tools.round-trip", async () => {
  const first = await chat({ tools: [weather], tool_choice: "required" });
  assert.equal(first.choices[0].finish_reason, "tool_calls");
  const [call] = first.choices[0].message.tool_calls;
  assertCall(call, "get_weather");
  const second = await chat({
    tools: [weather],
    messages: [...hello, first.choices[0].message, { role: "tool", tool_call_id: call.id, content: "Sunny and 21 degrees" }],
  });
  assert.equal(second.choices[0].finish_reason, "stop");
  assert.match(second.choices[0].message.content, /Sunny and 21 degrees/);
});

await check("tools.stream", async () => {
  const calls = [];
  let finish;
  for await (const { choices: [choice] } of await chat({ tools: [weather], tool_choice: "required", stream: true })) {
    for (const delta of choice.delta.tool_calls ?? []) {
      const call = (calls[delta.index] ??= { id: delta.id, type: delta.type, function: { name: delta.function.name, arguments: "" } });
      call.function.arguments += delta.function.arguments ?? "";
    }
    finish = choice.finish_reason ?? finish;
  }
  assert.equal(finish, "tool_calls");
  assertCall(calls[0], "get_weather");
});

await check("tools.pinned", async () => {
  const answer = await chat({ tools: [weather, time], tool_choice: { type: "function", function: { name: "get_time" } } });
  assertCall(answer.choices[0].message.tool_calls[0], "get_time");
});

await check("tools.none", async () => {
  const answer = await chat({ tools: [weather], tool_choice: "none" });
  assert.equal(answer.choices[0].message.tool_calls, undefined);
});

await check("structured-output", async () => {
  const schema = {
    type: "object", additionalProperties: false, required: ["name", "age", "tags"],
    properties: { name: { type: "string" }, age: { type: "integer" }, tags: { type: "array", items: { type: "string" } } },
  };
  const answer = await client.chat.completions.parse({
    model: "openclaw", messages: hello, response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema } },
  });
  const { name, age, tags } = JSON.parse(answer.choices[0].message.content);
  assert.equal(typeof name, "string");
  assert.ok(Number.isInteger(age) && Array.isArray(tags));
});

await check("embeddings", async () => {
  // Without a format the package asks for base64 and decodes it.
  const { data, usage } = await client.embeddings.create({ model: "echo/echo", input: ["one", "two"] });
  assert.deepEqual(data.map((d) => d.index), [0, 1]);
  assert.ok(data.every((d) => d.embedding.length > 1 && d.embedding.every(Number.isFinite)));
  assert.ok(usage.total_tokens > 0);
  const floats = await client.embeddings.create({ model: "echo/echo", input: ["one", "two"], encoding_format: "float" });
  assert.deepEqual(floats.data[1].embedding.map(Math.fround), Array.from(data[1].embedding, Math.fround));
});

await check("embeddings.dimensions", async () => {
  const { data } = await client.embeddings.create({ model: "echo/echo", input: "one", dimensions: 12 });
  assert.equal(data[0].embedding.length, 12);
});

await check("session.user", async () => {
  const say = async (user, content) => (await chat({ user, messages: [{ role: "user", content }] })).usage.prompt_tokens;
  const first = await say(`alice-${run}`, "The first message");
  assert.ok((await say(`alice-${run}`, "The first message")) > first, "history does not count");
  assert.equal(await say(`bob-${run}`, "The first message"), first);
  assert.equal(await say(undefined, "The first message"), first);
});

await check("error.authentication", async () => {
  const stranger = new OpenAI({ baseURL, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(stranger.models.list(), (error) => error instanceof OpenAI.AuthenticationError && error.status === 401);
});

await check("error.unknown-model", () =>
  assert.rejects(chat({ model: "no-such-model" }), (error) =>
    error instanceof OpenAI.NotFoundError && error.code === "model_not_found" && error.param === "model"));

await check("error.bad-request", async () => {
  const isBad = (error) => error instanceof OpenAI.BadRequestError && error.param === "temperature" && error.type === "invalid_request_error";
  await assert.rejects(chat({ temperature: 3 }), isBad);
  await assert.rejects(chat({ temperature: 3, stream: true }), isBad);
});
