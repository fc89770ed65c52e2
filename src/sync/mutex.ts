import { Semaphore as AsyncSemaphore } from "async-mutex";
import type { ContextLike } from "../chan/chan.ts";
import { WaitList } from "../runtime/wait-list.ts";
import { enterOrWait } from "../chan/enter-or-wait.ts";
import { hooks } from "../runtime/hooks.ts";
import { fatal } from "../runtime/panic.ts";
import { afterLag, countTry, missed, ready, spinning } from "../runtime/turn.ts";
import { serve } from "../runtime/waiter.ts";
import { holding, type Locked, lockedBy, type Locker } from "./locker.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * A mutual exclusion lock. Mirrors Go's `sync.Mutex`. A new one is unlocked.
 *
 * It belongs to no goroutine: any goroutine may unlock it. It is not reentrant. Waiters get it in the order of arrival;
 * `unlock` hands it over directly, so a goroutine that unlocks and locks again waits its turn.
 *
 * The state is a semaphore of async-mutex, as in that library's own `Mutex`. The waiters are queued here, because
 * async-mutex can neither withdraw a single waiter nor list its waiters for a report.
 *
 * @example
 * ```ts
 * const mu = new sync.Mutex();
 * using _ = await mu.lock();
 * console.log(mu.tryLock()); // false
 * ```
 */
export class Mutex implements Locker {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  /** Its value is 1 while the mutex is unlocked. */
  readonly #mutex = new AsyncSemaphore(1);
  readonly #waiting = new WaitList("sync.Mutex.Lock", this);
  readonly #locked: Locked = lockedBy(() => this.unlock());

  /**
   * Locks the mutex; waits while it is locked. Mirrors Go's `Mutex.Lock`.
   *
   * @param ctx Gives up when this context ends, without the lock; it is checked first.
   * @returns An object that unlocks when it is disposed of.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `sync: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * using _ = await mu.lock();
   * account.balance = await post(account.balance - amount);
   * ```
   */
  lock(ctx?: ContextLike): Promise<Locked> {
    return enterOrWait("sync", ctx, () => {
      if (spinning && !this.#mutex.isLocked()) return afterLag(this, this.lock, ctx);
      return this.#enter() ? ready(this.#locked) : this.#waiting;
    });
  }

  /**
   * Locks the mutex if it is unlocked, and tells whether it did. Never waits. Mirrors Go's `Mutex.TryLock`.
   *
   * @example
   * ```ts
   * if (!mu.tryLock()) return; // another goroutine holds it
   * ```
   */
  tryLock(): boolean {
    return this.#enter() || missed();
  }

  /** Locks the mutex if it is unlocked. */
  #enter(): boolean {
    countTry();
    if (this.#mutex.isLocked()) return false;
    this.#take();
    hooks?.sync?.(this, "lock", 1);
    return true;
  }

  /**
   * Unlocks the mutex, and hands it to the goroutine that has waited longest. Mirrors Go's `Mutex.Unlock`. Unlocking an
   * unlocked mutex ends the program with Go's fatal error `sync: unlock of unlocked mutex`.
   *
   * @example
   * ```ts
   * mu.unlock();
   * ```
   */
  unlock(): void {
    if (!this.#mutex.isLocked()) fatal("sync: unlock of unlocked mutex");
    this.#mutex.setValue(1);
    hooks?.sync?.(this, "unlock", 1);
    const next = this.#waiting.queue.first;
    if (next === undefined) return;
    this.#take();
    serve(next, this.#locked, true);
  }

  /**
   * Runs `f` with the mutex locked, and unlocks it whatever `f` does. Yields what `f` returns. Waits as `lock` does. Go
   * has no such method.
   *
   * @throws What `f` throws.
   * @throws TypeError `withLock: … is not a function`
   *
   * @example
   * ```ts
   * const total = await mu.withLock(async () => (await load()).length);
   * ```
   */
  withLock<T>(f: () => T | PromiseLike<T>): Promise<T> {
    return holding(this, f);
  }

  /**
   * Returns the text in logs: whether it is locked.
   *
   * @example
   * ```ts
   * console.log(String(new sync.Mutex())); // Mutex(unlocked)
   * ```
   */
  toString(): string {
    return `Mutex(${this.#mutex.isLocked() ? "locked" : "unlocked"})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  /** Locks an unlocked mutex. `acquire` would do the same, and allocate a promise. */
  #take(): void {
    this.#mutex.setValue(0);
  }
}
