import { readyError } from "../runtime/turn.ts";
import { asValue, park, Waiter } from "../runtime/waiter.ts";
import type { Ending } from "./chan.ts";
import type { Channel } from "./channel.ts";
import type { WaitingRoom } from "./room.ts";
import { Ended, openEnd, UntilEnd } from "./until.ts";

/**
 * The waits of what is built on the same waiters as channels: locks, counters, semaphores.
 *
 * Asks a context, if there is one, and then lets `enter` look: it returns a promise if there is nothing to wait for.
 * Otherwise the caller waits in the room that `enter` names, and gets the value with which it is served. If its context
 * ends before that, it is withdrawn and `gaveUp` called, in one step.
 *
 * The context is asked before the look, never between the look and the wait: it may do anything meanwhile.
 */
export function enterOrWait<T>(
  what: string,
  ctx: Ending | undefined,
  enter: () => Promise<T> | WaitingRoom,
  value?: unknown,
  gaveUp?: () => void,
): Promise<T> {
  const done: Channel<unknown> | Ended | undefined = openEnd(what, ctx);
  if (done instanceof Ended) return readyError(done.error);
  const entered = enter();
  if (entered instanceof Promise) return entered;
  if (ctx === undefined) {
    const waiter = new Waiter(asValue, value, undefined);
    entered.open().push(waiter);
    return park(waiter, entered.state);
  }
  const wait = new UntilEnd(entered.state, asValue, value, ctx, gaveUp);
  entered.open().push(wait.operation);
  return wait.park(done) as Promise<T>;
}
