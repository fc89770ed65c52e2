import type { Place } from "./place.ts";

/** One goroutine, from its `go` to its end. */
export class Goroutine {
  readonly id: number;
  /** Where `go` was called; undefined where it was not recorded, and for main. */
  readonly place: Place | undefined;
  /**
   * Settles after the goroutine's end. No other reaction is ever attached to the promise that the goroutine's function
   * returned, or to this one before a report: an engine's async stack follows a promise only if it has exactly one.
   */
  settled: Promise<void> | undefined = undefined;

  constructor(id: number, place: Place | undefined) {
    this.id = id;
    this.place = place;
  }
}

/** The goroutines that have been started and have not ended, in order of their start. */
export const live: Set<Goroutine> = new Set();

/**
 * How far main has come. Without a call of `main` the module itself is main, and only the host knows whether it still
 * waits at a top-level await.
 */
export const program: { main: "module" | "running" | "exited" } = { main: "module" };

/** What `goexit` throws. */
export const goexitSignal: object = {
  toString: () => "goexit: caught by mistake; rethrow it",
};
