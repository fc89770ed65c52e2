import { type Chan, chan, type ReceiveChan, type SendChan } from "../chan/chan.ts";
import { type Context, withCancel } from "../context/context.ts";
import { checkContext, errOf, watchEnd } from "../context/internal.ts";
import { checkCount, describe } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";
import { go } from "../runtime/goroutine.ts";

/** The methods of an EventEmitter that are used. */
export interface EmitterLike {
  /** Adds a listener. */
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  /** Removes a listener. */
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** The methods of an EventTarget that are used. */
export interface TargetLike {
  /** Adds a listener. */
  addEventListener(event: string, listener: (event: unknown) => void): void;
  /** Removes a listener. */
  removeEventListener(event: string, listener: (event: unknown) => void): void;
}

/** A source of events. */
export type Target = EmitterLike | TargetLike;

/** How {@link receive} treats events. */
export interface ReceiveOptions<T> {
  /** How many events wait at most to be received: 16 if not given. */
  readonly capacity?: number;
  /**
   * What happens to an event when `capacity` events wait. `dropNewest`, the default, drops it, as `signal.notify` does;
   * `dropOldest` drops the one that has waited longest; `error` closes the channel, see {@link cause}; `pause` calls
   * the target's `pause()`, and `resume()` when half of them were received: it drops nothing, and events that still
   * come wait.
   */
  readonly full?: "dropNewest" | "dropOldest" | "error" | "pause";
  /**
   * Makes the value from the listener's arguments; without it the value is the first argument. What it throws goes to
   * whoever emits, as with any listener.
   */
  readonly map?: (...args: never[]) => T;
  /** The event after which no more come, such as `close`: it closes the channel. */
  readonly end?: string;
  /** The event of a failure, such as `error`: it closes the channel, see {@link cause}. */
  readonly error?: string;
}

interface Pausable {
  pause?(): unknown;
  resume?(): unknown;
}

/** The state of one subscription of a channel. */
interface Subscription {
  dropped: number;
  cause: Error | undefined;
  stop(): void;
  /** What {@link notify} listens to. */
  readonly target?: Target;
  readonly event?: string;
}

const subscriptions = new WeakMap<object, Set<Subscription>>();

/**
 * Sends the events of one kind to a channel, and never waits: if no receiver waits and the buffer is full, the event is
 * dropped, and counted. Give the channel a buffer. Asking twice for the same events changes nothing. After Go's
 * `signal.Notify`.
 *
 * @throws TypeError `events.notify: … is no channel`, `events.notify: … tells of no events`
 *
 * @example
 * ```ts
 * const clicks = chan<Event>(8);
 * const button = new EventTarget();
 * events.notify(clicks, button, "click");
 * button.dispatchEvent(new Event("click"));
 * console.log((await clicks.receive())?.type); // click
 * events.stop(clicks);
 * ```
 */
export function notify<T>(ch: SendChan<T>, target: Target, event: string): void {
  if (typeof (ch as Partial<SendChan<T>> | undefined)?.trySend !== "function") {
    throw new TypeError(`events.notify: ${describe(ch)} is no channel`);
  }
  checkTarget("events.notify", target);
  // Signals are a set, too: asking twice changes nothing.
  for (const known of subscriptions.get(ch) ?? []) if (known.target === target && known.event === event) return;
  let isStopped = false;
  const subscription: Subscription = { dropped: 0, cause: undefined, stop: () => undefined, target, event };
  remember(ch, subscription);
  const off = listen(target, event, (value) => {
    // An emitter also calls listeners that were removed while it emits.
    if (!isStopped && !ch.trySend(value as T)) subscription.dropped++;
  });
  subscription.stop = () => {
    isStopped = true;
    off();
  };
}

/**
 * Returns a channel with the events of one kind. When `ctx` ends or {@link stop} is called, the listeners are removed
 * and the channel is closed; events in its buffer can still be received.
 *
 * @throws TypeError `events.receive: the context must be a Context, got …`, `events.receive: … tells of no events`,
 * `events.receive: … cannot be paused`, `events.receive: full must be …`
 * @throws RangeError `events.receive: the capacity must be an integer of at least 0, got …`, or `of at least 1`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withCancel(context.background());
 * const target = new EventTarget();
 * const ticks = events.receive<Event>(ctx, target, "tick", { capacity: 2, full: "dropOldest" });
 * for (let i = 0; i < 5; i++) target.dispatchEvent(new Event("tick"));
 * cancel();
 * console.log(ticks.length, events.dropped(ticks)); // 2 3
 * ```
 */
export function receive<T>(
  ctx: Context,
  target: Target,
  event: string,
  options: ReceiveOptions<T> = {},
): ReceiveChan<T> {
  checkContext("events.receive: the context", ctx);
  checkTarget("events.receive", target);
  const { capacity = 16, full = "dropNewest" } = options;
  // Whoever emits has an asynchronous context of their own.
  const map = options.map === undefined ? undefined : bound(options.map as (...args: unknown[]) => T);
  checkCount("events.receive: the capacity", capacity);
  if (full === "dropOldest" && capacity === 0) {
    throw new RangeError("events.receive: the capacity must be an integer of at least 1, got 0");
  }
  if (!["dropNewest", "dropOldest", "error", "pause"].includes(full)) {
    throw new TypeError(`events.receive: full must be dropNewest, dropOldest, error or pause, got ${describe(full)}`);
  }
  const ch = chan<T>(full === "pause" ? 0 : capacity);
  const subscription: Subscription = { dropped: 0, cause: undefined, stop: () => undefined };
  const offs: (() => void)[] = [];
  let isOver = false;
  /** Closes the channel, after the events that it still has to deliver. */
  let finish = (): void => ch.close();
  const end = (cause?: Error): void => {
    if (isOver) return;
    isOver = true;
    subscription.cause = cause;
    for (const off of offs.splice(0)) off();
    finish();
  };
  /** Keeps what undoes a registration. A target may have told of an event, even of the last, while it was registered. */
  const undo = (off: () => void): void => {
    if (isOver) off();
    else offs.push(off);
  };
  subscription.stop = () => end();
  remember(ch, subscription);
  let add: (value: T) => void;
  if (full === "pause") {
    const { put, close } = paced(target as Pausable, ch, capacity, ctx, subscription);
    add = put;
    finish = close;
  } else {
    add = (value) => {
      if (ch.trySend(value)) return;
      if (full === "error") return end(new Error(`events: more than ${capacity} ${event} events wait`));
      subscription.dropped++;
      // No receiver waits, or the send would have succeeded: so the buffer is full, and its oldest event can be taken.
      if (full === "dropOldest") {
        ch.tryReceive();
        ch.trySend(value);
      }
    };
  }
  if (errOf(ctx) !== undefined) {
    end();
    return ch;
  }
  try {
    undo(
      listen(target, event, (...args) => {
        // An emitter also calls listeners that were removed while it emits.
        if (!isOver) add(map === undefined ? (args[0] as T) : map(...args));
      }),
    );
    if (options.end !== undefined && !isOver) undo(listen(target, options.end, () => end()));
    if (options.error !== undefined && !isOver) undo(listen(target, options.error, (reason) => end(errorOf(reason))));
  } catch (error) {
    end();
    throw error;
  }
  if (isOver) return ch;
  const stop = watchEnd(ctx, false, () => end());
  undo(() => void stop());
  return ch;
}

/** Sends events one by one, and pauses the target while too many are queued. */
function paced<T>(
  target: Pausable,
  ch: Chan<T>,
  capacity: number,
  ctx: Context,
  subscription: Subscription,
): { put(value: T): void; close(): void } {
  if (typeof target.pause !== "function" || typeof target.resume !== "function") {
    throw new TypeError(`events.receive: ${describe(target)} cannot be paused`);
  }
  /** The events from `first` on wait. Taking the first out of a long array would move all others. */
  const queue: (T | undefined)[] = [];
  let first = 0;
  const take = (): void => {
    queue[first++] = undefined;
    if (first * 2 <= queue.length) return;
    queue.splice(0, first);
    first = 0;
  };
  const [sending, giveUp] = withCancel(ctx);
  let isPaused = false;
  let isRunning = false;
  let isClosed = false;
  const resume = (): void => {
    if (!isPaused) return;
    // Before the call, which may emit so many events that the target must pause again.
    isPaused = false;
    target.resume?.();
  };
  const run = async (): Promise<void> => {
    try {
      while (queue.length > first) {
        await ch.send(queue[first] as T, sending);
        take();
        if (queue.length - first <= capacity / 2) resume();
      }
    } catch (error) {
      if (errOf(sending) === undefined) throw error;
      subscription.dropped += queue.length - first;
    } finally {
      isRunning = false;
      if (isClosed) {
        giveUp();
        ch.close();
      }
    }
  };
  return {
    put(value) {
      queue.push(value);
      if (!isRunning) {
        isRunning = true;
        go(run);
      }
      if (queue.length - first < capacity || isPaused) return;
      isPaused = true;
      // At last, because it may throw into the emitter.
      target.pause?.();
    },
    close() {
      isClosed = true;
      resume();
      if (isRunning) return;
      giveUp();
      ch.close();
    },
  };
}

/**
 * Stops the events that {@link notify} and {@link receive} deliver to a channel. A channel of `receive` is closed.
 * After Go's `signal.Stop`.
 *
 * @example
 * ```ts
 * const ticks = events.receive(ctx, new EventTarget(), "tick");
 * events.stop(ticks);
 * ```
 */
export function stop(ch: ReceiveChan<unknown> | SendChan<never>): void {
  const known = subscriptions.get(ch);
  if (known === undefined) return;
  const over: Subscription = { dropped: 0, cause: undefined, stop: () => undefined };
  for (const subscription of known) {
    subscription.stop();
    over.dropped += subscription.dropped;
    over.cause ??= subscription.cause;
  }
  // One entry remembers what all of them have counted: a channel may be used again and again.
  known.clear();
  known.add(over);
}

/**
 * Returns how many events for a channel were dropped.
 *
 * @example
 * ```ts
 * const ticks = chan<Event>(1);
 * const target = new EventTarget();
 * events.notify(ticks, target, "tick");
 * for (let i = 0; i < 3; i++) target.dispatchEvent(new Event("tick"));
 * console.log(events.dropped(ticks)); // 2
 * ```
 */
export function dropped(ch: ReceiveChan<unknown> | SendChan<never>): number {
  let count = 0;
  for (const subscription of subscriptions.get(ch) ?? []) count += subscription.dropped;
  return count;
}

/**
 * Returns why a channel of {@link receive} was closed: the error of the target, or that too many events waited.
 * Undefined if it is open or was closed without an error.
 *
 * @example
 * ```ts
 * const target = new EventTarget();
 * const ticks = events.receive(context.background(), target, "tick", { capacity: 1, full: "error" });
 * for (let i = 0; i < 2; i++) target.dispatchEvent(new Event("tick"));
 * console.log(events.cause(ticks)?.message); // events: more than 1 tick events wait
 * ```
 */
export function cause(ch: ReceiveChan<unknown>): Error | undefined {
  for (const { cause } of subscriptions.get(ch) ?? []) if (cause !== undefined) return cause;
  return undefined;
}

function remember(ch: object, subscription: Subscription): void {
  const known = subscriptions.get(ch);
  if (known === undefined) subscriptions.set(ch, new Set([subscription]));
  else known.add(subscription);
}

function checkTarget(what: string, target: Target): void {
  const { on, off, addEventListener, removeEventListener } = Object(target) as Partial<EmitterLike & TargetLike>;
  if (typeof on === "function" && typeof off === "function") return;
  if (typeof addEventListener === "function" && typeof removeEventListener === "function") return;
  throw new TypeError(`${what}: ${describe(target)} tells of no events`);
}

function listen(target: Target, event: string, listener: (...args: unknown[]) => void): () => void {
  if ("on" in target && typeof target.on === "function") {
    target.on(event, listener);
    return () => void target.off(event, listener);
  }
  const other = target as TargetLike;
  other.addEventListener(event, listener);
  return () => other.removeEventListener(event, listener);
}

/** Returns the error of an error event: an EventTarget's event has it as a property, an EventEmitter passes it. */
function errorOf(reason: unknown): Error {
  const { error } = Object(reason) as { error?: unknown };
  for (const candidate of [error, reason]) if (candidate instanceof Error) return candidate;
  return new Error(`the target failed: ${describe(reason)}`, { cause: reason });
}
