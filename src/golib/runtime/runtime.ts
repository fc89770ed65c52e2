/**
 * The functions of Go's `runtime` package that programs commonly use. There is one thread, so `gomaxprocs` and `numCPU`
 * return 1, and the garbage collector cannot be started.
 *
 * @module
 */

import type { PanicError } from "../../runtime/panic.ts";
import { stack as stackOfCaller } from "../debug/debug.ts";

export { goexit } from "../../runtime/goexit.ts";
export { gosched, numGoroutine } from "../../runtime/goroutine.ts";

/** An error that the runtime itself throws: `runtime.Error`. */
export type Error = PanicError;

/** `runtime.GOOS`. */
export const goos = "js";
/** `runtime.GOARCH`. */
export const goarch = "js";

/** Returns 1: goroutines share one thread. Mirrors Go's `runtime.GOMAXPROCS`. */
export function gomaxprocs(_n: number): number {
  return 1;
}

/** Returns 1: goroutines share one thread. Mirrors Go's `runtime.NumCPU`. */
export function numCPU(): number {
  return 1;
}

/** Does nothing: the engine decides when to collect garbage. Mirrors Go's `runtime.GC`. */
export function gc(): void {}

/** Does nothing: reachable objects are kept. Mirrors Go's `runtime.KeepAlive`. */
export function keepAlive(_value: unknown): void {}

/** Does nothing. Mirrors Go's `runtime.LockOSThread`. */
export function lockOSThread(): void {}

/** Does nothing. Mirrors Go's `runtime.UnlockOSThread`. */
export function unlockOSThread(): void {}

/** Returns the version of Go that the library follows. Mirrors Go's `runtime.Version`. */
export function version(): string {
  return "go1.26";
}

/**
 * Writes the stack of the caller into an array and returns how many bytes it took, in the host's format. Mirrors Go's
 * `runtime.Stack`; the stacks of other goroutines are not included.
 *
 * @example
 * ```ts
 * console.log(runtime.stack(new Uint8Array(9), false)); // 9
 * ```
 */
export function stack(buffer: Uint8Array, _all: boolean): number {
  const text = stackOfCaller();
  const taken = text.subarray(0, buffer.length);
  buffer.set(taken);
  return taken.length;
}

/** One frame of a stack: `runtime.Frame`. */
export class Frame {
  function = "";
  file = "";
  line = 0;
}

/** The frames of a stack: `runtime.Frames`. There are none. */
export class Frames {
  /** Returns the next frame, and whether there are more. */
  next(): [frame: Frame, more: boolean] {
    return [new Frame(), false];
  }
}

/**
 * Returns 0: JavaScript has no program counters. Mirrors Go's `runtime.Callers`.
 *
 * @example
 * ```ts
 * console.log(runtime.callers(0, [])); // 0
 * ```
 */
export function callers(_skip: number, _counters: number[]): number {
  return 0;
}

/** Returns no frames: see {@link callers}. Mirrors Go's `runtime.CallersFrames`. */
export function callersFrames(_counters: readonly number[]): Frames {
  return new Frames();
}
