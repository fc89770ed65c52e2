import { readyError } from "../runtime/turn.ts";
import { asValue } from "../runtime/waiter.ts";
import type { ContextLike } from "./chan.ts";
import type { Channel } from "./channel.ts";
import type { WaitList } from "../runtime/wait-list.ts";
import { ContextWait, doneChannel } from "./with-context.ts";

/**
 * Waits in a list of a lock, a counter or a semaphore, with a context or without.
 *
 * Checks the context, if there is one, and then calls `enter`, which returns a promise if there is nothing to wait for.
 * Otherwise the caller waits in the list that `enter` returns, and gets the value with which it is served. If its
 * context ends first, its waiter is withdrawn and `gaveUp` called in one step.
 *
 * The context is checked before `enter` looks, not between the look and the wait: a user's context may run any code.
 */
export function enterOrWait<T>(
  what: string,
  ctx: ContextLike | undefined,
  enter: () => Promise<T> | WaitList,
  value?: unknown,
  gaveUp?: () => void,
): Promise<T> {
  let done: Channel<unknown> | undefined;
  try {
    done = ctx === undefined ? undefined : doneChannel(what, ctx);
  } catch (error) {
    return readyError(error);
  }
  const entered = enter();
  if (entered instanceof Promise) return entered;
  if (ctx === undefined) return entered.wait(value) as Promise<T>;
  const wait = new ContextWait(entered.state, asValue, value, ctx, gaveUp);
  entered.push(wait.operation);
  return wait.park(done, entered.owner) as Promise<T>;
}
