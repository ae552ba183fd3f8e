// The @microsoft/signalr package: the control plane over SignalR Service, or over the self-host's own hub.
import assert from "node:assert/strict";
import { HubConnectionBuilder, HttpTransportType, LogLevel } from "@microsoft/signalr";
import { apiKey, baseURL, check } from "./checks.mjs";

const hubURL = baseURL.replace(/\/v1$/, "/");
const nextId = ((n) => () => `1:${++n}`)(0);

class Client {
  frames = [];
  waiting = new Set();

  static async open({ token = apiKey, url = hubURL, transport } = {}) {
    const client = new Client();
    client.hub = new HubConnectionBuilder()
      .withUrl(url, { accessTokenFactory: () => token, ...(transport ? { transport } : {}) })
      .configureLogging(LogLevel.None)
      .build();
    client.hub.on("frame", (frame) => client.take(frame));
    client.closed = new Promise((resolve) => client.hub.onclose(resolve));
    await client.hub.start();
    return client;
  }

  static async connect(options = {}) {
    const client = await Client.open(options);
    client.hello = await client.request("connect", {
      minProtocol: 4, maxProtocol: 4, role: "operator",
      client: { id: "gateway-client", version: "1.0.0", platform: "linux", mode: "backend" },
    });
    return client;
  }

  take(frame) {
    this.frames.push(frame);
    for (const look of [...this.waiting]) look();
  }

  async call(method, params) {
    return await this.hub.invoke("rpc", { type: "req", id: nextId(), method, params });
  }

  async request(method, params) {
    const answer = await this.call(method, params);
    assert.equal(answer.ok, true, `${method}: ${JSON.stringify(answer.error)}`);
    return answer.payload;
  }

  /** The first frame, of those that came or come, that fits. */
  async frame(fits) {
    return await new Promise((resolve, reject) => {
      const look = () => {
        const found = this.frames.find(fits);
        if (found) {
          clearTimeout(limit);
          this.waiting.delete(look);
          resolve(found);
        }
      };
      const limit = setTimeout(() => reject(new Error(`It never came: ${fits}; frames: ${JSON.stringify(this.frames)}`)), 20000);
      this.waiting.add(look);
      look();
    });
  }

  chat(runId, state) {
    return this.frame((f) => f.event === "chat" && f.payload.runId === runId && f.payload.state === state);
  }
}

const textOf = (message) => message.content.map((part) => part.text ?? "").join("");
let first;
let second;

await check("connect", async () => {
  first = await Client.connect();
  assert.equal(first.hello.type, "hello-ok");
  assert.equal(first.hello.protocol, 4);
  assert.ok(first.hello.features.methods.includes("chat.send"));
  assert.equal((await first.frame((f) => f.event === "connect.challenge")).payload.nonce.length, 36);
});

await check("connect under /api/v1", async () => {
  const client = await Client.connect({ url: new URL("api/v1", hubURL).toString() });
  assert.equal((await client.request("health")).ok, true);
  await client.hub.stop();
});

await check("send and stream", async () => {
  const sent = await first.request("chat.send", { sessionKey: "main", message: "one two three", idempotencyKey: "k1" });
  assert.deepEqual([sent.runId, sent.status], ["k1", "started"]);
  const final = await first.chat("k1", "final");
  assert.equal(textOf(final.payload.message), "one two three");
  const deltas = first.frames.filter((f) => f.event === "chat" && f.payload.runId === "k1" && f.payload.state === "delta");
  assert.equal(deltas.map((f) => f.payload.deltaText).join(""), "one two three");
});

await check("a second client sees it", async () => {
  second = await Client.connect();
  await second.request("sessions.messages.subscribe", { key: "main" });
  await first.request("chat.send", { sessionKey: "main", message: "for both", idempotencyKey: "k2" });
  const [mine, theirs] = await Promise.all([first.chat("k2", "final"), second.chat("k2", "final")]);
  assert.equal(textOf(mine.payload.message), "for both");
  assert.deepEqual(theirs.payload, mine.payload);
  const message = await second.frame((f) => f.event === "session.message" && f.payload.message.role === "user");
  assert.equal(textOf(message.payload.message), "for both");
});

await check("abort", async () => {
  await first.request("chat.send", { sessionKey: "main", message: "slow", idempotencyKey: "k3" });
  await first.chat("k3", "delta");
  const aborted = await second.request("chat.abort", { sessionKey: "main", runId: "k3" });
  assert.deepEqual([aborted.aborted, aborted.runIds], [true, ["k3"]]);
  assert.equal((await first.chat("k3", "aborted")).payload.stopReason, "rpc");
});

await check("history", async () => {
  const history = await second.request("chat.history", { sessionKey: "main" });
  const texts = history.messages.map(textOf);
  assert.deepEqual(texts.slice(0, 4), ["one two three", "one two three", "for both", "for both"]);
  assert.equal(texts[4], "slow");
});

await check("an answer in two parts", async () => {
  const accepted = await first.request("agent", { message: "by agent", idempotencyKey: "k4" });
  assert.equal(accepted.status, "accepted");
  const done = await first.frame((f) => f.type === "res" && f.payload?.runId === "k4" && f.payload.status === "ok");
  assert.equal(done.payload.result.payloads[0].text, "by agent");
});

await check("errors", async () => {
  const unknown = await first.call("no.such.method", {});
  assert.deepEqual([unknown.ok, unknown.error.code], [false, "INVALID_REQUEST"]);
  const wrong = await first.call("chat.send", { sessionKey: "main" });
  assert.match(wrong.error.message, /must have required property 'message'/);
  const again = await first.call("connect", {});
  assert.equal(again.error.code, "INVALID_REQUEST");
  assert.equal((await first.request("health")).ok, true);
});

await check("a message before connect", async () => {
  const client = await Client.open();
  const refused = await client.call("chat.history", { sessionKey: "main" });
  assert.equal(refused.error.message, "first request must be connect");
  await client.closed;
});

await check("a wrong token", async () => {
  await assert.rejects(Client.open({ token: "wrong" }), /401/);
});

await check("server-sent events and long polling", async () => {
  for (const transport of [HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling]) {
    const client = await Client.connect({ transport });
    assert.equal((await client.request("health")).ok, true);
    await client.hub.stop();
  }
});

await first.hub.stop();
await second.hub.stop();
