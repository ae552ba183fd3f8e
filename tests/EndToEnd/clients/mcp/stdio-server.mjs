// The official SDK's server on standard input and output.
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { createServer } from "./tools.mjs";

console.error("noise on the error stream".repeat(10_000));
await createServer({ echo: 0, aborted: 0 }).connect(new StdioServerTransport());
