// Calls hooks as GitHub, Stripe and senders of Standard Webhooks do, signed by their own packages, and verifies a callback. Prints a JSON
// line for each check. The gateway under test has a mapping for each, and the secrets below.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { sign } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";
import { baseURL, apiKey, check } from "./checks.mjs";

const hooks = baseURL.replace(/\/v1$/, "/hooks");
const github = "github-secret-1f0c";
const stripe = "whsec_stripe_secret_77aa";
const standard = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async function post(path, body, headers) {
  const answer = await fetch(`${hooks}/${path}`, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  return { status: answer.status, body: await answer.json() };
}

async function taken(path, body, headers) {
  const first = await post(path, body, headers);
  assert.equal(first.status, 200, JSON.stringify(first.body));
  const again = await post(path, body, headers);
  assert.equal(again.body.runId, first.body.runId);
  const changed = await post(path, `${body} `, headers);
  assert.equal(changed.status, 401);
}

await check("github", async () => {
  const body = JSON.stringify({ zen: "Design for failure.", hook_id: 1 });
  await taken("github", body, { "x-hub-signature-256": await sign(github, body), "x-github-delivery": crypto.randomUUID(), "x-github-event": "ping" });
});

await check("stripe", async () => {
  const body = JSON.stringify({ id: `evt_${Date.now()}`, object: "event", type: "invoice.paid" });
  const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: stripe });
  await taken("stripe", body, { "stripe-signature": header });
});

await check("standard-webhooks", async () => {
  const body = JSON.stringify({ type: "user.created" });
  const id = `msg_${Date.now()}`;
  const now = new Date();
  await taken("standard", body, {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(standard).sign(id, now, body),
  });
});

await check("callback", async () => {
  const server = createServer();
  const called = new Promise((resolve) => server.on("request", (request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => { response.end(); resolve({ headers: request.headers, body: Buffer.concat(parts).toString() }); });
  }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const callbackUrl = `http://127.0.0.1:${server.address().port}/result`;
    const started = await post("agent", JSON.stringify({ message: "Hello", callbackUrl }), { authorization: `Bearer ${apiKey}` });
    assert.equal(started.status, 200, JSON.stringify(started.body));
    const { headers, body } = await called;
    const result = new Webhook(standard).verify(body, headers);
    assert.equal(result.runId, started.body.runId);
    assert.equal(result.status, "completed");
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
