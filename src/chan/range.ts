import { ready, readyError } from "../runtime/turn.ts";
import { asStep, serve, shaped, type Waiter } from "../runtime/waiter.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { ContextLike } from "./chan.ts";
import type { Channel } from "./channel.ts";

/**
 * The loop over a channel. Between two calls of `next` it holds no value and is in no queue.
 *
 * Streams and pipelines call `return` while a `next` still waits. The waiter of that `next` must leave the channel's
 * queue: left behind it would take the next value, which would be lost. A value that `next` was already given belongs
 * to its caller; it cannot be put back, because its sender has resumed.
 */
export class ChannelRange<T> implements AsyncIterableIterator<T, undefined> {
  /** Undefined once the loop is over. */
  #channel: Channel<T> | undefined;
  readonly #ctx: ContextLike | undefined;
  /**
   * The calls of `next` that wait, as a list linked by the waiters' `value`. They are served in this order, so the
   * served ones are in front. The next call drops those: in some engines a served waiter keeps what it received alive.
   */
  #oldest: Waiter | undefined;
  #newest: Waiter | undefined;

  constructor(channel: Channel<T>, ctx: ContextLike | undefined) {
    this.#channel = channel;
    this.#ctx = ctx;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const channel = this.#channel;
    if (channel === undefined) return over();
    if (this.#ctx === undefined && channel.lookForValue()) {
      // There is a value, so no receiver waits.
      this.#oldest = this.#newest = undefined;
      return ready({ value: channel.take(), done: false });
    }
    return channel.waitForValue(asStep, this.#ctx, this) as Promise<IteratorResult<T, undefined>>;
  }

  /** Adds the waiter of a `next`. */
  add(waiter: Waiter): void {
    while (this.#oldest !== undefined && this.#oldest.queue === undefined) this.#oldest = behind(this.#oldest);
    if (this.#oldest === undefined) this.#oldest = waiter;
    else (this.#newest as Waiter).value = waiter;
    this.#newest = waiter;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#channel = undefined;
    for (let waiter = this.#oldest; waiter !== undefined; waiter = behind(waiter)) {
      if (waiter.queue !== undefined) serve(waiter, undefined, false);
    }
    this.#oldest = this.#newest = undefined;
    return over();
  }

  throw(error: unknown): Promise<never> {
    void this.return();
    return readyError(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  static {
    refuseUnbound(this);
  }
}

function behind(waiter: Waiter): Waiter | undefined {
  return waiter.value as Waiter | undefined;
}

function over(): Promise<IteratorResult<never, undefined>> {
  return ready(shaped(asStep, undefined, false)) as Promise<IteratorResult<never, undefined>>;
}
