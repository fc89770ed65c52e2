import { ready } from "../runtime/turn.ts";
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
    const channel = this.#channel;
    if (this.#ctx === undefined) {
      if (channel.lookForValue()) return ready({ value: channel.take(), done: false });
      return channel.waitForValue(asStep) as Promise<IteratorResult<T, undefined>>;
    }
    return receiveUntil(channel, asStep, this.#ctx) as Promise<IteratorResult<T, undefined>>;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
