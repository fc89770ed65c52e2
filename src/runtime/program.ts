import type { Place } from "./place.ts";

/** One goroutine, from its `go` to its end. */
export class Goroutine {
  readonly id: number;
  /** Where `go` was called, or `main`; undefined where it was not recorded. */
  readonly place: Place | undefined;
  /**
   * Settles after the goroutine's end; undefined until the goroutine has reached its first await. No other reaction is
   * attached to the promise that the goroutine's function returned, or to this one before a report: an engine's async
   * stack follows a promise only if it has exactly one.
   */
  settled: Promise<void> | undefined = undefined;
  /** The neighbours in the list of live goroutines. */
  next: Goroutine | undefined = undefined;
  previous: Goroutine | undefined = undefined;

  constructor(id: number, place: Place | undefined) {
    this.id = id;
    this.place = place;
  }
}

/**
 * The state of main. Without a call of `main` the module itself is main, and only the host knows whether it still waits
 * at a top-level await.
 */
export const program: {
  main: "module" | "running" | "exited";
  /**
   * The id of the goroutine that runs on the stack: it has just begun, and has not reached its first await. 0 for none.
   * Not the goroutine, because a reference from this old object to a young one would slow each start down.
   */
  onStack: number;
} = { main: "module", onStack: 0 };
