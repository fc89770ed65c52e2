import type { Place } from "./place.ts";

/** One goroutine, from its `go` to its end. */
export class Goroutine {
  readonly id: number;
  /** Where `go` was called; undefined where it was not recorded, and for main. */
  readonly place: Place | undefined;
  /**
   * Settles after the goroutine's end; undefined until the goroutine has come to its first await. No other reaction is ever attached to the promise that the goroutine's function
   * returned, or to this one before a report: an engine's async stack follows a promise only if it has exactly one.
   */
  settled: Promise<void> | undefined = undefined;
  /** The neighbours among the live ones. */
  next: Goroutine | undefined = undefined;
  previous: Goroutine | undefined = undefined;

  constructor(id: number, place: Place | undefined) {
    this.id = id;
    this.place = place;
  }
}

/**
 * The goroutines that have been started and have not ended. A list through themselves: a table of a million would cost each
 * start and each end a trip to memory.
 */
class LiveList {
  size = 0;
  #latest: Goroutine | undefined = undefined;

  add(goroutine: Goroutine): void {
    const before = this.#latest;
    goroutine.previous = before;
    if (before !== undefined) before.next = goroutine;
    this.#latest = goroutine;
    this.size++;
  }

  /** Does nothing if it is not there: a run that was given up takes off goroutines that may still end. */
  remove(goroutine: Goroutine): void {
    const { next, previous } = goroutine;
    if (next === undefined && previous === undefined && this.#latest !== goroutine) return;
    if (previous !== undefined) previous.next = next;
    if (next !== undefined) next.previous = previous;
    else this.#latest = previous;
    goroutine.next = goroutine.previous = undefined;
    this.size--;
  }

  /** Returns all of them, in no order. */
  all(): Goroutine[] {
    const found: Goroutine[] = [];
    for (let goroutine = this.#latest; goroutine !== undefined; goroutine = goroutine.previous) found.push(goroutine);
    return found;
  }
}

export const live: LiveList = new LiveList();

/**
 * How far main has come. Without a call of `main` the module itself is main, and only the host knows whether it still
 * waits at a top-level await.
 */
export const program: {
  main: "module" | "running" | "exited";
  /** The goroutine that runs on the stack: it has just begun, and has not come to its first await. */
  onStack: Goroutine | undefined;
} = { main: "module", onStack: undefined };

/** What `goexit` throws. */
export const goexitSignal: object = {
  toString: () => "goexit: caught by mistake; rethrow it",
};
