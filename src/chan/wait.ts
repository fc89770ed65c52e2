import { readyError } from "../runtime/turn.ts";
import type { WaitState } from "../runtime/hooks.ts";
import { asValue, park, Waiter, type WaitQueue } from "../runtime/waiter.ts";
import type { Ending } from "./chan.ts";
import { Ended, openEnd, UntilEnd } from "./until.ts";

/**
 * Waits in a queue that is no channel's, for what is built on the same waiters: locks, counters, semaphores. Resolves with
 * the value with which the waiter is served; gives up when `ctx` ends, if there is one. `value` is for whoever looks
 * through the queue.
 *
 * A context that has ended wins over everything, so callers with a context ask {@link endedError} before they look at
 * their own state.
 */
export function waitIn(queue: WaitQueue, state: WaitState, value: unknown, ctx?: Ending): Promise<unknown> {
  if (ctx === undefined) {
    const waiter = new Waiter(asValue, value, undefined);
    queue.push(waiter);
    return park(waiter, state);
  }
  const done = openEnd(ctx);
  if (done instanceof Ended) return readyError(done.error);
  const wait = new UntilEnd(asValue, value, ctx);
  queue.push(wait.operation);
  return wait.park(done);
}

/** Returns why an operation with this context must not even begin; undefined if it may. */
export function endedError(ctx: Ending | undefined): unknown {
  if (ctx === undefined) return undefined;
  const done = openEnd(ctx);
  return done instanceof Ended ? done.error : undefined;
}
