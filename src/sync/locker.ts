/// <reference lib="esnext.disposable" preserve="true" />
import { checkFunction } from "../runtime/arguments.ts";
import { dispose } from "../runtime/symbols.ts";

/** An object that can be locked and unlocked. Mirrors Go's `sync.Locker`. */
export interface Locker {
  /** Locks; waits until it can. */
  lock(): Promise<unknown>;
  /** Unlocks, and gives the lock to the next waiter. */
  unlock(): void;
}

/**
 * A lock that is held: disposing of it unlocks, so that `using _ = await mu.lock()` holds it to the end of the block.
 */
export interface Locked extends Disposable {}

/** Returns the object with which the holders of a lock release it. All holders share one. */
export function lockedBy(unlock: () => void): Locked {
  return { [dispose]: unlock };
}

/** Runs `f` with the lock held, and releases it whatever `f` does. */
export async function holding<T>(locker: Locker, f: () => T | PromiseLike<T>): Promise<T> {
  checkFunction("withLock", f);
  await locker.lock();
  try {
    return await f();
  } finally {
    locker.unlock();
  }
}
