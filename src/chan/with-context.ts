/**
 * The operations that give up when a context ends: a select between the operation and `ctx.done()`, without names and
 * random choice. A context that has already ended wins; otherwise the first event does.
 */

import type { WaitState } from "../runtime/hooks.ts";
import { asNothing, type Group, park, type Shape, shaped, Waiter, wake, wakeThrowing } from "../runtime/waiter.ts";
import type { ContextLike } from "./chan.ts";
import type { Channel } from "./channel.ts";
import { channelOf, endError, errOf, refuse } from "./context-like.ts";

/**
 * Returns the channel that will close when `ctx` ends; undefined if it never will. A user's context may run any code in its
 * methods, so they are called before the first look at the channel.
 *
 * @throws The error of a context that has ended, or refuses to answer: then the operation must not begin.
 */
export function doneChannel(what: string, ctx: ContextLike): Channel<unknown> | undefined {
  if (typeof ctx?.err !== "function" || typeof ctx.done !== "function") refuse(`${what}: the context`, ctx);
  const error = errOf(ctx);
  if (error !== undefined) throw error;
  const done = channelOf(what, ctx);
  if (done?.hasValue() || done?.isClosed()) throw endError(ctx);
  return done;
}

/** One waiter in the channel's queue and one in that of `ctx.done()`. */
export class ContextWait implements Group {
  resume!: (result: never) => void;
  readonly state: WaitState;
  readonly operation: Waiter;
  readonly #end: Waiter;
  readonly #ctx: ContextLike;
  readonly #gaveUp: (() => void) | undefined;

  /** `gaveUp` is called in the step in which the end of the context withdraws the operation. */
  constructor(state: WaitState, shape: Shape, value: unknown, ctx: ContextLike, gaveUp?: () => void) {
    this.state = state;
    this.#gaveUp = gaveUp;
    this.operation = new Waiter(shape, value, this);
    this.#end = new Waiter(asNothing, undefined, this);
    this.#ctx = ctx;
  }

  /** Parks on the end of the context too. The caller has queued the operation. */
  park(done: Channel<unknown> | undefined, on: object): Promise<unknown> {
    done?.addReceiver(this.#end);
    return park(this, this.state, on, this.operation.value);
  }

  serve(waiter: Waiter, value: unknown, ok: boolean): void {
    this.#withdraw();
    if (waiter === this.operation) {
      wake(this, shaped(waiter.shape, value, ok));
    } else {
      // A user's `err()` must not run now, while other contexts are ending: it is called when the goroutine resumes.
      wakeThrowing(this, () => endError(this.#ctx));
      this.#gaveUp?.();
    }
  }

  fail(_: Waiter, make: () => Error): void {
    this.#withdraw();
    wakeThrowing(this, make);
  }

  #withdraw(): void {
    this.operation.queue?.remove(this.operation);
    this.#end.queue?.remove(this.#end);
  }
}
