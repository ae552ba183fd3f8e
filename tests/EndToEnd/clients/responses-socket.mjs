// The openai package over a WebSocket; only the self-host has one.
import assert from "node:assert/strict";
import OpenAI from "openai";
import { ResponsesWS } from "openai/resources/responses/ws";
import { apiKey, baseURL, check, model } from "./checks.mjs";

const socket = new ResponsesWS(new OpenAI({ baseURL, apiKey, maxRetries: 0 }));

/** One turn; its last event, of whatever kind. */
function take(turn) {
  return new Promise((resolve) => {
    const listen = (event) => {
      if (["response.completed", "response.failed", "response.incomplete", "error"].includes(event.type)) {
        socket.off("event", listen);
        resolve(event);
      }
    };
    socket.on("event", listen);
    socket.send({ type: "response.create", model, ...turn });
  });
}

socket.on("error", () => {}); // each check looks at the event itself

await check("continuation of what is not stored", async () => {
  const first = await take({ input: "A first turn with quite some words in it", store: false });
  assert.equal(first.type, "response.completed");
  const second = await take({ input: "Second", store: false, previous_response_id: first.response.id });
  assert.equal(second.response.output[0].content[0].text, "Second");
  assert.ok(second.response.usage.input_tokens > first.response.usage.input_tokens);
});

await check("what a socket does anyway may be said, the contrary not", async () => {
  assert.equal((await take({ input: "Hello", stream: true, background: false })).type, "response.completed");
  for (const [name, value] of [["stream", false], ["background", true], ["stream_options", { include_obfuscation: false }]]) {
    const refused = await take({ input: "Hello", [name]: value });
    assert.equal(refused.type, "error");
    assert.equal(refused.error.param, name);
  }
});

await check("the socket survives an error", async () => {
  const failed = await take({ input: "Hello", previous_response_id: "resp_doesnotexist" });
  assert.equal(failed.error.code, "previous_response_not_found");
  assert.equal((await take({ input: "Hello" })).type, "response.completed");
});

socket.close();
