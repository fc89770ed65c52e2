/**
 * The operations that give up when a context ends: a select between the operation and `ctx.done()`, without the names
 * and the choice. A context that has ended already wins; otherwise what happens first does.
 */

import { describe } from "../runtime/describe.ts";
import { PanicError } from "../runtime/panic.ts";
import { ready, readyError, readyVoid } from "../runtime/turn.ts";
import { asNothing, type Group, park, type Shape, shaped, Waiter, wake, wakeError } from "../runtime/waiter.ts";
import type { Ending } from "./chan.ts";
import { Channel, sendOnClosed } from "./channel.ts";

export function receiveUntil<T>(channel: Channel<T>, shape: Shape, ctx: Ending): Promise<unknown> {
  const end = whyEnded(ctx);
  if (end !== undefined) return readyError(end);
  if (channel.hasValue()) return ready(shaped(shape, channel.take(), true));
  if (channel.isClosed()) return ready(shaped(shape, undefined, false));
  return new UntilEnd(shape, undefined, ctx).park((waiter) => channel.addReceiver(waiter));
}

export function sendUntil<T>(channel: Channel<T>, value: T, ctx: Ending): Promise<void> {
  const end = whyEnded(ctx);
  if (end !== undefined) return readyError(end);
  if (channel.isClosed()) return readyError(sendOnClosed());
  if (channel.hasRoom()) {
    channel.put(value);
    return readyVoid();
  }
  return new UntilEnd(asNothing, value, ctx).park((waiter) => channel.addSender(waiter)) as Promise<void>;
}

/** Returns the error of a context that has ended, or that is none. */
function whyEnded(ctx: Ending): Error | undefined {
  if (typeof ctx?.err === "function" && typeof ctx.done === "function") return ctx.err();
  return new TypeError(`chan: the context must have the methods done and err, got ${describe(ctx)}`);
}

/** One waiter in the channel's queue and one in that of `ctx.done()`. */
class UntilEnd implements Group {
  resume!: (result: never) => void;
  readonly #operation: Waiter;
  readonly #end: Waiter;
  readonly #ctx: Ending;

  constructor(shape: Shape, value: unknown, ctx: Ending) {
    this.#operation = new Waiter(shape, value, this);
    this.#end = new Waiter(asNothing, undefined, this);
    this.#ctx = ctx;
  }

  park(enqueue: (operation: Waiter) => void): Promise<unknown> {
    const done = this.#ctx.done();
    if (!(done instanceof Channel || done === null || done === undefined)) {
      return readyError(new TypeError(`chan: the context's done() must return a channel, got ${describe(done)}`));
    }
    // It may have ended since it was asked; and asking may run code of the user's, which must not find it half parked.
    if (done?.hasValue() === true || done?.isClosed() === true) return readyError(this.#endError());
    enqueue(this.#operation);
    done?.addReceiver(this.#end);
    return park(this, "select");
  }

  serve(waiter: Waiter, value: unknown, ok: boolean): void {
    this.#withdraw();
    if (waiter === this.#operation) wake(this, shaped(waiter.shape, value, ok));
    else wakeError(this, this.#endError());
  }

  fail(_: Waiter, error: Error): void {
    this.#withdraw();
    wakeError(this, error);
  }

  #endError(): Error {
    return this.#ctx.err() ?? new PanicError("context: internal error: missing cancel error");
  }

  #withdraw(): void {
    this.#operation.queue?.remove(this.#operation);
    this.#end.queue?.remove(this.#end);
  }
}
