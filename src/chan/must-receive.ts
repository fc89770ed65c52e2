import { describe } from "../runtime/arguments.ts";
import { PanicError } from "../runtime/panic.ts";
import { readyError } from "../runtime/turn.ts";
import { Channel } from "./channel.ts";
import type { ContextLike, ReceiveChan } from "./chan.ts";

/**
 * Receives a value from a channel that the program does not close: `v := <-ch`. Waits as `receive` does, but has the
 * type T, and throws if the channel is closed and drained, where Go's receive yields the zero value.
 *
 * @param ctx Gives up when this context ends, as in `receive`.
 * @throws PanicError `receive on closed channel`
 * @throws `ctx.err()` once `ctx` has ended.
 * @throws TypeError `mustReceive: 42 is not a channel`, or `chan: the context must be a Context, got …`
 *
 * @example
 * ```ts
 * const replies = chan<number>(1);
 * await replies.send(42);
 * const answer = await mustReceive(replies);
 * console.log(answer.toFixed(1)); // 42.0
 * ```
 */
// A function and not a method: with a method that yields T the compiler would refuse `ctx.done() === nilChan()`.
export function mustReceive<T>(channel: ReceiveChan<T>, ctx?: ContextLike): Promise<T> {
  const ch: unknown = channel;
  if (!(ch instanceof Channel)) return readyError(new TypeError(`mustReceive: ${describe(ch)} is not a channel`));
  return channel.receiveOk(ctx).then(([value, ok]) => {
    if (!ok) throw new PanicError("receive on closed channel");
    return value;
  });
}
