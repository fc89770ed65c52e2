import { asStep } from "../runtime/waiter.ts";
import type { Ending } from "./chan.ts";
import type { Channel } from "./channel.ts";
import { receiveUntil } from "./until.ts";

/**
 * The loop over a channel. It has no `return` method: leaving the loop needs no clean-up, because between two turns it
 * holds no value and is parked nowhere.
 */
export class ChannelRange<T> implements AsyncIterableIterator<T, undefined> {
  readonly #channel: Channel<T>;
  readonly #ctx: Ending | undefined;

  constructor(channel: Channel<T>, ctx: Ending | undefined) {
    this.#channel = channel;
    this.#ctx = ctx;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const step =
      this.#ctx === undefined ? this.#channel.receiveAs(asStep) : receiveUntil(this.#channel, asStep, this.#ctx);
    return step as Promise<IteratorResult<T, undefined>>;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
