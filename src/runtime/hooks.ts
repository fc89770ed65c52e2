/**
 * The hooks: every park, wake, start and end of a goroutine, select choice, timer and cancel calls them, and the clock
 * is one of them. Virtual time, schedules, traces and leak checks attach theirs with `attach`; while none is attached,
 * each call costs one comparison.
 */

/** What a goroutine waits for, with the names of Go's reports. */
export type WaitState =
  | "chan receive"
  | "chan send"
  | "chan receive (nil chan)"
  | "chan send (nil chan)"
  | "select"
  | "select (no cases)"
  | "sleep"
  | (string & {});

/**
 * A clock with timeouts that alarms can run on instead of the host's: virtual time. Milliseconds throughout.
 *
 * @example
 * ```ts
 * const hurried: Clock = {
 *   now: () => performance.now() * 10,
 *   wall: () => Date.now(),
 *   setTimeout: (callback, delay) => setTimeout(callback, delay / 10),
 *   clearTimeout: (timeout) => clearTimeout(timeout as NodeJS.Timeout),
 * };
 * using _ = attach({ clock: hurried }); // what should take a second takes a tenth of it
 * ```
 */
export interface Clock {
  /** Returns the monotonic time. */
  now(): number;
  /** Returns the wall time, as `Date.now()` does. */
  wall(): number;
  /** Calls `callback` once after `delay`, unless the timeout that it returns is cleared before. */
  setTimeout(callback: () => void, delay: number): unknown;
  /** Clears a timeout; does nothing if it has fired. */
  clearTimeout(timeout: unknown): void;
}

/** A timer or a ticker, for the hook `timer`. */
export interface StartedTimer {
  readonly running: boolean;
  readonly due: number;
  /** Delivers what is due. */
  poll(): void;
}

/** One case of a select, for the hook `select`. The object is reused: read it at once. */
export interface SelectCase {
  readonly name: string;
  /** Undefined for a disabled case and for the default. */
  readonly channel: object | undefined;
  /** The send; undefined for a receive. */
  readonly send: { readonly value: unknown } | undefined;
  /** Tells whether the case can proceed now. */
  canProceed(): boolean;
}

/**
 * Hooks that decide. At most one attached set may have any of these.
 */
export interface DecidingHooks {
  /**
   * Decides when goroutines resume. Called instead of resuming one: a new goroutine (`subject` is its number), one
   * whose operation was served (`subject` is that operation), or the caller of an operation that need not wait
   * (`subject` is undefined). Calling `resume` resumes it, in a microtask. Return false to leave it to the runtime.
   */
  schedule?(resume: () => void, subject: number | object | undefined): boolean;
  /**
   * Chooses among the `ready` cases of a select, two or more, in source order: returns an integer from 0 to
   * `ready - 1`. Replaces the random choice. Also called by a select that parks, for the order of cases that wait on
   * the same channel. Undefined leaves the choice to the runtime; with another result the select throws RangeError
   * `runtime: the choose hook must return an integer from 0 to 1, got …`.
   */
  choose?(ready: number): number | undefined;
  /**
   * The clock for sleeps, timers, tickers and deadlines that are set from now on. Read each time: it may be a getter.
   */
  readonly clock?: Clock | undefined;
  /** A goroutine threw. Return true to handle the error; otherwise the program ends with Go's report. */
  panic?(id: number, error: unknown): boolean;
  /**
   * Returns the function that is called before each operation on a channel that is being made, and throws to refuse the
   * operation. Undefined if every goroutine may use the channel.
   */
  guard?(channel: object): ((operation: "send" | "receive" | "select" | "close") => void) | undefined;
  /**
   * The program is about to end with a fatal error. Return true to prevent that; the error is thrown in either case.
   */
  fatal?(error: Error): boolean;
}

/**
 * Hooks that watch. Any number of sets may be attached. Operations, channels, contexts and alarms are passed as opaque
 * objects: their identity ties a wake to its park.
 *
 * `make`, `send` and `receive` are called for channels that were made while they were attached, `select` for selects
 * with such a channel. Otherwise every channel would have to check for hooks at each value, which costs a tenth of the
 * fastest operations.
 */
export interface WatchingHooks {
  /**
   * Calls a goroutine's function, and returns its result: for what must surround a whole goroutine, such as an
   * AsyncLocalStorage. Those of several sets nest.
   */
  run?(id: number, f: () => unknown): unknown;
  /** A goroutine was started by `go` or `main`; it has not run yet. */
  spawn?(id: number): void;
  /** A goroutine returned or called `goexit`. */
  end?(id: number): void;
  /**
   * An operation waits `on` a channel, with the `value` that it offers if it sends; on the lock, the group, the
   * condition that the state names; or, for a select, on its cases.
   */
  park?(operation: object, state: WaitState, on: object, value?: unknown): void;
  /** An operation that waited resumes with this result; undefined if it throws. */
  wake?(operation: object, result?: unknown): void;
  /** A channel was made. */
  make?(channel: object, capacity: number): void;
  /** A value was put into a channel: into its buffer, or to the waiting operation `to`. */
  send?(channel: object, value: unknown, to: object | undefined): void;
  /**
   * A value was taken from a channel, from its buffer or from the operation `from`; not `ok`: the channel is closed.
   */
  receive?(channel: object, value: unknown, ok: boolean, from: object | undefined): void;
  /** A channel was closed. */
  close?(channel: object): void;
  /** A select looked at its cases, and `chosen` is the index of the one that proceeds; -1 if none does. */
  select?(operation: object, cases: readonly SelectCase[], chosen: number): void;
  /** Something happened to a lock, a counter or a condition: what, by the name of the method, and by how much. */
  sync?(object: object, method: string, count: number): void;
  /** A context was derived from another one. */
  derive?(context: object, parent: object): void;
  /** A context ended with this cause. */
  cancel?(context: object, cause: Error): void;
  /**
   * An alarm was set to ring at `when` on the clock. It belongs to `of`: the operation of a sleep, the channel of a
   * timer or a ticker, the context of a deadline, or the function of an `afterFunc`.
   */
  alarm?(alarm: object, when: number, of: object): void;
  /**
   * A timer or a ticker with a channel was started. It is `running` until it has delivered its last value, and next `due` at
   * that time on the clock. It has an alarm only while somebody waits on its channel.
   */
  timer?(timer: StartedTimer): void;
  /** An alarm rings. */
  ring?(alarm: object): void;
  /** An alarm was stopped before it rang. */
  stop?(alarm: object): void;
}

/**
 * A set of hooks; each member is optional. A hook must not wait, nor start operations of its own. What a hook throws
 * does not reach a goroutine: it is reported to the host as an uncaught error.
 */
export interface Hooks extends DecidingHooks, WatchingHooks {}

/** A class of channels, for the mixin that observes them. */
export type ChannelClass = new (capacity: number, source?: never) => object;

type HookName = keyof Hooks;

/** All attached sets as one: each member is undefined unless a set has it. */
export type CombinedHooks = { readonly [Name in HookName]: Hooks[Name] | undefined } & {
  /** Makes the class of channels that report their values; undefined if no attached hook needs it. */
  readonly observed: (<Type extends ChannelClass>(type: Type) => Type) | undefined;
};

/** The attached hooks, if any. Read it at each use. */
export let hooks: CombinedHooks | undefined;

/** For `attach` alone. */
export function setHooks(combined: CombinedHooks | undefined): void {
  hooks = combined;
}
