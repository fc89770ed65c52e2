import { type Chan, chan, type ReceiveChan, type SendChan } from "../chan/chan.ts";
import { type Context, withCancel } from "../context/context.ts";
import { checkContext, errOf, watchEnd } from "../context/internal.ts";
import { checkCount, describe } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";

/** What is used of an EventEmitter. */
export interface EmitterLike {
  /** Adds a listener. */
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  /** Takes a listener off. */
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What is used of an EventTarget. */
export interface TargetLike {
  /** Adds a listener. */
  addEventListener(event: string, listener: (event: unknown) => void): void;
  /** Takes a listener off. */
  removeEventListener(event: string, listener: (event: unknown) => void): void;
}

/** Something that tells of events. */
export type Target = EmitterLike | TargetLike;

/** How {@link receive} treats events. */
export interface ReceiveOptions<T> {
  /** How many events wait at most for somebody to take them: 16 if not given. */
  readonly capacity?: number;
  /**
   * What happens when so many wait. `dropNewest`, if not given, drops the event that comes, as `signal.notify` does;
   * `dropOldest` the one that has waited longest; `error` ends it all, see {@link cause}; `pause` calls the target's
   * `pause()`, and `resume()` when half of them were taken: nothing is dropped then, and what comes in spite of that waits.
   */
  readonly full?: "dropNewest" | "dropOldest" | "error" | "pause";
  /** Makes the value of what the listener gets; without it that is its first argument. */
  readonly map?: (...args: never[]) => T;
  /** An event that says that no more will come, such as `close`: the channel is closed then. */
  readonly end?: string;
  /** An event that says that something failed, such as `error`: the channel is closed then, see {@link cause}. */
  readonly error?: string;
}

interface Pausable {
  pause?(): unknown;
  resume?(): unknown;
}

/** What is known of a channel that gets events. */
interface Subscription {
  dropped: number;
  cause: Error | undefined;
  stop(): void;
}

const subscriptions = new WeakMap<object, Set<Subscription>>();

/**
 * Sends the events of one kind to a channel, and never waits: if nobody is ready to receive one and the buffer is full, it
 * is dropped, and counted. Give the channel a buffer. After Go's `signal.Notify`.
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
  const subscription: Subscription = { dropped: 0, cause: undefined, stop: () => undefined };
  const off = listen(target, event, (value) => {
    if (!ch.trySend(value as T)) subscription.dropped++;
  });
  subscription.stop = off;
  remember(ch, subscription);
}

/**
 * Returns a channel with the events of one kind, until `ctx` ends or {@link stop} is called: then no listener is left, and
 * the channel is closed; what waits in it can still be received.
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
  const { capacity = 16, full = "dropNewest", map } = options;
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
  /** Runs when the last event was handed over. */
  let finish = (): void => ch.close();
  const end = (cause?: Error): void => {
    if (isOver) return;
    isOver = true;
    subscription.cause = cause;
    for (const off of offs) off();
    finish();
  };
  subscription.stop = () => end();
  remember(ch, subscription);
  let add: (value: T) => void;
  if (full === "pause") {
    const { put, close } = paced(target as Pausable, ch, capacity, ctx);
    add = put;
    finish = close;
  } else {
    add = (value) => {
      if (ch.trySend(value)) return;
      if (full === "error") return end(new Error(`events: more than ${capacity} ${event} events wait`));
      subscription.dropped++;
      // Nobody waits, or it would have been taken: so there is one to take out.
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
  offs.push(listen(target, event, (...args) => add(map === undefined ? (args[0] as T) : map(...(args as never[])))));
  if (options.end !== undefined) offs.push(listen(target, options.end, () => end()));
  if (options.error !== undefined) offs.push(listen(target, options.error, (reason) => end(errorOf(reason))));
  const stop = watchEnd(ctx, false, () => end());
  offs.push(() => void stop());
  return ch;
}

/** Hands events over one by one, and has the target wait while too many are left. */
function paced<T>(
  target: Pausable,
  ch: Chan<T>,
  capacity: number,
  ctx: Context,
): { put(value: T): void; close(): void } {
  if (typeof target.pause !== "function" || typeof target.resume !== "function") {
    throw new TypeError(`events.receive: ${describe(target)} cannot be paused`);
  }
  const queue: T[] = [];
  const [sending, giveUp] = withCancel(ctx);
  let isPaused = false;
  let isRunning = false;
  let isClosed = false;
  const resume = (): void => {
    if (!isPaused) return;
    // Before the call: it may send events at once, so many that it has to pause again.
    isPaused = false;
    target.resume?.();
  };
  const run = async (): Promise<void> => {
    try {
      while (queue.length > 0) {
        await ch.send(queue[0] as T, sending);
        queue.shift();
        if (queue.length <= capacity / 2) resume();
      }
    } catch (error) {
      if (errOf(sending) === undefined) throw error;
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
      if (queue.length >= capacity && !isPaused) {
        isPaused = true;
        target.pause?.();
      }
      if (isRunning) return;
      isRunning = true;
      go(run);
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
 * Ends what {@link notify} and {@link receive} have begun for a channel: no event comes to it any more. A channel of
 * `receive` is closed. After Go's `signal.Stop`.
 *
 * @example
 * ```ts
 * const ticks = events.receive(ctx, new EventTarget(), "tick");
 * events.stop(ticks);
 * ```
 */
export function stop(ch: ReceiveChan<unknown> | SendChan<never>): void {
  for (const subscription of subscriptions.get(ch) ?? []) subscription.stop();
}

/**
 * Returns how many events were dropped that were meant for a channel.
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
 * Returns why a channel of {@link receive} was closed: the error that the target told of, or that too many events waited.
 * Undefined if it is open, and if it was closed for no such reason.
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

/** EventTargets tell of errors by events that have one. */
function errorOf(reason: unknown): Error {
  const { error } = Object(reason) as { error?: unknown };
  for (const candidate of [error, reason]) if (candidate instanceof Error) return candidate;
  return new Error(`the target failed: ${describe(reason)}`, { cause: reason });
}
