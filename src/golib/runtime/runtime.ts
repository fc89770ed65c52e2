/**
 * What programs ask of Go's `runtime` package. There is one thread, so `gomaxprocs` and `numCPU` are 1, and the collector
 * cannot be called.
 *
 * @module
 */

import type { PanicError } from "../../runtime/panic.ts";

export { goexit, gosched, numGoroutine } from "../../runtime/goroutine.ts";

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

/** Does nothing: the engine collects when it wants to. Mirrors Go's `runtime.GC`. */
export function gc(): void {}

/** Does nothing: what is reachable is kept. Mirrors Go's `runtime.KeepAlive`. */
export function keepAlive(_value: unknown): void {}

/** Does nothing. Mirrors Go's `runtime.LockOSThread`. */
export function lockOSThread(): void {}

/** Does nothing. Mirrors Go's `runtime.UnlockOSThread`. */
export function unlockOSThread(): void {}

/** Returns the version of Go that the library follows. Mirrors Go's `runtime.Version`. */
export function version(): string {
  return "go1.26";
}
