import { currentQueue } from "../runtime/clock.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * Does something only now and then. Mirrors Go's `rate.Sometimes`. The filters add up: a call counts if one of them
 * lets it through. Without any it happens once.
 *
 * @example
 * ```ts
 * const warn = new rate.Sometimes({ first: 3, interval: 10 * time.second });
 * warn.do(() => console.warn("the queue is full"));
 * ```
 */
export class Sometimes {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  readonly #first: number;
  readonly #every: number;
  readonly #interval: number;
  #count = 0;
  #last = -Infinity;
  #calling = false;

  /**
   * Makes one with these filters.
   *
   * @param filters `first`: the first so many calls. `every`: every so many-th call, from the first on. `interval`: a
   * call so many milliseconds or more after the last one that was let through.
   */
  constructor(filters: { first?: number; every?: number; interval?: number } = {}) {
    this.#first = filters.first ?? 0;
    this.#every = filters.every ?? 0;
    this.#interval = filters.interval ?? 0;
  }

  /**
   * Calls `f` if a filter lets the call through, or if it is the first. Mirrors Go's `Sometimes.Do`. It does not wait
   * for what an async `f` does. A call whose `f` throws does not count.
   *
   * @throws What `f` throws.
   * @throws Error `rate: Sometimes.do was called by the function that it calls`, which in Go waits for ever.
   *
   * @example
   * ```ts
   * const sometimes = new rate.Sometimes({ every: 2 });
   * for (const n of [1, 2, 3, 4]) sometimes.do(() => console.log(n)); // 1 3
   * ```
   */
  do(f: () => void): void {
    checkFunction("Sometimes.do", f);
    const now = currentQueue().now();
    const passes =
      this.#count === 0 ||
      this.#count < this.#first ||
      (this.#every > 0 && this.#count % this.#every === 0) ||
      (this.#interval > 0 && now - this.#last >= this.#interval);
    if (this.#calling) throw new Error("rate: Sometimes.do was called by the function that it calls");
    if (passes) {
      this.#calling = true;
      try {
        f();
      } finally {
        this.#calling = false;
      }
      this.#last = currentQueue().now();
    }
    // After the call: one that throws does not count.
    this.#count++;
  }

  /**
   * Returns how logs print it: how often it was asked.
   *
   * @example
   * ```ts
   * console.log(String(new rate.Sometimes({ first: 1 }))); // Sometimes(0)
   * ```
   */
  toString(): string {
    return `Sometimes(${this.#count})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}
