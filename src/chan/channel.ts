import { hooks, type WaitState } from "../runtime/hooks.ts";
import { PanicError } from "../runtime/panic.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { type Site, track } from "../runtime/sites.ts";
import { afterLag, countTry, missed, ready, readyError, readyVoid, spinning } from "../runtime/turn.ts";
import {
  asNothing,
  asPair,
  asValue,
  fail,
  park,
  serve,
  serveDelayed,
  type Shape,
  shaped,
  Waiter,
  WaitQueue,
  type Watched,
} from "../runtime/waiter.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Chan, ContextLike, Received, TryReceived } from "./chan.ts";
import { ChannelRange } from "./range.ts";
import { ContextWait, doneChannel } from "./with-context.ts";

/**
 * The timer or the deadline that fills a channel. The channel polls it before every look, so it has no work between
 * looks, and calls `watch` when the first receiver parks and `unwatch` when the last one leaves.
 */
export interface Source extends Watched {
  /** Puts into the channel, or closes it, if that is due. */
  poll(): void;
}

/**
 * The channel. All operations are made of four synchronous steps: `lookForValue` and `take` for receivers, `hasRoom`
 * and `put` for senders. An operation that cannot proceed parks a waiter in the channel's queue. Its later partner
 * serves the waiter in the same step in which it communicates, so no operation has to look twice.
 *
 * Invariants between operations:
 * - a value in the buffer means that no receiver is parked, and free room means that no sender is;
 * - receivers and senders are parked at once only if they belong to one and the same select;
 * - a closed channel has no waiters.
 */
export class Channel<T> implements Chan<T>, Site {
  /** A ring of the values: `#count` of them from `#head` on. Made and grown on demand; its size is a power of two. */
  #ring: (T | undefined)[] | undefined;
  #head = 0;
  #count = 0;
  readonly #limit: number;
  #closed = false;
  /** Made when an operation first has to wait. */
  #receivers: WaitQueue | undefined;
  #senders: WaitQueue | undefined;
  readonly #source: Source | undefined;
  /** @internal Refuses structured clones: see `Site`. */
  thread: symbol = oneThread;

  constructor(capacity: number, source?: Source) {
    this.#limit = capacity;
    this.#source = source;
  }

  /** 0 for a timer: the buffer of one that holds its value must not show, as in Go. */
  get length(): number {
    return this.#source === undefined ? this.#count : 0;
  }

  get capacity(): number {
    return this.#source === undefined ? this.#limit : 0;
  }

  receive(ctx?: ContextLike): Promise<T | undefined> {
    if (ctx === undefined && this.lookForValue()) return spinning ? afterLag(this, this.receive) : ready(this.take());
    return this.waitForValue(asValue, ctx) as Promise<T | undefined>;
  }

  receiveOk(ctx?: ContextLike): Promise<Received<T>> {
    if (ctx === undefined && this.lookForValue()) {
      return spinning ? afterLag(this, this.receiveOk) : ready([this.take(), true]);
    }
    return this.waitForValue(asPair, ctx) as Promise<Received<T>>;
  }

  tryReceive(): TryReceived<T> | undefined {
    countTry();
    if (this.lookForValue()) return { value: this.take(), ok: true };
    if (this.seesEnd()) return { value: undefined, ok: false };
    missed();
    return undefined;
  }

  send(value: T, ctx?: ContextLike): Promise<void> {
    let done: Channel<unknown> | undefined;
    if (ctx !== undefined) {
      try {
        done = doneChannel("chan", ctx);
      } catch (error) {
        return readyError(error);
      }
    }
    if (this.#closed) return readyError(sendOnClosed());
    if (this.hasRoom()) {
      if (spinning) return afterLag(this, this.send, value, ctx);
      this.put(value);
      return readyVoid();
    }
    if (ctx === undefined) {
      const waiter = new Waiter(asNothing, value, undefined);
      this.addSender(waiter);
      return park(waiter, this.state("chan send"), this, value);
    }
    const wait = new ContextWait("select", asNothing, value, ctx);
    this.addSender(wait.operation);
    return wait.park(done, this) as Promise<void>;
  }

  trySend(value: T): boolean {
    countTry();
    if (this.#closed) throw sendOnClosed();
    if (!this.hasRoom()) return missed();
    this.put(value);
    return true;
  }

  close(): void {
    if (this.#closed) throw new PanicError("close of closed channel");
    this.#closed = true;
    hooks?.close?.(this);
    // Serving one waiter may withdraw others of the same select, so each iteration reads the queue's head again.
    for (let w = this.#receivers?.first; w !== undefined; w = this.#receivers?.first) {
      this.#serveReceiver(w, undefined, false);
    }
    for (let w = this.#senders?.first; w !== undefined; w = this.#senders?.first) fail(w, sendOnClosed);
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return new ChannelRange(this, undefined);
  }

  range(ctx: ContextLike): AsyncIterable<T> {
    return { [Symbol.asyncIterator]: () => new ChannelRange(this, ctx) };
  }

  /** The text in logs: the number of buffered values, or that it is closed. */
  toString(): string {
    return `Chan(${this.#closed ? "closed" : `${this.length}/${this.capacity}`})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  // The rest is for select, operations with a context, timers and contexts, and not part of the public types.

  /** @internal Tells whether a value can be taken now. */
  lookForValue(): boolean {
    this.poll();
    return this.hasValue();
  }

  /** @internal Polls the source. */
  poll(): void {
    this.#source?.poll();
  }

  /** @internal Tells whether a value can be taken, without polling the source. */
  hasValue(): boolean {
    return this.#count > 0 || this.#senders?.first !== undefined;
  }

  /** @internal Takes a value. Only after `lookForValue`. */
  take(): T {
    const sender = this.#senders?.first;
    if (this.#count === 0) return this.#takeFrom(sender as Waiter);
    const value = this.#shift();
    // The first parked sender's value moves into the free slot.
    if (sender !== undefined) this.#push(this.#takeFrom(sender));
    return value;
  }

  /** @internal Tells whether a value can be put now. Only on an open channel. */
  hasRoom(): boolean {
    return this.#receivers?.first !== undefined || this.#count < this.#limit;
  }

  /** @internal Puts a value: hands it to the first parked receiver, or into the buffer. Only after `hasRoom`. */
  put(value: T): void {
    const receiver = this.#receivers?.first;
    if (receiver !== undefined) this.#serveReceiver(receiver, value, true);
    else this.#push(value);
  }

  /** @internal */
  isClosed(): boolean {
    return this.#closed;
  }

  /** @internal Tells whether a receive that has found no value finds the end. */
  seesEnd(): boolean {
    return this.#closed;
  }

  /** @internal Tells whether a select must also poll a source or call an observer. */
  isSpecial(): boolean {
    return this.#source !== undefined;
  }

  /** @internal Tells whether this is the nil channel. */
  isNil(): boolean {
    return false;
  }

  /** @internal Drops what is buffered and tells whether there was anything. */
  drain(): boolean {
    if (this.#count === 0) return false;
    while (this.#count > 0) this.#shift();
    return true;
  }

  /**
   * @internal Continues a receive that has found no value, or has not looked because of its context: yields the end of a
   * closed channel, or parks the caller, whose waiter is then added to `range`.
   */
  waitForValue(shape: Shape, ctx?: ContextLike, range?: ChannelRange<unknown>): Promise<unknown> {
    let done: Channel<unknown> | undefined;
    if (ctx !== undefined) {
      try {
        done = doneChannel("chan", ctx);
      } catch (error) {
        return readyError(error);
      }
      if (this.lookForValue()) {
        // A loop does not lag: it could be left meanwhile, and would still take a value afterwards.
        if (spinning && range === undefined) return afterLag(this, this.waitForValue, shape, ctx);
        return ready(shaped(shape, this.take(), true));
      }
    }
    if (this.seesEnd()) return ready(shaped(shape, undefined, false));
    const wait = ctx && new ContextWait("select", shape, undefined, ctx);
    const waiter = wait?.operation ?? new Waiter(shape, undefined, undefined);
    this.addReceiver(waiter);
    range?.add(waiter);
    return wait?.park(done, this) ?? park(waiter, this.state("chan receive"), this);
  }

  /** @internal Queues a receiver. Only if there is nothing to receive. */
  addReceiver(waiter: Waiter): void {
    track(this);
    this.#receivers ??= new WaitQueue(this.#source);
    this.#receivers.push(waiter);
  }

  /** @internal Queues a sender. Only if there is no room. */
  addSender(waiter: Waiter): void {
    track(this);
    this.#senders ??= new WaitQueue();
    this.#senders.push(waiter);
  }

  /** @internal Tells whether an alarm keeps the channel alive while goroutines are parked on it. */
  isRooted(): boolean {
    return this.#source !== undefined;
  }

  /** @internal */
  queues(): ReturnType<Site["queues"]> {
    return [
      [this.#receivers, this.state("chan receive")],
      [this.#senders, this.state("chan send")],
    ];
  }

  /** The state of a waiter of this channel, as reports print it. */
  protected state(operation: "chan receive" | "chan send"): WaitState {
    return operation;
  }

  #serveReceiver(receiver: Waiter, value: unknown, ok: boolean): void {
    // A sender that has room continues at once. If its receiver did too, they would meet at each value and the buffer
    // would stay empty.
    if (this.#limit > 0 && this.#source === undefined) serveDelayed(receiver, value, ok);
    else serve(receiver, value, ok);
  }

  #takeFrom(sender: Waiter): T {
    const value = sender.value as T;
    serve(sender, undefined, true);
    return value;
  }

  #shift(): T {
    const ring = this.#ring as (T | undefined)[];
    const value = ring[this.#head] as T;
    // The slot must not keep a received value alive.
    ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (ring.length - 1);
    this.#count--;
    return value;
  }

  #push(value: T): void {
    const ring = (this.#ring ??= [undefined]);
    if (this.#count === ring.length) this.#grow(ring);
    ring[(this.#head + this.#count) & (ring.length - 1)] = value;
    this.#count++;
  }

  /** Doubles a full ring. Pushing keeps the array free of holes, which would make every later access slower. */
  #grow(ring: (T | undefined)[]): void {
    const size = ring.length;
    for (let i = 0; i < this.#head; i++) ring.push(ring[i]);
    while (ring.length < 2 * size) ring.push(undefined);
    for (let i = 0; i < this.#head; i++) ring[i] = undefined;
  }
}

/** Makes a channel; an observed one if hooks that watch channels are attached. */
export function makeChannel<T>(capacity: number, source?: Source): Channel<T> {
  if (hooks?.observed === undefined) return new Channel(capacity, source);
  const type = hooks.observed(Channel);
  return new type(capacity, source) as Channel<T>;
}

export function sendOnClosed(): PanicError {
  return new PanicError("send on closed channel");
}
