// The unmodified @openclaw/gateway-client against the gateway's control plane, and every frame against the published schema.
import { createHash, generateKeyPairSync, randomUUID, sign, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { GatewayClient } from "@openclaw/gateway-client";
import Ajv from "ajv";
import { WebSocket } from "ws";
import { apiKey, baseURL, check } from "./checks.mjs";

const url = baseURL.replace(/\/v1$/, "").replace(/^http/, "ws");

/** A device as a host of the library keeps it. */
function device() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = (pem) => createPublicKey(pem).export({ type: "spki", format: "der" }).subarray(-32);
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" });
  const identity = {
    deviceId: createHash("sha256").update(raw(publicKeyPem)).digest("hex"),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }),
    publicKeyPem,
  };
  const stored = new Map();
  return {
    identity,
    stored,
    hostDeps: {
      loadOrCreateDeviceIdentity: () => identity,
      signDevicePayload: (pem, payload) => sign(null, Buffer.from(payload), pem).toString("base64url"),
      publicKeyRawBase64UrlFromPem: (pem) => raw(pem).toString("base64url"),
      loadDeviceAuthToken: ({ role }) => stored.get(role) ?? null,
      storeDeviceAuthToken: ({ role, token, scopes }) => stored.set(role, { token, scopes }),
      clearDeviceAuthToken: ({ role }) => stored.delete(role),
    },
  };
}

/** A connected client of the library, with the events that it got. */
function connect(options) {
  const events = [];
  const waiting = [];
  const closed = Promise.withResolvers();
  const connected = Promise.withResolvers();
  const gaps = [];
  const client = new GatewayClient({
    url, minProtocol: 4, maxProtocol: 4, role: "operator",
    onHelloOk: (hello) => connected.resolve(hello),
    onConnectError: (error) => connected.reject(error),
    onEvent: (event) => {
      events.push(event);
      waiting.filter((w) => w.fits(event)).forEach((w) => w.resolve(event));
    },
    onClose: (code, reason) => closed.resolve({ code, reason }),
    onGap: (gap) => gaps.push(gap),
    ...options,
  });
  client.start();
  return {
    client, events, gaps, closed: closed.promise, hello: connected.promise,
    request: (method, params, opts) => client.request(method, params ?? {}, opts),
    /** The next event that fits, or one that came already. */
    event: (fits) => {
      const found = events.find(fits);
      if (found) return Promise.resolve(found);
      const { promise, resolve } = Promise.withResolvers();
      waiting.push({ fits, resolve });
      return promise;
    },
    stop: () => client.stop(),
  };
}

const scopes = ["operator.admin", "operator.read", "operator.write", "operator.pairing"];
const chat = (runId, ...states) => (e) => e.event === "chat" && e.payload.runId === runId && states.includes(e.payload.state);

await check("connect.token", async () => {
  const session = connect({ token: apiKey, scopes });
  const hello = await session.hello;
  assert.equal(hello.type, "hello-ok");
  assert.deepEqual([...hello.auth.scopes].sort(), [...scopes].sort());
  assert.ok((await session.request("health")).ok);
  session.stop();
});

await check("connect.wrong-token", async () => {
  const session = connect({ token: "wrong", scopes });
  await assert.rejects(session.hello, (error) => error.details?.code === "AUTH_TOKEN_MISMATCH");
  session.stop();
});

await check("device.pair-and-reconnect", async () => {
  const own = device();
  const first = connect({ token: apiKey, scopes, deviceIdentity: own.identity, hostDeps: own.hostDeps });
  await first.hello;
  first.stop();
  assert.ok(own.stored.get("operator").token);
  const again = connect({ scopes, deviceIdentity: own.identity, hostDeps: own.hostDeps });
  assert.equal((await again.hello).auth.method, "device-token");
  const paired = (await again.request("device.pair.list")).paired.find((d) => d.deviceId === own.identity.deviceId);
  assert.equal(paired.connected, true);
  const rotated = await again.request("device.token.rotate", { deviceId: own.identity.deviceId, role: "operator" });
  assert.ok(rotated.token);
  assert.equal((await again.closed).code, 4001);
  again.stop();
});

await check("chat.stream", async () => {
  const session = connect({ token: apiKey, scopes });
  const watcher = connect({ token: apiKey, scopes: ["operator.read"] });
  await Promise.all([session.hello, watcher.hello]);
  const runId = randomUUID();
  const sent = await session.request("chat.send", { sessionKey: "main", message: "one two three", idempotencyKey: runId });
  assert.deepEqual([sent.runId, sent.status], [runId, "started"]);
  const final = await session.event(chat(runId, "final"));
  await watcher.event(chat(runId, "final"));
  const text = session.events.filter(chat(runId, "delta")).map((e) => e.payload.deltaText).join("");
  assert.equal(text, final.payload.message.content[0].text);
  assert.match(text, /one two three/);
  assert.equal((await session.request("chat.send", { sessionKey: "main", message: "one two three", idempotencyKey: runId })).status, "ok");
  const history = await session.request("chat.history", { sessionKey: "main", limit: 10 });
  assert.deepEqual(history.messages.map((m) => m.role), ["user", "assistant"]);
  assert.deepEqual([...session.gaps, ...watcher.gaps], []);
  session.stop();
  watcher.stop();
});

await check("agent.two-answers", async () => {
  const session = connect({ token: apiKey, scopes });
  await session.hello;
  const done = await session.request(
    "agent", { message: "say this", agentId: "main", sessionKey: "agent:main:other", idempotencyKey: randomUUID() }, { expectFinal: true });
  assert.equal(done.status, "ok");
  assert.match(done.result.payloads[0].text, /say this/);
  assert.equal((await session.request("agent.wait", { runId: done.runId, timeoutMs: 5000 })).status, "ok");
  session.stop();
});

await check("sessions", async () => {
  const session = connect({ token: apiKey, scopes });
  await session.hello;
  await session.request("sessions.subscribe");
  const { key } = await session.request("sessions.create", { agentId: "main", label: "made" });
  await session.event((e) => e.event === "sessions.changed" && e.payload.sessionKey === key);
  await session.request("sessions.patch", { key, label: "renamed" });
  assert.equal((await session.request("sessions.describe", { key })).session.label, "renamed");
  assert.ok((await session.request("sessions.list", { limit: 10 })).sessions.some((s) => s.key === key));
  await session.request("sessions.reset", { key, reason: "reset" });
  assert.equal((await session.request("sessions.delete", { key })).deleted, true);
  session.stop();
});

await check("scopes", async () => {
  const session = connect({ token: apiKey, scopes: ["operator.read"] });
  await session.hello;
  await assert.rejects(session.request("sessions.reset", { key: "main" }), (error) => error.details?.code === "MISSING_SCOPE");
  await assert.rejects(session.request("chat.history", { sessionKey: "main", bogus: 1 }), /unexpected property 'bogus'/);
  session.stop();
});

// The definitions that the published schema has for results and payloads.
const results = {
  connect: "HelloOk", "agents.list": "AgentsListResult", "models.list": "ModelsListResult", "tasks.list": "TasksListResult",
  "tasks.get": "TasksGetResult", "tasks.cancel": "TasksCancelResult", "commands.list": "CommandsListResult",
  "agent.identity.get": "AgentIdentityResult", "sessions.resolve": "SessionsResolveResult", "sessions.create": "SessionsCreateResult",
  "sessions.delete": "SessionsDeleteResult",
};
const payloads = {
  chat: "ChatEvent", agent: "AgentEvent", tick: "TickEvent", shutdown: "ShutdownEvent", "device.pair.requested": "DevicePairRequestedEvent",
  "device.pair.resolved": "DevicePairResolvedEvent",
};

await check("schema", async () => {
  const published = new URL("./node_modules/@openclaw/gateway-protocol/protocol.schema.json", import.meta.url); // the package exports no path to it
  const schema = JSON.parse(readFileSync(published, "utf8"));
  open(schema);
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: false });
  ajv.addSchema({ ...schema, $id: "protocol" });
  const validate = (definition, value, what) => {
    const valid = ajv.compile({ $ref: `protocol#/definitions/${definition}` });
    assert.ok(valid(value), `${what}: ${ajv.errorsText(valid.errors)} in ${JSON.stringify(value).slice(0, 800)}`);
  };
  const frames = await conversation();
  const asked = new Map();
  for (const { sent, frame } of frames) {
    if (sent) {
      asked.set(frame.id, frame.method);
      validate("RequestFrame", frame, "request");
      continue;
    }
    if (frame.type === "res") {
      validate("ResponseFrame", frame, asked.get(frame.id));
      const result = results[asked.get(frame.id)];
      if (result && frame.ok) validate(result, frame.payload, asked.get(frame.id));
    } else {
      validate("EventFrame", frame, frame.event);
      if (payloads[frame.event]) validate(payloads[frame.event], frame.payload, frame.event);
    }
  }
  assert.ok(frames.some((f) => f.frame.event === "chat") && frames.some((f) => f.frame.event === "agent"));
});

/** The original itself sends more than its schema lists. */
function open(node) {
  if (node && typeof node === "object") {
    if (node.additionalProperties === false) delete node.additionalProperties;
    Object.values(node).forEach(open);
  }
}

/** All that a bare WebSocket sends and gets while it asks for everything once. */
async function conversation() {
  const frames = [];
  const answers = new Map();
  const socket = new WebSocket(url);
  const challenge = Promise.withResolvers();
  const final = Promise.withResolvers();
  socket.on("message", (data) => {
    const frame = JSON.parse(data.toString());
    frames.push({ sent: false, frame });
    if (frame.event === "connect.challenge") challenge.resolve();
    if (frame.type === "res") answers.get(frame.id)?.resolve(frame);
    if (frame.event === "chat" && frame.payload.state === "final") final.resolve();
  });
  await challenge.promise;
  let next = 0;
  const ask = async (method, params) => {
    const frame = { type: "req", id: `${++next}`, method, params: params ?? {} };
    frames.push({ sent: true, frame });
    answers.set(frame.id, Promise.withResolvers());
    socket.send(JSON.stringify(frame));
    const answer = await answers.get(frame.id).promise;
    return answer.payload;
  };
  const hello = await ask("connect", {
    minProtocol: 4, maxProtocol: 4, client: { id: "test", version: "1", platform: "linux", mode: "test" }, auth: { token: apiKey },
  });
  await ask("sessions.subscribe");
  const { key } = await ask("sessions.create", { label: "schema" });
  await ask("sessions.messages.subscribe", { key });
  await ask("chat.send", { sessionKey: key, message: "for the schema", idempotencyKey: randomUUID() });
  await final.promise;
  const { tasks } = await ask("tasks.list", { sessionKey: key });
  await ask("tasks.get", { taskId: tasks[0].id });
  await ask("tasks.cancel", { taskId: tasks[0].id });
  await ask("sessions.resolve", { key });
  for (const method of hello.features.methods.filter((m) => !m.startsWith("sessions.") && !m.startsWith("tasks."))) {
    await ask(method);
  }
  await ask("chat.startup", { sessionKey: key });
  await ask("sessions.preview", { keys: [key] });
  await ask("sessions.list", { includeLastMessage: true, includeDerivedTitles: true });
  await ask("sessions.delete", { key });
  socket.close();
  return frames;
}
