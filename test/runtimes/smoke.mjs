// The package in some forty checks, for every runtime: plain JavaScript, no test framework, no host function but timers
// and AbortController, and only syntax that the oldest runtime has. Prints a line per check, then the counts as JSON.
import { counts } from "./smoke/check.mjs";

// One after the other: modules that are imported together run their top-level awaits at the same time.
await import("./smoke/chan.mjs");
await import("./smoke/select.mjs");
await import("./smoke/time.mjs");
await import("./smoke/context.mjs");
await import("./smoke/runtime.mjs");
await import("./smoke/shelf.mjs");
await import("./smoke/explore.mjs");
await import("./smoke/http.mjs");
await import("./smoke/sql.mjs");
await import("./smoke/world.mjs");

console.log(JSON.stringify(counts));
