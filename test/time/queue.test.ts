import fc from "fast-check";
import { context, go, select, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StandingClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle, turn } from "../support/settle.ts";

expectNoGoroutinesLeft();

beforeEach(() => {
  // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const duration = fc.integer({ min: -2, max: 200 });

test("timers fire in the order of their due times, whatever the order of creation [T3]", async () => {
  const log: number[] = [];
  const slots = [5, 3, 6, 6, 6, 1, 1, 2, 7, 9, 4, 8, 0];
  for (const slot of slots)
    go(async () => log.push(((await time.after(slot * 10).receive())?.getTime() ?? Number.NaN) / 10));
  await settle();
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual([0, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7, 8, 9]);
});

test("alarms of every kind share one order [T3]", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom("sleep", "after", "func", "ticker"), duration), { maxLength: 60, size: "max" }),
      async (alarms) => {
        const log: number[] = [];
        const start = Date.now();
        const tickers: time.Ticker[] = [];
        for (const [kind, given] of alarms) {
          const d = kind === "ticker" ? Math.max(given, 1) : given;
          const fired = () => void log.push(Math.max(d, 0));
          if (kind === "sleep") go(async () => time.sleep(d).then(fired));
          else if (kind === "after") go(async () => time.after(d).receive().then(fired));
          else if (kind === "func") time.afterFunc(d, fired);
          else {
            const ticker = time.newTicker(d);
            tickers.push(ticker);
            go(async () => ticker.c.receive().then(fired));
          }
        }
        await settle();
        await vi.advanceTimersByTimeAsync(300);
        expect(Date.now() - start).toBe(300);
        expect(log).toEqual(log.toSorted((a, b) => a - b));
        expect(log).toHaveLength(alarms.length);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test("who waits for time, in whatever form, goes on in the order of the due times, also after a busy loop [T3]", async () => {
  vi.useRealTimers();
  const clock = new StandingClock();
  using _ = attach({ clock });
  const log: number[] = [];
  const [ctx, cancel] = context.withTimeout(context.background(), 6);
  using _1 = cancel;
  const ticker = time.newTicker(4);
  const waits: (() => Promise<unknown>)[] = [
    () => time.after(1).receive(),
    () => time.sleep(2),
    () => select({ after: time.after(3) }),
    () => ticker.c.receive(),
    () => time.sleep(5),
    () => ctx.done().receive(),
    () => time.sleep(8),
  ];
  for (const [i, wait] of waits.entries()) go(() => wait().then(() => void log.push(i)));
  await settle();
  clock.advance(10);
  await settle();
  expect(log).toEqual([0, 1, 2, 3, 4, 5, 6]);
  ticker.stop();
});

test("the timeout of the last alarm that was stopped is cleared by the next turn, each time [T18]", async () => {
  vi.useRealTimers();
  const clock = new StandingClock();
  using _ = attach({ clock });
  for (let round = 0; round < 3; round++) {
    const cancels = [1000, 2000].map((timeout) => context.withTimeout(context.background(), timeout)[1]);
    expect(clock.pending).toBe(1);
    for (const cancel of cancels) cancel();
    await turn();
    expect(clock.pending).toBe(0);
  }
});

test("timers that are due together may fire in any order, and all do [T4]", async () => {
  const fired = new Set<number>();
  for (let i = 0; i < 500; i++) time.afterFunc(10, () => fired.add(i));
  await vi.advanceTimersByTimeAsync(10);
  await settle();
  expect(fired.size).toBe(500);
});

/** What is done with one of many function timers; `pass` lets time pass instead. */
const step = fc.record({
  timer: fc.nat({ max: 9 }),
  call: fc.constantFrom("stop", "reset", "reset", "pass"),
  duration: fc.integer({ min: 1, max: 60 }),
});

test("storms of stop and reset agree with a model that knows only the due times [T10] [T12] [T22] [T35]", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120, size: "max" }), async (steps) => {
      const log: string[] = [];
      const model = new Model();
      const timers = model.due.map((_, i) => time.afterFunc(Infinity, () => log.push(`${i} fires at ${Date.now()}`)));
      for (const timer of timers) timer.stop();
      for (const { timer: i, call, duration } of steps) {
        const timer = timers[i] as time.Timer;
        if (call === "stop") {
          log.push(`${i} stop ${timer.stop()}`);
          model.set(i, "stop", Infinity);
        } else if (call === "reset") {
          log.push(`${i} reset ${timer.reset(duration)}`);
          model.set(i, "reset", Date.now() + duration);
        } else {
          await vi.advanceTimersByTimeAsync(duration);
          model.pass(Date.now());
        }
      }
      await vi.advanceTimersByTimeAsync(100);
      model.pass(Date.now());
      expect(log).toEqual(model.log);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

/** Ten timers, of which those that are due together fire in the order in which they were set, as ours do. */
class Model {
  readonly due: number[] = Array.from({ length: 10 }, () => Infinity);
  readonly log: string[] = [];
  /** The timers in the order in which they were set. */
  #order: number[] = [];

  set(i: number, call: "stop" | "reset", due: number): void {
    this.log.push(`${i} ${call} ${this.due[i] !== Infinity}`);
    this.due[i] = due;
    this.#order = [...this.#order.filter((other) => other !== i), i];
  }

  pass(now: number): void {
    const fired = this.#order.filter((i) => (this.due[i] as number) <= now);
    fired.sort((a, b) => (this.due[a] as number) - (this.due[b] as number));
    for (const i of fired) {
      this.log.push(`${i} fires at ${this.due[i]}`);
      this.due[i] = Infinity;
    }
  }
}

test("thousands of timers in random order all fire in theirs [T3] [T35]", async () => {
  const durations = fc.sample(fc.double({ min: 0, max: 1000, noNaN: true }), { numRuns: 5000, seed: 1 });
  const log: number[] = [];
  for (const d of durations) time.afterFunc(d, () => log.push(d));
  await vi.advanceTimersByTimeAsync(1001);
  await settle();
  expect(log).toEqual(durations.toSorted((a, b) => a - b));
  expect(vi.getTimerCount()).toBe(0);
});

test("of thousands of timers the stopped ones do not fire, and all others do [T35]", async () => {
  const log = new Set<number>();
  const timers = Array.from({ length: 5000 }, (_, i) => time.afterFunc((i * 7919) % 1000, () => log.add(i)));
  timers.forEach((timer, i) => {
    if (i % 3 === 0) expect(timer.stop()).toBe(true);
    if (i % 5 === 0) timer.reset(1500 - (i % 1000));
  });
  await vi.advanceTimersByTimeAsync(2000);
  await settle();
  expect([...log].toSorted((a, b) => a - b)).toEqual(timers.map((_, i) => i).filter((i) => i % 3 !== 0 || i % 5 === 0));
});

test("one timeout serves all alarms of a clock, and none is left when they are gone", async () => {
  const timeouts = new Set<object>();
  const clock = {
    now: () => 0,
    wall: () => 0,
    setTimeout: () => {
      const timeout = {};
      timeouts.add(timeout);
      return timeout;
    },
    clearTimeout: (timeout: unknown) => void timeouts.delete(timeout as object),
  };
  using _ = attach({ clock });
  const timers = Array.from({ length: 1000 }, (_, i) => time.afterFunc(10 + i, () => undefined));
  await settle();
  expect(timeouts.size).toBe(1);
  for (const timer of timers) timer.stop();
  await settle();
  expect(timeouts.size).toBe(0);
});

test("where timeouts are faked each alarm has its own, and none is left when they are gone", () => {
  const timers = Array.from({ length: 1000 }, (_, i) => time.afterFunc(10 + i, () => undefined));
  expect(vi.getTimerCount()).toBe(1000);
  for (const timer of timers) timer.stop();
  expect(vi.getTimerCount()).toBe(0);
});

describe("in real time", () => {
  beforeEach(() => {
    vi.useRealTimers();
  });

  test("tickers of a nanosecond, each with a goroutine, all keep ticking [T35]", async () => {
    const counts = Array.from({ length: 20 }, () => 0);
    await new Promise<void>((resolve) => {
      let left = counts.length;
      counts.forEach((_, i) =>
        go(async () => {
          const ticker = time.newTicker(time.nanosecond);
          for (let n = 0; n < 40; n++) {
            await ticker.c.receive();
            counts[i] = n + 1;
          }
          ticker.stop();
          if (--left === 0) resolve();
        }),
      );
    });
    expect(counts).toEqual(counts.map(() => 40));
  });
});
