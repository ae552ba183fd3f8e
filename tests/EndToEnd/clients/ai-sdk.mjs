// The AI SDK with both providers that speak the Responses API: OpenAI's and that of OpenResponses.
import assert from "node:assert/strict";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenResponses } from "@ai-sdk/open-responses";
import { Output, generateText, isStepCount, jsonSchema, streamText, tool } from "ai";
import { apiKey, baseURL, check, model, weatherParameters, weatherQuestion } from "./checks.mjs";

const create = {
  openai: createOpenAI({ baseURL, apiKey }).responses,
  "open-responses": createOpenResponses({ name: "openclaw", url: `${baseURL}/responses`, apiKey }),
};

const getWeather = tool({
  description: "Weather of a city",
  inputSchema: jsonSchema(weatherParameters),
  execute: async ({ city }) => `Snow in ${city}`,
});

await check("openai previousResponseId", async () => {
  const first = await generateText({ model: create.openai(model), prompt: "A first turn with quite some words in it" });
  const previousResponseId = first.finalStep.providerMetadata.openai.responseId;
  const second = await generateText({ model: create.openai(model), prompt: "Second", providerOptions: { openai: { previousResponseId } } });
  assert.equal(second.text, "Second");
  assert.ok(second.usage.inputTokens > first.usage.inputTokens);
});

for (const [name, newModel] of Object.entries(create)) {
  const call = { model: newModel(model), maxRetries: 0 };

  await check(`${name} generateText`, async () => {
    const result = await generateText({ ...call, system: "Be brief", prompt: "Hello there" });
    assert.equal(result.text, "Hello there");
    assert.equal(result.finishReason, "stop");
    assert.ok(result.usage.totalTokens > 0);
    assert.deepEqual(result.warnings ?? [], []);
  });

  await check(`${name} streamText`, async () => {
    const result = streamText({ ...call, prompt: "One two three" });
    const pieces = [];
    for await (const piece of result.textStream) {
      pieces.push(piece);
    }

    assert.equal(pieces.join(""), "One two three");
    assert.ok(pieces.length > 1);
    assert.equal(await result.finishReason, "stop");
  });

  await check(`${name} tool loop`, async () => {
    const result = await generateText({ ...call, prompt: weatherQuestion, tools: { get_weather: getWeather }, stopWhen: isStepCount(3) });
    assert.equal(result.steps.length, 2);
    assert.deepEqual(result.steps[0].toolCalls[0].input, { city: "Oslo" });
    assert.equal(result.steps[0].finishReason, "tool-calls");
    assert.equal(result.text, "Snow in Oslo");
  });

  await check(`${name} streamed tool loop`, async () => {
    const result = streamText({ ...call, prompt: weatherQuestion, tools: { get_weather: getWeather }, stopWhen: isStepCount(3) });
    const types = new Set();
    for await (const part of result.fullStream) {
      types.add(part.type);
    }

    assert.ok(types.has("tool-call") && types.has("tool-result"));
    assert.equal(types.has("tool-input-delta"), name === "openai"); // the other provider keeps the pieces to itself
    assert.ok(!types.has("error"));
    assert.equal(await result.text, "Snow in Oslo");
  });

  await check(`${name} structured output`, async () => {
    const result = await generateText({ ...call, prompt: "Bergen", output: Output.object({ schema: jsonSchema(weatherParameters) }) });
    assert.deepEqual(result.output, { city: "Bergen" });
  });

  await check(`${name} error`, async () => {
    await assert.rejects(
      generateText({ ...call, model: newModel("no-such-model"), prompt: "Hello" }),
      (error) => error.statusCode === 404 && error.message.includes("no-such-model"));
  });
}
