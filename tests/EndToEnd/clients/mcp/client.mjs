// The official SDK's client against the gateway's /mcp. Requests of one client go to two instances by turns: any must answer.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { check } from "./checks.mjs";

const instances = process.env.INSTANCES.split(" ");
const asked = new Map();
let turn = 0;

const byTurns = (url, init) => {
  const instance = instances[turn++ % instances.length];
  asked.set(instance, (asked.get(instance) ?? 0) + 1);
  return fetch(new URL(new URL(url).pathname, instance), init);
};
const connect = async (token, headers = {}) => {
  const client = new Client({ name: "check", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", instances[0]), {
    fetch: byTurns, requestInit: { headers: { authorization: `Bearer ${token}`, ...headers } },
  }));
  return client;
};

let client;
await check("connect", async () => {
  client = await connect(process.env.TOKEN);
  assert.equal(client.getServerVersion().name, "openclaw-functions");
  assert.ok(client.getServerCapabilities().tools);
});
await check("ping", async () => {
  for (let i = 0; i < 6; i++) await client.ping();
});
await check("list", async () => {
  const { tools } = await client.listTools();
  const find = tools.find((tool) => tool.name === "find");
  assert.equal(find.inputSchema.type, "object");
  assert.ok(!tools.some((tool) => tool.name === "exec"));
});
await check("call", async () => {
  for (let i = 0; i < 4; i++) {
    const result = await client.callTool({ name: "find", arguments: { n: i } });
    assert.equal(result.content[0].text, `found ${i}`);
  }
});
await check("errors", async () => {
  await assert.rejects(client.callTool({ name: "exec", arguments: {} }), { code: -32602 });
  await assert.rejects(client.listResources(), /does not support resources|-32601/);
  assert.equal((await client.callTool({ name: "broken" })).isError, true);
});
await check("instances", async () => {
  assert.equal(asked.size, 2);
  await client.close();
});
await check("refused", async () => {
  await assert.rejects(connect("wrong"), { code: 401 });
  await assert.rejects(connect(process.env.TOKEN, { origin: "https://evil.example.com" }), { code: 403 });
});
