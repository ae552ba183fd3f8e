// What an app does with @slack/web-api, unmodified: only the API address is ours.
import assert from "node:assert/strict";
import { WebClient } from "@slack/web-api";
import { check, origin, token } from "./checks.mjs";

const client = new WebClient(token, { slackApiUrl: `${origin}/api/`, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true });
const refused = (name) => (error) => error.data?.error === name;

await check("auth.test", async () => assert.equal((await client.auth.test()).user_id, "U0OPENCLAW"));
await check("chat.postMessage", async () => {
  const metadata = { event_type: "openclaw_reply", event_payload: { id: "r1" } };
  const sent = await client.chat.postMessage({ channel: "C1", text: "*Hi*", metadata });
  await client.chat.postMessage({ channel: "C1", text: "In the thread", thread_ts: sent.ts });
  await client.chat.update({ channel: "C1", ts: sent.ts, text: "*Better*" });
  const history = await client.conversations.history({ channel: "C1", include_all_metadata: true, limit: 10 });
  assert.equal(history.messages.length, 1);
  assert.equal(history.messages[0].text, "*Better*");
  assert.equal(history.messages[0].metadata.event_payload.id, "r1");
  const replies = await client.conversations.replies({ channel: "C1", ts: sent.ts });
  assert.deepEqual(replies.messages.map((m) => m.text), ["*Better*", "In the thread"]);
  assert.equal(replies.messages[0].metadata, undefined);
});
await check("files", async () => {
  await client.filesUploadV2({ channel_id: "C1", filename: "t.csv", file: Buffer.from("a,b"), initial_comment: "Table" });
});
await check("errors", async () => {
  await assert.rejects(client.chat.postMessage({ channel: "C-archived", text: "x" }), refused("is_archived"));
  await assert.rejects(client.chat.postMessage({ channel: "C1", text: "" }), refused("no_text"));
  await assert.rejects(client.chat.update({ channel: "C1", ts: "1.0", text: "x" }), refused("message_not_found"));
  await assert.rejects(new WebClient("xoxb-wrong", { slackApiUrl: `${origin}/api/` }).auth.test(), refused("invalid_auth"));
});
await check("rate-limit", async () => {
  const error = await client.chat.postMessage({ channel: "C-busy", text: "too soon" }).catch((e) => e);
  assert.equal(error.code, "slack_webapi_rate_limited_error");
  assert.equal(error.retryAfter, 3);
});
