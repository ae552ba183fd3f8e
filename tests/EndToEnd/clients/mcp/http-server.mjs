// The official SDK's server with sessions, as its samples make it. Prints where it listens.
import { createServer as listen } from "node:http";
import { randomUUID } from "node:crypto";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createServer } from "./tools.mjs";

const calls = { echo: 0, aborted: 0 };
const sessions = new Map();

const http = listen(async (request, response) => {
  if (process.env.SECRET && request.headers.authorization !== `Bearer ${process.env.SECRET}`) {
    response.writeHead(401).end();
    return;
  }
  const id = request.headers["mcp-session-id"];
  let transport = sessions.get(id);
  if (!transport && id) {
    response.writeHead(404, { "content-type": "application/json" }).end(
      JSON.stringify({ jsonrpc: "2.0", error: { code: -32001, message: "Session not found" }, id: null }));
    return;
  }
  if (!transport) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID, onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    await createServer(calls).connect(transport);
  }
  await transport.handleRequest(request, response);
});
http.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log(http.address().port));
