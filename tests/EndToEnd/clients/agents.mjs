// The OpenAI Agents SDK with its default, the Responses API.
import assert from "node:assert/strict";
import { Agent, Runner, OpenAIProvider, setTracingDisabled, tool } from "@openai/agents";
import { apiKey, baseURL, check, model, weatherParameters, weatherQuestion } from "./checks.mjs";

setTracingDisabled(true);
const runner = new Runner({ modelProvider: new OpenAIProvider({ baseURL, apiKey }), tracingDisabled: true });

function newAgent(options = {}) {
  const cities = [];
  const getWeather = tool({
    name: "get_weather",
    description: "Weather of a city",
    parameters: weatherParameters,
    execute: async ({ city }) => {
      cities.push(city);
      return `Snow in ${city}`;
    },
  });
  return { agent: new Agent({ name: "Forecaster", instructions: "Use the tools", model, tools: [getWeather], ...options }), cities };
}

await check("agent loop", async () => {
  const { agent, cities } = newAgent();
  const result = await runner.run(agent, weatherQuestion);
  assert.deepEqual(cities, ["Oslo"]);
  assert.equal(result.finalOutput, "Snow in Oslo");
  assert.equal(result.rawResponses.length, 2);
  const next = await runner.run(agent, [...result.history, { role: "user", content: "Thank you" }]);
  assert.equal(next.finalOutput, "Thank you");
});

await check("streamed agent loop", async () => {
  const { agent, cities } = newAgent();
  const result = await runner.run(agent, weatherQuestion, { stream: true });
  const names = [];
  let text = "";
  for await (const event of result) {
    if (event.type === "run_item_stream_event") {
      names.push(event.name);
    } else if (event.type === "raw_model_stream_event" && event.data.type === "output_text_delta") {
      text += event.data.delta;
    }
  }

  await result.completed;
  assert.deepEqual(cities, ["Oslo"]);
  assert.deepEqual(names, ["tool_called", "tool_output", "message_output_created"]);
  assert.equal(text, "Snow in Oslo");
  assert.equal(result.finalOutput, "Snow in Oslo");
});

await check("agent continued by previous_response_id", async () => {
  const { agent, cities } = newAgent();
  const first = await runner.run(agent, "A first turn with quite some words in it");
  const second = await runner.run(agent, weatherQuestion, { previousResponseId: first.lastResponseId });
  assert.deepEqual(cities, ["Oslo"]);
  assert.equal(second.finalOutput, "Snow in Oslo");
  assert.ok(second.rawResponses[0].usage.inputTokens > first.rawResponses[0].usage.inputTokens);
});

await check("agent with an output type", async () => {
  const outputType = { type: "json_schema", name: "city", strict: true, schema: weatherParameters };
  const { agent } = newAgent({ tools: [], outputType });
  assert.deepEqual((await runner.run(agent, "Bergen")).finalOutput, { city: "Bergen" });
});

await check("handoff", async () => {
  const { agent: forecaster, cities } = newAgent();
  const triage = Agent.create({ name: "Triage", instructions: "Hand over", model, handoffs: [forecaster] });
  const result = await runner.run(triage, "Ask the forecaster to call get_weather for Oslo");
  assert.equal(result.lastAgent.name, "Forecaster");
  assert.equal(cities.length, 0); // a handoff's output comes last, and echo repeats it
});

await check("agent loop over a WebSocket", async () => {
  const provider = new OpenAIProvider({ baseURL, apiKey, useResponsesWebSocket: true });
  try {
    const { agent, cities } = newAgent();
    const result = await new Runner({ modelProvider: provider, tracingDisabled: true }).run(agent, weatherQuestion);
    assert.deepEqual(cities, ["Oslo"]);
    assert.equal(result.finalOutput, "Snow in Oslo");
  } finally {
    await provider.close();
  }
});
