/**
 * What the program is part of: a process, a test.
 */

import { host } from "./host.ts";

/** Whether there is a process that can be ended. */
export const hasProcess: boolean = typeof host.process?.exit === "function";

/** Whether the host reports when its event loop runs dry, without which deadlocks are not detected. */
export const knowsWhenDry: boolean = typeof host.process?.on === "function" && typeof host.process.exit === "function";

/**
 * Whether the program is a test of node:test, which attributes an error to a test by the promises that led to it. A
 * shared promise belongs to no test, and an error after it would fail none.
 */
export const tracesPromises: boolean =
  host.process?.moduleLoadList?.includes("NativeModule internal/test_runner/harness") === true;
