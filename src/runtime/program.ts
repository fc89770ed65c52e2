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
  settled: Promise<void> | undefined;
  /** The neighbours in the list of live goroutines. */
  next: Goroutine | undefined;
  previous: Goroutine | undefined;

  constructor(id: number, place: Place | undefined) {
    this.id = id;
    this.place = place;
  }
}

/**
 * The state of main. Without a call of `main` the module itself is main, and only the host knows whether it still waits
 * at a top-level await.
 */
export const program: { main: "module" | "running" | "exited" } = { main: "module" };

/**
 * The id of the goroutine that runs on the stack: it has just begun, and has not reached its first await. 0 for none.
 * Not the goroutine, because a reference from old memory to a young object would slow each start down; and a variable,
 * because a property of `program` would.
 */
export let onStack = 0;

export function setOnStack(id: number): void {
  onStack = id;
}
