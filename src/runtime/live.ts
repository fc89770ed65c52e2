import type { Goroutine } from "./program.ts";

/** A set of goroutines, in no order. A Set fits. */
export interface Goroutines extends Iterable<Goroutine> {
  readonly size: number;
  add(goroutine: Goroutine): unknown;
  delete(goroutine: Goroutine): unknown;
}

/**
 * The goroutines that have been started and have not ended, as a list linked through themselves. With a Set of a
 * million, each start and each end would miss the cache.
 */
class LiveList implements Goroutines {
  size = 0;
  #latest: Goroutine | undefined;

  add(goroutine: Goroutine): void {
    const before = this.#latest;
    goroutine.previous = before;
    if (before !== undefined) before.next = goroutine;
    this.#latest = goroutine;
    this.size++;
  }

  /** Does nothing if it is not in the list: an abandoned run removes goroutines that may still end. */
  delete(goroutine: Goroutine): void {
    const { next, previous } = goroutine;
    if (next === undefined && previous === undefined && this.#latest !== goroutine) return;
    if (previous !== undefined) previous.next = next;
    if (next !== undefined) next.previous = previous;
    else this.#latest = previous;
    goroutine.next = goroutine.previous = undefined;
    this.size--;
  }

  *[Symbol.iterator](): Generator<Goroutine> {
    for (let goroutine = this.#latest; goroutine !== undefined; goroutine = goroutine.previous) yield goroutine;
  }
}

export const live: Goroutines = new LiveList();
