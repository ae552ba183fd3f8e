// What an app does with @discordjs/rest, unmodified: only the API address is ours.
import assert from "node:assert/strict";
import { REST } from "@discordjs/rest";
import { check, origin, token } from "./checks.mjs";

const application = process.env.APPLICATION;
const rest = new REST({ version: "10", api: `${origin}/api`, retries: 0 }).setToken(token);
const refused = (status, code) => (error) => error.status === status && error.code === code;

await check("users.me", async () => assert.equal((await rest.get("/users/@me")).bot, true));
await check("commands", async () => {
  const commands = [{ name: "ask", description: "Asks the agent", options: [{ type: 3, name: "message", description: "What" }] }];
  assert.equal((await rest.put(`/applications/${application}/commands`, { body: commands }))[0].name, "ask");
});
await check("messages", async () => {
  const body = { content: "Once", nonce: "n1", enforce_nonce: true, allowed_mentions: { parse: [] } };
  const first = await rest.post("/channels/5/messages", { body });
  const second = await rest.post("/channels/5/messages", { body });
  assert.equal(first.id, second.id);
  await rest.post("/channels/5/typing");
});
await check("interaction", async () => {
  const hook = `/webhooks/${application}/interaction-token`;
  await rest.patch(`${hook}/messages/@original`, { body: { content: "First" }, auth: false });
  await rest.post(hook, { body: { content: "Second" }, auth: false });
  await rest.post(hook, { body: { content: "File" }, files: [{ name: "t.csv", data: Buffer.from("a,b") }], auth: false });
  await assert.rejects(
    rest.patch(`/webhooks/${application}/over/messages/@original`, { body: { content: "x" }, auth: false }), refused(401, 50027));
  await assert.rejects(rest.post(`/webhooks/${application}/unknown`, { body: { content: "x" }, auth: false }), refused(404, 10015));
});
await check("errors", async () => {
  await assert.rejects(rest.post("/channels/5/messages", { body: { content: "x".repeat(2001) } }), refused(400, 50035));
  await assert.rejects(rest.post("/channels/5/messages", { body: { content: "" } }), refused(400, 50006));
  await assert.rejects(rest.post("/channels/6/messages", { body: { content: "x" } }), refused(403, 50001));
});
await check("rate-limit", async () => {
  const limited = new REST({ version: "10", api: `${origin}/api`, rejectOnRateLimit: () => true }).setToken(token);
  const error = await limited.post("/channels/7/messages", { body: { content: "too soon" } }).catch((e) => e);
  assert.equal(error.name.startsWith("RateLimitError"), true, String(error));
  assert.equal(error.retryAfter >= 1000, true, String(error.retryAfter));
});
