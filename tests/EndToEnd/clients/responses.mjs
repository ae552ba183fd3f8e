// The openai package: every call of its responses resource that the gateway answers.
import assert from "node:assert/strict";
import OpenAI, { BadRequestError, NotFoundError } from "openai";
import { apiKey, baseURL, check, model, weatherParameters, weatherQuestion } from "./checks.mjs";

const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const weather = { type: "function", name: "get_weather", description: "Weather of a city", parameters: weatherParameters, strict: true };
const city = { type: "json_schema", name: "city", strict: true, schema: weatherParameters };
const types = (events) => events.map((event) => event.type);

await check("create with a string", async () => {
  const response = await client.responses.create({ model, input: "Hello there", instructions: "Be brief", metadata: { a: "b" } });
  assert.equal(response.output_text, "Hello there");
  assert.equal(response.status, "completed");
  assert.equal(response.instructions, "Be brief");
  assert.deepEqual(response.metadata, { a: "b" });
  assert.match(response.id, /^resp_/);
  assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
});

await check("create with items", async () => {
  const pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const response = await client.responses.create({
    model,
    store: false,
    input: [
      { role: "developer", content: "Be brief" },
      { role: "user", content: "First" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "First" }] },
      { role: "user", content: [{ type: "input_text", text: "Second" }, { type: "input_image", image_url: pixel, detail: "auto" }] },
    ],
  });
  assert.equal(response.output_text, "Second [saw 1 image]");
});

await check("stream of text", async () => {
  const stream = client.responses.stream({ model, input: "One two three" });
  const events = [];
  const deltas = [];
  stream.on("response.output_text.delta", (event) => deltas.push(event.delta));
  for await (const event of stream) {
    events.push(event);
  }

  assert.deepEqual(deltas, ["One ", "two ", "three"]);
  assert.deepEqual(types(events), [
    "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
    ...deltas.map(() => "response.output_text.delta"),
    "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
  ]);
  assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
  const final = await stream.finalResponse();
  assert.equal(final.output_text, "One two three");
  assert.equal(final.id, events[0].response.id);
});

await check("stream left early", async () => {
  const stream = await client.responses.create({ model, input: "word ".repeat(2000), stream: true });
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") {
      break;
    }
  }

  assert.equal((await client.responses.create({ model, input: "Still there" })).output_text, "Still there");
});

await check("streamed tool call and its result", async () => {
  const stream = client.responses.stream({ model, input: weatherQuestion, tools: [weather] });
  const events = [];
  for await (const event of stream) {
    events.push(event);
  }

  const deltas = events.filter((event) => event.type === "response.function_call_arguments.delta");
  const done = events.find((event) => event.type === "response.function_call_arguments.done");
  assert.ok(deltas.length > 1);
  assert.equal(deltas.map((event) => event.delta).join(""), done.arguments);
  const first = await stream.finalResponse();
  const [call] = first.output;
  assert.equal(call.type, "function_call");
  assert.equal(call.name, "get_weather");
  assert.equal(call.id, done.item_id);
  assert.deepEqual(call.parsed_arguments, { city: "Oslo" });

  const output = { type: "function_call_output", call_id: call.call_id, output: "Snow, -3 °C" };
  const second = await client.responses.create({ model, previous_response_id: first.id, input: [output], tools: [weather] });
  assert.equal(second.output_text, "Snow, -3 °C");
  assert.equal(second.previous_response_id, first.id);

  const stateless = await client.responses.create({
    model, store: false, tools: [weather], input: [{ role: "user", content: weatherQuestion }, ...first.output, output],
  });
  assert.equal(stateless.output_text, "Snow, -3 °C");
});

await check("tool choice", async () => {
  const none = await client.responses.create({ model, input: weatherQuestion, tools: [weather], tool_choice: "none" });
  assert.equal(none.output_text, weatherQuestion);
  const pinned = await client.responses.create({
    model, input: "Nothing of the kind", tools: [weather], tool_choice: { type: "function", name: "get_weather" },
  });
  assert.equal(pinned.output[0].name, "get_weather");
});

await check("structured output", async () => {
  const parsed = await client.responses.parse({ model, input: "Oslo", text: { format: city } });
  assert.deepEqual(JSON.parse(parsed.output_text), { city: "Oslo" });
  assert.deepEqual(parsed.output_parsed, { city: "Oslo" });
  assert.equal(parsed.text.format.name, "city");
  const stream = client.responses.stream({ model, input: "Bergen", text: { format: city } });
  assert.deepEqual((await stream.finalResponse()).output_parsed, { city: "Bergen" });
});

await check("cut at max_output_tokens", async () => {
  const response = await client.responses.create({ model, input: "word ".repeat(200), max_output_tokens: 16 });
  assert.equal(response.status, "incomplete");
  assert.deepEqual(response.incomplete_details, { reason: "max_output_tokens" });
});

await check("conversation", async () => {
  const first = await client.responses.create({ model, input: "A first turn with quite some words in it" });
  const second = await client.responses.create({ model, input: "Second", previous_response_id: first.id });
  const third = await client.responses.create({ model, input: "Second", previous_response_id: second.id });
  assert.equal(third.output_text, "Second");
  assert.ok(first.usage.input_tokens < second.usage.input_tokens && second.usage.input_tokens < third.usage.input_tokens);
});

await check("retrieve, input items, delete", async () => {
  const texts = ["One", "Two", "Three"];
  const created = await client.responses.create({ model, input: texts.map((content) => ({ role: "user", content })) });
  assert.deepEqual(await client.responses.retrieve(created.id), created);

  for (const [order, expected] of [["asc", texts], ["desc", texts.toReversed()]]) {
    const items = [];
    for await (const item of client.responses.inputItems.list(created.id, { limit: 2, order })) {
      items.push(item.content[0].text);
    }

    assert.deepEqual(items, expected);
  }

  await client.responses.delete(created.id);
  await assert.rejects(client.responses.retrieve(created.id), (error) => error instanceof NotFoundError && error.code === "response_not_found");
  await assert.rejects(client.responses.create({ model, input: "On", previous_response_id: created.id }), NotFoundError);
});

await check("background, polled", async () => {
  let response = await client.responses.create({ model, input: "Later", background: true });
  assert.ok(["queued", "in_progress", "completed"].includes(response.status));
  while (response.status === "queued" || response.status === "in_progress") {
    response = await client.responses.retrieve(response.id);
  }

  assert.equal(response.status, "completed");
  assert.equal(response.output_text, "Later");
});

await check("background, streamed, left and taken up again", async () => {
  const stream = await client.responses.create({ model, input: "One two three four", background: true, stream: true });
  let id;
  let cursor;
  for await (const event of stream) {
    id ??= event.response.id;
    cursor = event.sequence_number;
    if (event.type === "response.in_progress") {
      break;
    }
  }

  let text = "";
  let last;
  for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: cursor })) {
    assert.equal(event.sequence_number, ++cursor);
    text += event.type === "response.output_text.delta" ? event.delta : "";
    last = event;
  }

  assert.equal(last.type, "response.completed");
  assert.equal(last.response.output_text ?? text, text);
  assert.equal(text.trim(), "One two three four");
  const final = await client.responses.stream({ response_id: id }).finalResponse();
  assert.equal(final.output_text.trim(), "One two three four");
});

await check("background, cancelled", async () => {
  const response = await client.responses.create({ model, input: "Word ".repeat(2000), background: true });
  const cancelled = await client.responses.cancel(response.id);
  assert.ok(["cancelled", "completed"].includes(cancelled.status));
  assert.equal((await client.responses.retrieve(response.id)).status, cancelled.status);
});

await check("the same key, the same answer", async () => {
  const options = { headers: { "Idempotency-Key": `e2e-${Date.now()}` } };
  const first = await client.responses.create({ model, input: "Once" }, options);
  assert.deepEqual(await client.responses.create({ model, input: "Once" }, options), first);
  await assert.rejects(client.responses.create({ model, input: "Twice" }, options), (error) => error.status === 422);
});

await check("compact", async () => {
  const first = await client.responses.create({ model, input: "The colour is green" });
  const compacted = await client.responses.compact({ model, previous_response_id: first.id });
  assert.equal(compacted.object, "response.compaction");
  assert.ok(compacted.output.some((item) => item.type === "compaction"));
  assert.ok(compacted.usage.total_tokens > 0);
  const next = await client.responses.create({ model, input: [...compacted.output, { role: "user", content: "And now" }] });
  assert.equal(next.output_text, "And now");
});

await check("input tokens", async () => {
  const short = await client.responses.inputTokens.count({ model, input: "Hello" });
  const long = await client.responses.inputTokens.count({ model, input: "Hello ".repeat(100), tools: [weather] });
  assert.equal(short.object, "response.input_tokens");
  assert.ok(long.input_tokens > short.input_tokens && short.input_tokens > 0);
});

await check("errors", async () => {
  const previous = { model, input: "Hello", previous_response_id: "resp_doesnotexist" };
  const unknown = (error) => error instanceof NotFoundError && error.code === "previous_response_not_found" && error.param === "previous_response_id";
  await assert.rejects(client.responses.create(previous), unknown);
  await assert.rejects(client.responses.stream(previous).finalResponse(), unknown);
  await assert.rejects(
    client.responses.create({ model, input: "Hello", temperature: 9 }),
    (error) => error instanceof BadRequestError && error.param === "temperature" && error.type === "invalid_request_error");
  await assert.rejects(
    client.responses.create({ model: "no-such-model", input: "Hello" }),
    (error) => error instanceof NotFoundError && error.code === "model_not_found" && error.param === "model");
  await assert.rejects(client.responses.cancel("resp_doesnotexist"), NotFoundError);
});
