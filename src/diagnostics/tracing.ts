/**
 * The tracing channels of the host, for the packages that publish on them.
 *
 * Without subscribers a channel costs five looks at a boolean; no message is built then.
 */

import { host } from "../runtime/host.ts";

/** The part of a channel of `node:diagnostics_channel` that is used here. */
interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: object): void;
  runStores<T>(message: object, f: () => T): T;
}

/** The five channels of one operation. */
interface Channels {
  readonly start: Channel;
  readonly end: Channel;
  readonly asyncStart: Channel;
  readonly asyncEnd: Channel;
  readonly error: Channel;
}

/** The properties that every message gets in the course of its operation, with Node's names. */
export interface Outcome {
  /** What the operation has returned, from `asyncStart` on. */
  result?: unknown;
  /** What it has thrown, from `error` on. */
  error?: unknown;
}

/** Undefined in browsers, and in Node before 20.16, which has no `getBuiltinModule`. */
const hostChannels = host.process?.getBuiltinModule?.<{ tracingChannel?(name: string): Channels }>(
  "node:diagnostics_channel",
);

/** The channels `tracing:gocsp:NAME:start`, `…:end`, `…:asyncStart`, `…:asyncEnd` and `…:error`. */
export class Tracing<Message extends Outcome> {
  readonly #channels: Channels | undefined;

  constructor(name: string) {
    this.#channels = hostChannels?.tracingChannel?.(`gocsp:${name}`);
  }

  /** Whether there are subscribers: otherwise no message needs to be built. */
  get wanted(): boolean {
    const channels = this.#channels;
    return (
      channels !== undefined &&
      (channels.start.hasSubscribers ||
        channels.end.hasSubscribers ||
        channels.asyncStart.hasSubscribers ||
        channels.asyncEnd.hasSubscribers ||
        channels.error.hasSubscribers)
    );
  }

  /** Calls `f` as the operation of this message, and returns what it returns. */
  trace<T>(message: Message, f: () => Promise<T>): Promise<T> {
    return this.begin(message, () => this.over(message, f()));
  }

  /**
   * Publishes when `result` of the operation settles, and returns a promise for the caller. With `result` itself, a
   * rejection that the caller does not handle would count as handled.
   */
  over<T>(message: Message, result: PromiseLike<T>, isError: (thrown: unknown) => boolean = () => true): Promise<T> {
    return Promise.resolve(result).then(
      (value) => {
        this.settle(message, value);
        return value;
      },
      (thrown: unknown) => {
        if (isError(thrown)) this.fail(message, thrown);
        this.settle(message, undefined);
        throw thrown;
      },
    );
  }

  /** Calls `f`, with which the operation begins, in the stores that subscribers bind to the channel `start`. */
  begin<T>(message: Message, f: () => T): T {
    const channels = this.#channels;
    if (channels === undefined) return f();
    return channels.start.runStores(message, () => {
      try {
        return f();
      } finally {
        channels.end.publish(message);
      }
    });
  }

  /** The operation has failed; it settles afterwards. */
  fail(message: Message, error: unknown): void {
    message.error = error;
    this.#channels?.error.publish(message);
  }

  /** The operation is over. */
  settle(message: Message, result: unknown): void {
    if (result !== undefined) message.result = result;
    this.#channels?.asyncStart.publish(message);
    this.#channels?.asyncEnd.publish(message);
  }
}
