/**
 * A semaphore of which several tokens can be taken at once. Mirrors Go's `golang.org/x/sync/semaphore`.
 *
 * @module
 */

import type { ContextLike } from "../chan/chan.ts";
import { errOf } from "../chan/context-like.ts";
import { WaitList } from "../runtime/wait-list.ts";
import { enterOrWait } from "../chan/enter-or-wait.ts";
import { hooks } from "../runtime/hooks.ts";
import { checkCount } from "../runtime/arguments.ts";
import { PanicError } from "../runtime/panic.ts";
import { afterLag, countTry, missed, readyError, readyVoid, spinning } from "../runtime/turn.ts";
import { serve } from "../runtime/waiter.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * A semaphore with `size` tokens. Mirrors Go's `semaphore.Weighted`, which `semaphore.NewWeighted(size)` makes.
 *
 * Strictly first come, first served: a waiter for few tokens does not overtake one for many. So readers that take one
 * token each cannot starve a writer that takes all.
 *
 * @example
 * ```ts
 * const slots = new semaphore.Weighted(2);
 * await slots.acquire(context.background());
 * console.log(slots.tryAcquire(2)); // false
 * ```
 */
export class Weighted {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  readonly #size: number;
  #taken = 0;
  readonly #waiting = new WaitList("semacquire", this);
  /** Waiters for more than `#size`. They wait for their context to end, and must not block the others' queue. */
  readonly #hopeless = new WaitList("semacquire", this);

  /**
   * Makes a semaphore with all its tokens free. Mirrors Go's `semaphore.NewWeighted`.
   *
   * @throws RangeError `semaphore: the size must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * const memory = new semaphore.Weighted(64 * 1024 * 1024); // bytes
   * ```
   */
  constructor(size: number) {
    this.#size = checkCount("semaphore: the size", size);
  }

  /**
   * Takes `n` tokens; waits until they are free and all earlier waiters are served. Mirrors Go's `Weighted.Acquire`.
   * For more than `size` it waits until `ctx` ends.
   *
   * @param ctx Gives up when this context ends; it is checked first. On failure nothing is taken.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `semaphore: the context must be a Context, got …`
   * @throws RangeError `semaphore: the number must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * await memory.acquire(ctx, image.size);
   * using _ = defer(() => memory.release(image.size));
   * ```
   */
  acquire(ctx: ContextLike, n = 1): Promise<void> {
    try {
      checkCount("semaphore: the number", n);
    } catch (error) {
      return readyError(error);
    }
    let waits = false;
    const acquired = enterOrWait<void>(
      "semaphore",
      ctx,
      () => {
        if (spinning && this.#has(n)) return afterLag(this, this.acquire, ctx, n);
        if (this.#take(n)) return readyVoid();
        waits = true;
        return n > this.#size ? this.#hopeless : this.#waiting;
      },
      n,
      // Waiters behind this one may fit.
      () => this.#admit(),
    );
    if (!waits) return acquired;
    return acquired.then(() => {
      const ended = endOf(ctx);
      if (ended === undefined) return;
      // The context ended between the wake and this microtask. A caller that gets an error must not hold tokens.
      this.release(n);
      throw ended;
    });
  }

  /**
   * Takes `n` tokens if they are free and no waiter is queued, and tells whether it did. Mirrors Go's
   * `Weighted.TryAcquire`.
   *
   * @throws RangeError `semaphore: the number must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * if (!memory.tryAcquire(10)) return;
   * ```
   */
  tryAcquire(n = 1): boolean {
    return this.#take(n) || missed();
  }

  #has(n: number): boolean {
    return this.#size - this.#taken >= n && this.#waiting.isEmpty();
  }

  /** Takes `n` tokens if they are free and no waiter is queued. */
  #take(n: number): boolean {
    countTry();
    checkCount("semaphore: the number", n);
    if (!this.#has(n)) return false;
    this.#taken += n;
    hooks?.sync?.(this, "acquire", n);
    return true;
  }

  /**
   * Releases `n` tokens and serves, from the front of the queue, the waiters that now fit. Mirrors Go's
   * `Weighted.Release`.
   *
   * @throws PanicError `semaphore: released more than held`
   * @throws RangeError `semaphore: the number must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * memory.release(10);
   * ```
   */
  release(n = 1): void {
    this.#taken -= checkCount("semaphore: the number", n);
    hooks?.sync?.(this, "release", n);
    if (this.#taken < 0) throw new PanicError("semaphore: released more than held");
    this.#admit();
  }

  /**
   * Returns the text in logs: how many of its tokens are taken.
   *
   * @example
   * ```ts
   * console.log(String(new semaphore.Weighted(10))); // Weighted(0/10)
   * ```
   */
  toString(): string {
    return `Weighted(${this.#taken}/${this.#size})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  #admit(): void {
    const { queue } = this.#waiting;
    for (let waiter = queue.first; waiter !== undefined; waiter = queue.first) {
      const n = waiter.value as number;
      if (this.#size - this.#taken < n) return;
      this.#taken += n;
      serve(waiter, undefined, true);
    }
  }
}

/** Returns why a context has ended, or what its `err()` throws. */
function endOf(ctx: ContextLike | undefined): unknown {
  try {
    return errOf(ctx);
  } catch (error) {
    return error;
  }
}
