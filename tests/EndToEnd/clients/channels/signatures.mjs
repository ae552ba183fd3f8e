// Checks signatures that the stand-ins make with the code that platforms publish for verifying them.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { verifyKey } from "discord-interactions";
import nacl from "tweetnacl";
import { check } from "./checks.mjs";

const { verifySlackRequest } = createRequire(import.meta.url)("@slack/bolt");
const { BODY: body, TIMESTAMP: timestamp, SLACK_SECRET, SLACK_SIGNATURE, DISCORD_KEY, DISCORD_SIGNATURE } = process.env;
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const slack = (signature) => verifySlackRequest({
  signingSecret: SLACK_SECRET,
  body,
  headers: { "x-slack-signature": signature, "x-slack-request-timestamp": Number(timestamp) },
  nowMilliseconds: Number(timestamp) * 1000,
});

await check("slack", () => {
  slack(SLACK_SIGNATURE);
  assert.throws(() => slack(SLACK_SIGNATURE.replace(/.$/, (c) => (c === "0" ? "1" : "0"))), /signature mismatch/);
});
await check("discord", async () => {
  assert.equal(await verifyKey(body, DISCORD_SIGNATURE, timestamp, DISCORD_KEY), true);
  assert.equal(await verifyKey(body + " ", DISCORD_SIGNATURE, timestamp, DISCORD_KEY), false);
});
await check("tweetnacl", () => assert.equal(
  nacl.sign.detached.verify(Buffer.from(timestamp + body), bytes(DISCORD_SIGNATURE), bytes(DISCORD_KEY)), true));
