import type { ContextLike } from "../chan/chan.ts";
import { WaitList } from "../runtime/wait-list.ts";
import { enterOrWait } from "../chan/enter-or-wait.ts";
import { hooks } from "../runtime/hooks.ts";
import { fatal } from "../runtime/panic.ts";
import { afterLag, countTry, missed, ready, spinning } from "../runtime/turn.ts";
import { serve } from "../runtime/waiter.ts";
import { type Locked, lockedBy, type Locker } from "./locker.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * A lock for any number of readers or one writer. Mirrors Go's `sync.RWMutex`. A new one is unlocked.
 *
 * A writer that waits keeps new readers out, so that readers cannot starve it; read locks are therefore not reentrant.
 * When a writer unlocks, all readers that have queued meanwhile enter before the next writer. Locks belong to no
 * goroutine.
 *
 * @example
 * ```ts
 * const rw = new sync.RWMutex();
 * using _1 = await rw.rLock();
 * using _2 = await rw.rLock();
 * console.log(rw.tryLock()); // false
 * ```
 */
export class RWMutex implements Locker {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  /** How many read locks are held; none while `#writing`. */
  #readers = 0;
  #writing = false;
  readonly #waitingReaders = new WaitList("sync.RWMutex.RLock", this);
  readonly #waitingWriters = new WaitList("sync.RWMutex.Lock", this);
  readonly #locked: Locked = lockedBy(() => this.unlock());
  readonly #readLocked: Locked = lockedBy(() => this.rUnlock());
  readonly #rLocker: Locker = { lock: () => this.rLock(), unlock: () => this.rUnlock() };

  /**
   * Locks for writing; waits for the readers and writers before it. Mirrors Go's `RWMutex.Lock`.
   *
   * @param ctx Gives up when this context ends, without the lock; it is checked first.
   * @returns An object that unlocks when it is disposed of.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `sync: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * using _ = await rw.lock();
   * ```
   */
  lock(ctx?: ContextLike): Promise<Locked> {
    return enterOrWait(
      "sync",
      ctx,
      () => {
        if (spinning && this.#isFree()) return afterLag(this, this.lock, ctx);
        return this.#enter() ? ready(this.#locked) : this.#waitingWriters;
      },
      undefined,
      () => {
        // The readers that this writer kept out may enter, unless another writer keeps them out.
        if (!this.#writing && this.#waitingWriters.isEmpty()) this.#admitReaders();
      },
    );
  }

  /**
   * Locks for writing if no lock is held or awaited, and tells whether it did. Mirrors Go's `RWMutex.TryLock`.
   *
   * @example
   * ```ts
   * if (!rw.tryLock()) return; // another goroutine reads or writes
   * ```
   */
  tryLock(): boolean {
    return this.#enter() || missed();
  }

  #isFree(): boolean {
    return !this.#writing && this.#readers === 0 && this.#waitingWriters.isEmpty();
  }

  /** Locks for writing if that is possible at once. */
  #enter(): boolean {
    countTry();
    if (!this.#isFree()) return false;
    this.#writing = true;
    hooks?.sync?.(this, "lock", 1);
    return true;
  }

  /**
   * Releases a write lock. Mirrors Go's `RWMutex.Unlock`. If none is held it ends the program with Go's fatal error
   * `sync: Unlock of unlocked RWMutex`.
   *
   * @example
   * ```ts
   * rw.unlock();
   * ```
   */
  unlock(): void {
    if (!this.#writing) fatal("sync: Unlock of unlocked RWMutex");
    this.#writing = false;
    hooks?.sync?.(this, "unlock", 1);
    if (this.#waitingReaders.isEmpty()) this.#admitWriter();
    else this.#admitReaders();
  }

  /**
   * Locks for reading; waits while a writer holds or awaits the lock. Mirrors Go's `RWMutex.RLock`.
   *
   * @param ctx Gives up when this context ends, without the lock; it is checked first.
   * @returns An object that unlocks when it is disposed of.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `sync: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * using _ = await rw.rLock();
   * return cache.get(name);
   * ```
   */
  rLock(ctx?: ContextLike): Promise<Locked> {
    return enterOrWait("sync", ctx, () => {
      if (spinning && this.#isFreeToRead()) return afterLag(this, this.rLock, ctx);
      return this.#enterToRead() ? ready(this.#readLocked) : this.#waitingReaders;
    });
  }

  /**
   * Locks for reading if no writer holds or awaits the lock, and tells whether it did. Mirrors Go's `RWMutex.TryRLock`.
   *
   * @example
   * ```ts
   * if (!rw.tryRLock()) return; // a writer holds or awaits it
   * ```
   */
  tryRLock(): boolean {
    return this.#enterToRead() || missed();
  }

  #isFreeToRead(): boolean {
    return !this.#writing && this.#waitingWriters.isEmpty();
  }

  /** Locks for reading if that is possible at once. */
  #enterToRead(): boolean {
    countTry();
    if (!this.#isFreeToRead()) return false;
    this.#readers++;
    hooks?.sync?.(this, "rLock", 1);
    return true;
  }

  /**
   * Releases a read lock. Mirrors Go's `RWMutex.RUnlock`. If none is held it ends the program with Go's fatal error
   * `sync: RUnlock of unlocked RWMutex`.
   *
   * @example
   * ```ts
   * rw.rUnlock();
   * ```
   */
  rUnlock(): void {
    if (this.#readers === 0) fatal("sync: RUnlock of unlocked RWMutex");
    hooks?.sync?.(this, "rUnlock", 1);
    if (--this.#readers === 0) this.#admitWriter();
  }

  /**
   * Returns a {@link Locker} whose `lock` and `unlock` are `rLock` and `rUnlock`. Mirrors Go's `RWMutex.RLocker`.
   *
   * @example
   * ```ts
   * const changed = new sync.Cond(rw.rLocker());
   * ```
   */
  rLocker(): Locker {
    return this.#rLocker;
  }

  /**
   * Returns the text in logs: whether it is locked, or how many readers hold it.
   *
   * @example
   * ```ts
   * console.log(String(new sync.RWMutex())); // RWMutex(unlocked)
   * ```
   */
  toString(): string {
    return `RWMutex(${this.#writing ? "locked" : this.#readers > 0 ? `${this.#readers} reading` : "unlocked"})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  /** Gives the lock to the writer that has waited longest. Only while no lock is held. */
  #admitWriter(): void {
    const { first } = this.#waitingWriters.queue;
    if (first === undefined) return;
    this.#writing = true;
    serve(first, this.#locked, true);
  }

  /** Gives read locks to all readers that wait. Only while no writer holds the lock. */
  #admitReaders(): void {
    const { queue } = this.#waitingReaders;
    for (let reader = queue.first; reader !== undefined; reader = queue.first) {
      this.#readers++;
      serve(reader, this.#readLocked, true);
    }
  }
}
