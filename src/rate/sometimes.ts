import { currentQueue } from "../runtime/clock.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * Calls a function only some of the times. Mirrors Go's `rate.Sometimes`. A call goes through if one of the filters
 * lets it; without filters only the first does.
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
   * @param filters `first: n` lets the first n calls through, `every: n` each n-th call, beginning with the first,
   * `interval: n` a call n milliseconds or more after the last one that went through.
   */
  constructor(filters: { first?: number; every?: number; interval?: number } = {}) {
    this.#first = filters.first ?? 0;
    this.#every = filters.every ?? 0;
    this.#interval = filters.interval ?? 0;
  }

  /**
   * Calls `f` if a filter lets the call through, or if it is the first. Mirrors Go's `Sometimes.Do`. It does not wait
   * for an async `f`. A call whose `f` throws does not count.
   *
   * @throws What `f` throws.
   * @throws Error `rate: Sometimes.do was called by the function that it calls`, which in Go never returns.
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
   * Returns the text in logs: how often `do` was called.
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
