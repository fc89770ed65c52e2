import type { ContextLike } from "../chan/chan.ts";
import { WaitList } from "../runtime/wait-list.ts";
import { enterOrWait } from "../chan/enter-or-wait.ts";
import { hooks } from "../runtime/hooks.ts";
import { describe } from "../runtime/arguments.ts";
import { serve } from "../runtime/waiter.ts";
import type { Locker } from "./locker.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/** A condition variable: goroutines wait on it until another one signals a change. Mirrors Go's `sync.Cond`. */
export class Cond {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  /** The lock that is held while the condition is read or changed: `L` in Go. */
  readonly l: Locker;
  readonly #waiting = new WaitList("sync.Cond.Wait", this);

  /**
   * Makes a Cond with its lock. Mirrors Go's `sync.NewCond`.
   *
   * @throws TypeError `new Cond: the lock must have the methods lock and unlock, got …`
   *
   * @example
   * ```ts
   * const notEmpty = new sync.Cond(new sync.Mutex());
   * ```
   */
  constructor(l: Locker) {
    if (typeof l?.lock !== "function" || typeof l.unlock !== "function") {
      throw new TypeError(`new Cond: the lock must have the methods lock and unlock, got ${describe(l)}`);
    }
    this.l = l;
  }

  /**
   * Unlocks `l`, waits for `signal` or `broadcast`, and locks `l` again before it returns. Mirrors Go's `Cond.Wait`.
   * The condition may have changed again by then: wait in a loop.
   *
   * @param ctx Gives up when this context ends; `l` is locked again then, too.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `sync: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * using _ = await mu.lock();
   * while (queue.length === 0) await notEmpty.wait();
   * ```
   */
  async wait(ctx?: ContextLike): Promise<void> {
    let waits = false;
    // Queued before the lock is released: the next holder's signal must find this waiter.
    const signaled = enterOrWait<unknown>("sync", ctx, () => {
      waits = true;
      return this.#waiting;
    });
    if (!waits) return void (await signaled);
    try {
      this.l.unlock();
    } catch (error) {
      // The caller gets this error and awaits no signal: the waiter must not take one, nor stay parked.
      const own = this.#waiting.queue.first?.prev;
      if (own !== undefined) serve(own, undefined, true);
      throw error;
    }
    try {
      await signaled;
    } finally {
      await this.l.lock();
    }
  }

  /**
   * Wakes the goroutine that has waited longest, if there is one. Mirrors Go's `Cond.Signal`. The lock need not be
   * held.
   *
   * @example
   * ```ts
   * notEmpty.signal();
   * ```
   */
  signal(): void {
    const { first } = this.#waiting.queue;
    hooks?.sync?.(this, "signal", first === undefined ? 0 : 1);
    if (first !== undefined) serve(first, undefined, true);
  }

  /**
   * Wakes all goroutines that wait now. Mirrors Go's `Cond.Broadcast`. The lock need not be held.
   *
   * @example
   * ```ts
   * closed.broadcast();
   * ```
   */
  broadcast(): void {
    hooks?.sync?.(this, "broadcast", 1);
    this.#waiting.serveAll();
  }

  /**
   * Returns the text in logs: whether a goroutine waits.
   *
   * @example
   * ```ts
   * console.log(String(new sync.Cond(new sync.Mutex()))); // Cond(idle)
   * ```
   */
  toString(): string {
    return `Cond(${this.#waiting.isEmpty() ? "idle" : "waiting"})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}
