/**
 * Channels: typed pipes between goroutines. Mirrors Go's channel types and its built-in functions `make`, `close`,
 * `len` and `cap`.
 *
 * The interfaces below are the specification; `channel.ts` is the implementation.
 *
 * @module
 */

import { describe } from "../runtime/arguments.ts";
import { PanicError } from "../runtime/panic.ts";
import { type Channel, makeChannel } from "./channel.ts";
import { nil } from "./nil.ts";

export { mustReceive } from "./must-receive.ts";

/**
 * The part of a context that operations use: a channel that closes at its end, and the error to throw then.
 * Every `Context` is one; so is any object with these two methods.
 */
export interface ContextLike {
  /**
   * Returns the channel that closes at the end; a nil channel if there will be none. With anything else operations
   * throw TypeError `chan: done() of … must return a channel, got …`, those of `sync` and `semaphore` with that name in
   * front.
   */
  done(): ReceiveChan<unknown> | null | undefined;
  /** Returns why it ended; undefined, or null, exactly while `done()` is open. */
  err(): Error | null | undefined;
}

/** What a receive yields: a value with `ok` true, or `undefined` with `ok` false from a closed and drained channel. */
export type Received<T> = readonly [value: T, ok: true] | readonly [value: undefined, ok: false];

/** What a receive that must not wait yields, as an object. */
export type TryReceived<T> =
  | { readonly value: T; readonly ok: true }
  | { readonly value: undefined; readonly ok: false };

/**
 * The receiving side of a channel. Mirrors Go's `<-chan T`.
 *
 * It is the same object as the channel itself, seen through a narrower type; sending and closing do not compile.
 * Receivers are served in the order in which they began to wait, whether they wait in a plain receive or in a select.
 */
export interface ReceiveChan<out T> {
  /**
   * Receives a value: `v := <-ch`. Waits until there is one or the channel is closed; yields `undefined` once the
   * channel is closed and drained. On a nil channel it never returns.
   *
   * `await` flattens: from a channel of promises it yields what the promise resolves to, and throws what it rejects
   * with. `receiveOk` and `for await` deliver promises untouched.
   *
   * @param ctx Gives up when this context ends: the context is checked first, then the receive behaves as Go's
   * `select { case <-ctx.Done(): return ctx.Err(); case v := <-ch: … }`. A value is either received or still in the
   * channel.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `chan: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * const ch = chan<string>(1);
   * await ch.send("hello");
   * console.log(await ch.receive()); // hello
   * ```
   */
  receive(ctx?: ContextLike): Promise<T | undefined>;

  /**
   * Receives a value, and whether there was one: `v, ok := <-ch`. With `ok` false the channel is closed and drained.
   * Every element arrives as it was sent, also `undefined` and promises.
   *
   * @param ctx As in `receive`.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `chan: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * const ch = chan<number>();
   * ch.close();
   * const [value, ok] = await ch.receiveOk();
   * console.log(value, ok); // undefined false
   * ```
   */
  receiveOk(ctx?: ContextLike): Promise<Received<T>>;

  /**
   * Receives if it need not wait: `select { case v, ok := <-ch: … default: … }`. Synchronous: returns `undefined` where
   * Go would take the default.
   *
   * @example
   * ```ts
   * const got = ch.tryReceive();
   * if (got === undefined) console.log("nothing there yet");
   * else if (got.ok) console.log("received", got.value);
   * else console.log("closed");
   * ```
   */
  tryReceive(): TryReceived<T> | undefined;

  /**
   * Receives until the channel is closed and drained: `for v := range ch`. Leaving the loop early neither closes the
   * channel nor loses a value: the next loop goes on where this one stopped.
   *
   * Every element arrives as it was sent, promises too, although the compiler gives the loop variable the type that a
   * promise resolves to.
   *
   * The iterator's `return` and `throw` end each `next` that still waits: a destroyed `Readable.from(ch)` or a canceled
   * `ReadableStream.from(ch)` takes no further value. A value that `next` was already given belongs to its caller.
   *
   * @example
   * ```ts
   * for await (const value of ch) console.log(value);
   * ```
   */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined>;

  /**
   * Receives until the channel is closed and drained, or `ctx` ends; then the loop throws. Mirrors Go's loop around
   * `select { case <-ctx.Done(): … case v, ok := <-ch: … }`.
   *
   * @throws `ctx.err()` once `ctx` has ended; it is checked before each receive. If it leaves a goroutine it ends the
   * program, where Go discards it; `errors.result` discards it too.
   * @throws TypeError `chan: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * for await (const job of jobs.range(ctx)) await work(job);
   * ```
   */
  range(ctx: ContextLike): AsyncIterable<T>;

  /** The number of values in the buffer: `len(ch)`. 0 for unbuffered and nil channels, and for those of timers. */
  readonly length: number;

  /** The size of the buffer: `cap(ch)`. 0 for unbuffered and nil channels, and for those of timers. */
  readonly capacity: number;
}

/**
 * The sending side of a channel. Mirrors Go's `chan<- T`.
 *
 * It is the same object as the channel itself, seen through a narrower type; receiving does not compile. Senders are
 * served in the order in which they began to wait.
 */
export interface SendChan<in T> {
  /**
   * Sends a value: `ch <- v`. Waits until a receiver has taken it or the buffer has room for it. On a nil channel it
   * never returns. Any value can be sent, `undefined` and promises among them; objects are shared, not copied.
   *
   * @param ctx Gives up when this context ends, as in {@link ReceiveChan.receive}: the value is either sent or not.
   * @throws PanicError `send on closed channel`, also when the channel is closed while the send waits.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `chan: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * await ch.send(42);
   * ```
   */
  // Properties, because the compiler checks methods bivariantly: it would take a channel of dogs where any animal may
  // be sent.
  readonly send: (value: T, ctx?: ContextLike) => Promise<void>;

  /**
   * Sends if it need not wait: `select { case ch <- v: … default: … }`. Synchronous: returns whether it has sent.
   *
   * @throws PanicError `send on closed channel`
   *
   * @example
   * ```ts
   * if (!ch.trySend(event)) stats.dropped++;
   * ```
   */
  readonly trySend: (value: T) => boolean;

  /**
   * Closes the channel: `close(ch)`. Receivers get what is buffered, then `undefined` with `ok` false, every time.
   * Senders that wait throw `send on closed channel`.
   *
   * @throws PanicError `close of closed channel`, or `close of nil channel`.
   *
   * @example
   * ```ts
   * ch.close();
   * ```
   */
  close(): void;

  /** The number of values in the buffer: `len(ch)`. */
  readonly length: number;

  /** The size of the buffer: `cap(ch)`. */
  readonly capacity: number;
}

/**
 * A channel of values of type T. Mirrors Go's `chan T`. Made by {@link chan}.
 *
 * It can be passed wherever a {@link ReceiveChan} or {@link SendChan} is wanted; the views are the same object.
 */
export interface Chan<in out T> extends ReceiveChan<T>, SendChan<T> {
  /** The number of values in the buffer: `len(ch)`. */
  readonly length: number;

  /** The size of the buffer: `cap(ch)`. */
  readonly capacity: number;
}

/** The largest buffer that an engine's array can hold. */
const maxCapacity = 2 ** 32 - 1;

/**
 * Makes a channel: `make(chan T, capacity)`. Without a capacity it is unbuffered: each send waits for a receiver.
 *
 * @param capacity How many values the channel holds before a send waits: an integer from 0 to 2^32 - 1.
 * @throws PanicError `makechan: size out of range`
 *
 * @example
 * ```ts
 * const results = chan<number>(8);
 * ```
 */
export function chan<T>(capacity = 0): Chan<T> {
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > maxCapacity) {
    throw new PanicError("makechan: size out of range", { cause: new RangeError(`the size is ${describe(capacity)}`) });
  }
  // Adding zero turns -0 into 0.
  return makeChannel<T>(capacity + 0);
}

/**
 * Returns the nil channel, the zero value of Go's channel types, for places that need an object. Sending and receiving
 * never return, in a select its case is never ready, and closing it panics. It is the same object each time; in a
 * select `null` and `undefined` mean the same.
 *
 * @example
 * ```ts
 * let out: SendChan<number> = nilChan();
 * if (pending.length > 0) out = results; // enables the case of the next select
 * ```
 */
export function nilChan<T>(): Chan<T> {
  return nil as Channel<unknown> as Chan<T>;
}
