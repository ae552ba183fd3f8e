// LangChain's ChatOpenAI over the Responses API.
import assert from "node:assert/strict";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { apiKey, baseURL, check, model, weatherParameters, weatherQuestion } from "./checks.mjs";

const chat = new ChatOpenAI({ model, apiKey, maxRetries: 0, useResponsesApi: true, configuration: { baseURL } });
const getWeather = {
  type: "function",
  function: { name: "get_weather", description: "Weather of a city", parameters: weatherParameters },
};

await check("invoke", async () => {
  const message = await chat.invoke([["system", "Be brief"], ["user", "Hello there"]]);
  assert.equal(message.text, "Hello there");
  assert.match(message.response_metadata.id, /^resp_/);
  assert.ok(message.usage_metadata.total_tokens > 0);
});

await check("stream", async () => {
  const pieces = [];
  for await (const chunk of await chat.stream("One two three")) {
    pieces.push(chunk.text);
  }

  assert.equal(pieces.join(""), "One two three");
  assert.ok(pieces.filter(Boolean).length > 1);
});

await check("bindTools", async () => {
  const bound = chat.bindTools([getWeather]);
  const question = new HumanMessage(weatherQuestion);
  const answer = await bound.invoke([question]);
  const [call] = answer.tool_calls;
  assert.equal(call.name, "get_weather");
  assert.deepEqual(call.args, { city: "Oslo" });
  const last = await bound.invoke([question, answer, new ToolMessage({ tool_call_id: call.id, content: "Snow in Oslo" })]);
  assert.equal(last.text, "Snow in Oslo");
});

await check("streamed bindTools", async () => {
  let whole;
  for await (const chunk of await chat.bindTools([getWeather]).stream(weatherQuestion)) {
    whole = whole ? whole.concat(chunk) : chunk;
  }

  assert.deepEqual(whole.tool_calls.map(({ name, args }) => ({ name, args })), [{ name: "get_weather", args: { city: "Oslo" } }]);
});

await check("previous_response_id", async () => {
  const first = await chat.invoke("A first turn with quite some words in it");
  const second = await chat.invoke("Second", { previous_response_id: first.response_metadata.id });
  assert.equal(second.text, "Second");
  assert.ok(second.usage_metadata.input_tokens > first.usage_metadata.input_tokens);
});

await check("withStructuredOutput", async () => {
  const structured = chat.withStructuredOutput({ title: "city", ...weatherParameters }, { method: "jsonSchema", strict: true });
  assert.deepEqual(await structured.invoke("Bergen"), { city: "Bergen" });
});
