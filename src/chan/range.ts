import { ready } from "../runtime/turn.ts";
import { asStep } from "../runtime/waiter.ts";
import type { ContextLike } from "./chan.ts";
import type { Channel } from "./channel.ts";
import { receiveWithContext } from "./with-context.ts";

/**
 * The loop over a channel. It has no `return` method: leaving the loop needs no clean-up, because between two turns it
 * holds no value and is parked nowhere.
 */
export class ChannelRange<T> implements AsyncIterableIterator<T, undefined> {
  readonly #channel: Channel<T>;
  readonly #ctx: ContextLike | undefined;

  constructor(channel: Channel<T>, ctx: ContextLike | undefined) {
    this.#channel = channel;
    this.#ctx = ctx;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const channel = this.#channel;
    if (this.#ctx === undefined) {
      if (channel.lookForValue()) return ready({ value: channel.take(), done: false });
      return channel.waitForValue(asStep) as Promise<IteratorResult<T, undefined>>;
    }
    return receiveWithContext(channel, asStep, this.#ctx) as Promise<IteratorResult<T, undefined>>;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
