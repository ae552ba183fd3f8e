// Runs Azurite for exactly as long as stdin stays open: a parent that ends, however hard, closes it.
// Arguments are Azurite's own.
import { createRequire } from "node:module";

// Ctrl-C in a terminal reaches us too, but the parent still needs its storage while it shuts down.
const once = process.once.bind(process);
process.once = (event, listener) => (event === "SIGINT" ? process : once(event, listener));
process.on("SIGINT", () => {});

process.stdin.resume().once("close", () => {
  process.kill(process.pid, "SIGTERM"); // Azurite writes its data out
  setTimeout(() => process.exit(0), 5000).unref();
});

createRequire(import.meta.url)("azurite/dist/src/azurite.js");
