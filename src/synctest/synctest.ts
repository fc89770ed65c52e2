/**
 * Tests of concurrent code in virtual time. Mirrors Go's `testing/synctest`.
 *
 * A test runs in a *bubble*: its goroutines, and those that they start, have a clock of their own, which begins at
 * midnight UTC 2000-01-01 and stands still while any of them can go on. When all of them are durably blocked it jumps to
 * the next timer. A test of an hour's timeouts takes a millisecond and has no race with the machine's speed.
 *
 * Durably blocked is who waits for a channel, a select, a sleep, a lock, a WaitGroup, a condition or a semaphore. Unlike
 * Go's, locks count. Channels that were made outside, and WaitGroups that were added to outside, do not: the clock stands
 * still for them, because somebody outside may use them. What is awaited beside that is another goroutine's promise, or the world outside: files, sockets,
 * threads. Then the clock stands still until the world has answered; see {@link TestOptions.foreign}.
 *
 * Inside, `Date`, `performance.now`, `setTimeout`, `setInterval`, `setImmediate` and `AbortSignal.timeout` follow the
 * bubble's clock too. Functions that were imported from `node:timers` do not.
 *
 * @module
 */

import { Activity, hostIdentity } from "../conductor/activity.ts";
import { conductor, Conductor } from "../conductor/conductor.ts";
import { Line } from "../conductor/line.ts";
import type { Blocked, Outcome } from "../conductor/routine.ts";
import { checkFunction, describe } from "../runtime/arguments.ts";
import { PanicError } from "../runtime/panic.ts";
import { dispose } from "../runtime/symbols.ts";
import { sleep as timeSleep } from "../time/time.ts";

/** How a bubble deals with the world outside. */
export interface TestOptions {
  /**
   * What it means that a goroutine awaits a promise that is not of this library while no other can go on. `auto`: if
   * something in the bubble has asked the host for anything that is not done, the clock stands still; otherwise another
   * goroutine will settle the promise, and time goes on. `wait`: the clock stands still until the promise is settled.
   * `error`: the test fails. `durable`: time goes on. For a channel or a WaitGroup from outside the bubble `auto` is `wait`. The default is `auto`; hosts without `node:async_hooks`, such as
   * browsers, cannot tell what they are asked for, so there `auto` is `durable`.
   */
  readonly foreign?: "auto" | "wait" | "error" | "durable";
  /** For how many real milliseconds the world outside is waited for. 5000 if it is left out. */
  readonly patience?: number;
}

/** A goroutine of a bubble that will never go on. */
export interface BlockedGoroutine {
  /** Its number in the bubble: 1 is the test. */
  readonly number: number;
  /** Go's name for what it waits for. */
  readonly state: string;
}

/** The error of a bubble that cannot go on. Its message is Go's, with a report of each goroutine. */
export class DeadlockError extends Error {
  /** The goroutines that are left. */
  readonly goroutines: readonly BlockedGoroutine[];

  /** @internal */
  constructor(text: string, blocked: readonly Blocked[]) {
    super(text);
    this.goroutines = blocked.map(({ routine, state }) => ({ number: routine.number, state }));
  }

  static {
    this.prototype.name = "DeadlockError";
  }
}

const foreignNames: ReadonlySet<string> = new Set(["auto", "wait", "error", "durable"]);

const texts = {
  deadlock: "deadlock: all goroutines in bubble are blocked",
  leak: "deadlock: main bubble goroutine has exited but blocked goroutines remain",
  foreign: "synctest: a goroutine waits for something outside the bubble, and it does not come",
  steps: "synctest: the bubble never comes to rest",
};

/**
 * Runs `f` in a bubble, and waits until all goroutines of the bubble have ended. Mirrors Go's `synctest.Test`; returns
 * what `f` returns. Bubbles take turns: one that begins while another runs waits for it, so concurrent tests do no harm.
 *
 * Once `f` has returned time stands still: a goroutine that still waits for a timer is a deadlock, as in Go. An error that
 * any of its goroutines throws, such as a failed assertion, ends the bubble at once and is thrown here; one of a promise that
 * nobody has handled is thrown at its end.
 *
 * @throws What `f` or any goroutine of the bubble throws.
 * @throws DeadlockError `deadlock: all goroutines in bubble are blocked`, or `deadlock: main bubble goroutine has exited
 * but blocked goroutines remain`, with each goroutine's state, the line where it waits and where it was started
 * @throws PanicError `synctest.Run called from within a synctest bubble`
 * @throws TypeError `synctest.test: 42 is not a function`
 *
 * @example
 * ```ts
 * await synctest.test(async () => {
 *   const [ctx, cancel] = context.withTimeout(context.background(), time.hour);
 *   using _ = cancel;
 *   await time.sleep(time.hour - 1);
 *   console.log(ctx.err()?.message); // undefined
 *   await time.sleep(1);
 *   await synctest.wait();
 *   console.log(ctx.err()?.message); // context deadline exceeded
 * });
 * ```
 */
export async function test<T>(f: () => T | PromiseLike<T>, options: TestOptions = {}): Promise<T> {
  checkFunction("synctest.test", f);
  const { foreign = "auto", patience } = options;
  if (!foreignNames.has(foreign)) {
    throw new TypeError(`synctest.test: foreign must be auto, wait, error or durable, got ${describe(foreign)}`);
  }
  if (patience !== undefined && !(patience >= 0)) {
    throw new RangeError(`synctest.test: patience must be at least 0 milliseconds, got ${describe(patience)}`);
  }
  const activity = new Activity(() => (bubble.ticked = true));
  const bubble: Conductor = new Conductor({
    name: "synctest",
    foreign: foreign === "auto" ? () => (awaited.get(bubble) ?? 0) > 0 || activity.any() : foreign,
    patience,
    at: new Line(),
    identity: hostIdentity,
    watch: () => {
      activity.start();
      return { [dispose]: () => activity.stop() };
    },
  });
  return resultOf(bubble, await bubble.run(f)) as T;
}

function resultOf(bubble: Conductor, outcome: Outcome): unknown {
  if (outcome.kind === "returned") return outcome.value;
  if (outcome.kind === "panic") throw outcome.error;
  throw new DeadlockError(`${texts[outcome.kind]}\n\n${bubble.report(outcome.blocked)}`, outcome.blocked);
}

/**
 * Waits until all other goroutines of the bubble are durably blocked, or have ended, and everything that is due now has
 * happened. Mirrors Go's `synctest.Wait`. Time does not move meanwhile.
 *
 * @throws PanicError `goroutine is not in a bubble`, or `wait already in progress` if another goroutine waits so
 *
 * @example
 * ```ts
 * await synctest.test(async () => {
 *   let done = false;
 *   go(async () => {
 *     await time.sleep(time.second);
 *     done = true;
 *   });
 *   await time.sleep(time.second);
 *   await synctest.wait();
 *   console.log(done); // true
 * });
 * ```
 */
export function wait(): Promise<void> {
  if (conductor === undefined) throw new PanicError("goroutine is not in a bubble");
  return conductor.wait();
}

/**
 * Sleeps for `duration` milliseconds of the bubble's time, and then waits as {@link wait} does. Mirrors Go's
 * `synctest.Sleep`.
 *
 * @throws As {@link wait}.
 *
 * @example
 * ```ts
 * await synctest.test(async () => {
 *   const ticks: number[] = [];
 *   go(async () => {
 *     for (let n = 1; n <= 3; n++) {
 *       await time.sleep(time.second);
 *       ticks.push(n);
 *     }
 *   });
 *   await synctest.sleep(2 * time.second);
 *   console.log(ticks.join()); // 1,2
 *   await synctest.sleep(time.second);
 * });
 * ```
 */
export async function sleep(duration: number): Promise<void> {
  if (conductor?.who() === undefined) throw new PanicError("goroutine is not in a bubble");
  await timeSleep(duration);
  await wait();
}

/** How many promises of the world outside each bubble awaits. */
const awaited = new WeakMap<Conductor, number>();

function count(bubble: Conductor, change: number): void {
  awaited.set(bubble, (awaited.get(bubble) ?? 0) + change);
}

/**
 * Says that a promise is settled by the world outside: the bubble's clock stands still until it is. Needed where the host
 * cannot tell, such as for an answer on a connection that was opened before the bubble. Returns a promise of the same
 * result. Go has no such thing: its bubbles know what blocks durably.
 *
 * @throws PanicError `goroutine is not in a bubble`
 *
 * @example
 * ```ts
 * const pool = { query: async () => "an answer" }; // connected before the test
 * await synctest.test(async () => {
 *   console.log(await synctest.external(pool.query())); // an answer
 * });
 * ```
 */
export async function external<T>(promise: PromiseLike<T> | T): Promise<T> {
  const bubble = conductor;
  if (bubble?.who() === undefined) throw new PanicError("goroutine is not in a bubble");
  count(bubble, 1);
  try {
    return await promise;
  } finally {
    count(bubble, -1);
  }
}
