/**
 * Stack traces. Mirrors parts of Go's `runtime/debug` package.
 *
 * @module
 */

import { host } from "../host.ts";
import { toBytes } from "../text.ts";

/** Returns the stack of the caller, in the host's format. Mirrors Go's `debug.Stack`. */
export function stack(): Uint8Array {
  const lines = (new Error("stack").stack ?? "")
    .split("\n")
    .filter((line) => line.includes("at ") || line.includes("@"));
  return toBytes(`goroutine [running]:\n${lines.slice(1).join("\n")}\n`);
}

/** Prints the stack of the caller to standard error. Mirrors Go's `debug.PrintStack`. */
export function printStack(): void {
  host.process?.stderr?.write(stack());
}

/** Does nothing and returns 100, Go's default. Mirrors Go's `debug.SetGCPercent`. */
export function setGCPercent(_percent: number): number {
  return 100;
}

/** Does nothing. Mirrors Go's `debug.FreeOSMemory`. */
export function freeOSMemory(): void {}
