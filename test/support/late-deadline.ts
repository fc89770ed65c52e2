/**
 * A fault injector: it lets a deadline pass while the event loop is busy, at every moment at which the library could
 * notice.
 *
 * A deadline that has passed is noticed by a timer or by code that reads the clock. While the loop is busy no timer
 * fires, so the code that reads the clock next notices it first: `ctx.err()`, a lock, a select, the function that
 * removes a watcher. All watchers of the context then run inside that call. Every such moment is a read of the clock,
 * so this harness runs a scenario again and again, and lets the deadline pass at its first read, its second, and so on
 * until a run ends before that read.
 */

import { type Context, context } from "gocsp";
import { attach, type Clock, numGoroutine } from "gocsp/runtime";
import { settle } from "./settle.ts";

// Captured when the module loads, so that a test's fake timers do not stop us.
const { setTimeout, clearTimeout, setImmediate } = globalThis;

/** How long the deadlines of a scenario are, in milliseconds. What the scenario does has to take less. */
export const lateAfter = 1000;

/** One run of a scenario. */
export interface LateRun {
  /** At which read of the clock the deadline passes, from 1. */
  readonly at: number;
  /**
   * Returns a context whose deadline passes while the loop is busy. The first call begins to count the reads: the
   * scenario's steps before it are not affected.
   */
  deadline(parent?: Context): Context;
  /** Whether the deadline has passed by now. Reading this does not notice it for the library. */
  readonly passed: boolean;
  /**
   * Has an invariant checked at each read of the clock from now on, which is in the middle of the code that reads it,
   * and at the end of the run. The invariant throws if it does not hold.
   */
  check(invariant: () => void): void;
}

/** Options of the runs. */
export interface LateOptions {
  /**
   * The number of turns that the loop stays busy after the deadline has passed: no timer fires meanwhile. Default: 1.
   */
  readonly turns?: number;
  /** The run to start with, to repeat a failed one. Default: 1. */
  readonly from?: number;
  /**
   * The step between the reads that are tried, for scenarios that are slow or read the clock very often. Default: 1.
   */
  readonly every?: number;
}

/**
 * Runs `scenario` once for each read of the clock, and once more without the deadline passing. Fails when the scenario
 * throws, an invariant is violated, a run does not end, or a goroutine or timer is left. The error names the read.
 *
 * @returns how many reads there were
 */
export async function lateDeadlines(
  scenario: (run: LateRun) => Promise<void>,
  { turns = 1, from = 1, every = 1 }: LateOptions = {},
): Promise<number> {
  for (let at = from; ; at += every) {
    const clock = new LateClock(at, turns);
    try {
      await runOnce(scenario, clock);
    } catch (error) {
      throw new Error(`late deadline at read ${at} of the clock: ${String(error)}`, { cause: error });
    }
    if (!clock.passed) return clock.reads;
    if (at > 5000) throw new Error("late deadline: the scenario reads the clock without end");
  }
}

async function runOnce(scenario: (run: LateRun) => Promise<void>, clock: LateClock): Promise<void> {
  const goroutines = numGoroutine();
  const cancels: Disposable[] = [];
  const run: LateRun = {
    at: clock.at,
    get passed() {
      return clock.passed;
    },
    deadline: (parent = context.background()) => {
      const [ctx, cancel] = context.withTimeout(parent, lateAfter);
      cancels.push(cancel);
      clock.armed = true;
      return ctx;
    },
    check: (invariant) => void clock.invariants.push(invariant),
  };
  using _ = attach({ clock });
  try {
    await inTime(scenario(run));
    clock.verify();
  } finally {
    clock.armed = false;
    for (const cancel of cancels) cancel[Symbol.dispose]();
    await clock.free;
    await settle();
    clock.invariants.length = 0;
  }
  if (clock.failure !== undefined) throw clock.failure.error;
  if (clock.pending > 0) throw new Error(`${clock.pending} timers are left`);
  if (numGoroutine() !== goroutines) throw new Error(`${numGoroutine() - goroutines} goroutines are left`);
}

/** Fails if the scenario hangs: the test runner's limit would not name the read. */
async function inTime(work: Promise<void>): Promise<void> {
  let timeout: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(new Error("the scenario hangs")), 20_000);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timeout);
  }
}

/**
 * A clock that stands still, jumps once, and advances with each timeout that fires. Timeouts take their real time, so
 * that servers have time to answer; those that the jump has made due fire when the loop is no longer busy.
 */
class LateClock implements Clock {
  readonly at: number;
  readonly #turns: number;
  readonly #timeouts = new Map<object, { due: number; ring: () => void; host: NodeJS.Timeout }>();
  #now = 0;
  /** Fulfilled when the loop is no longer busy. */
  free: Promise<void> | undefined;
  armed = false;
  passed = false;
  reads = 0;
  readonly invariants: (() => void)[] = [];
  failure: { readonly error: unknown } | undefined;
  #verifying = false;

  constructor(at: number, turns: number) {
    this.at = at;
    this.#turns = turns;
  }

  get pending(): number {
    return this.#timeouts.size;
  }

  now(): number {
    if (!this.armed || this.#verifying) return this.#now;
    this.verify();
    if (++this.reads === this.at) {
      this.passed = true;
      this.#now += lateAfter;
      this.free = this.#getFree();
    }
    return this.#now;
  }

  wall(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delay: number): object {
    const timeout = {};
    const due = this.#now + delay;
    const ring = (): void => {
      if (!this.#timeouts.delete(timeout)) return;
      this.#now = Math.max(this.#now, due);
      callback();
    };
    this.#timeouts.set(timeout, { due, ring, host: setTimeout(ring, delay) });
    return timeout;
  }

  clearTimeout(timeout: unknown): void {
    clearTimeout(this.#timeouts.get(timeout as object)?.host);
    this.#timeouts.delete(timeout as object);
  }

  /** Checks the invariants, and keeps the first failure: throwing in the middle of a call would be another fault. */
  verify(): void {
    this.#verifying = true;
    try {
      for (const invariant of this.invariants) invariant();
    } catch (error) {
      this.failure ??= { error };
    } finally {
      this.#verifying = false;
    }
  }

  /** Fires the timeouts that are due when the loop is free again. */
  async #getFree(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    for (const { due, ring, host } of this.#timeouts.values()) {
      if (due > this.#now) continue;
      clearTimeout(host);
      ring();
    }
  }
}
