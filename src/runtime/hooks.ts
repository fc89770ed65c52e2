/**
 * The one door: every park, wake, start and end of a goroutine, select choice, timer and cancel passes through here,
 * and so do the clock and the randomness. Tracing, virtual time, leak checks and seeded schedules attach themselves
 * with {@link attach}; while nothing is attached the door costs one comparison.
 */

/// <reference lib="esnext.disposable" preserve="true" />
import { dispose } from "./symbols.ts";

/** What a goroutine waits for, by the names that Go's reports use. */
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
  /** Clears a timeout; one that has fired does no harm. */
  clearTimeout(timeout: unknown): void;
}

/**
 * What can be observed and replaced. Each member is optional. Operations and contexts are passed as opaque objects
 * whose identity ties a wake to its park. A hook must not throw, wait or start operations of its own.
 */
export interface Hooks {
  /** A goroutine was started by `go` or `main`; it has not run yet. */
  spawn?(id: number): void;
  /** A goroutine returned or called `goexit`. */
  end?(id: number): void;
  /** A goroutine threw. Return true to take the error over; otherwise the program ends with Go's report. */
  panic?(id: number, error: unknown): boolean;
  /** An operation waits. */
  park?(operation: object, state: WaitState): void;
  /** The operation that waited goes on. */
  wake?(operation: object): void;
  /** A channel was closed. */
  close?(channel: object): void;
  /**
   * Chooses among the `ready` cases of a select, two or more, in source order: returns an integer from 0 to
   * `ready - 1`. Replaces the random choice. A select that parks asks too, for the places of cases that wait on the
   * same channel. With another result the select throws RangeError `runtime: the choose hook must return an integer from
   * 0 to 1, got …`.
   */
  choose?(ready: number): number;
  /** An alarm was set to ring at `when` on the clock; it belongs to a sleep, a timer, a ticker or a deadline. */
  alarm?(alarm: object, when: number): void;
  /** An alarm rings. */
  ring?(alarm: object): void;
  /** An alarm was stopped before it rang. */
  stop?(alarm: object): void;
  /** A context ended with this cause. */
  cancel?(context: object, cause: Error): void;
  /** The clock for sleeps, timers, tickers and deadlines that are set from now on. */
  clock?: Clock;
}

/** The attached hooks, if any. Read it at each use; only {@link attach} changes it. */
export let hooks: Hooks | undefined;

/**
 * Attaches hooks to the runtime until the result is disposed. One set at a time.
 *
 * @throws Error `runtime.attach: hooks are attached already`
 *
 * @example
 * ```ts
 * using _ = attach({ choose: () => 0 }); // every select takes its first ready case
 * ```
 *
 * @example
 * ```ts
 * let started = 0;
 * using _ = attach({ spawn: () => void started++ });
 * go(() => {});
 * console.log(started); // 1
 * ```
 */
export function attach(added: Hooks): Disposable {
  if (hooks !== undefined) throw new Error("runtime.attach: hooks are attached already");
  hooks = added;
  return {
    [dispose]() {
      if (hooks === added) hooks = undefined;
    },
  };
}
