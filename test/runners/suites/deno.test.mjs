import { strictEqual } from "node:assert/strict";
import { suite } from "./suite.mjs";

// A test that has left its goroutine's timers behind is not what is tried here.
suite((name, body) => Deno.test({ name, fn: body, sanitizeOps: false, sanitizeResources: false }), strictEqual);
