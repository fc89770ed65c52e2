import { chan, go, time } from "gocsp";
import { attach, numGoroutine } from "gocsp/runtime";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

beforeEach(() => {
  // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("the function runs once, when the duration is over [T20]", async () => {
  const log: number[] = [];
  time.afterFunc(100, () => log.push(Date.now()));
  await vi.advanceTimersByTimeAsync(99);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toEqual([100]);
});

test("the function runs in a goroutine of its own, and a pending timer is not one [T20] [G27]", async () => {
  const before = numGoroutine();
  const gate = chan<void>();
  let during = 0;
  time.afterFunc(100, async () => {
    during = numGoroutine();
    await gate.receive();
  });
  expect(numGoroutine()).toBe(before);
  await vi.advanceTimersByTimeAsync(100);
  expect([during, numGoroutine()]).toEqual([before + 1, before + 1]);
  gate.close();
  await settle();
  expect(numGoroutine()).toBe(before);
});

test.each([0, -1, -Infinity, 1e-300])(
  "with a duration of %d it runs soon, never inside the call [T20]",
  async (duration) => {
    const log: string[] = [];
    time.afterFunc(duration, () => log.push("called"));
    log.push("returned");
    await Promise.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual(["returned", "called"]);
  },
);

test("its timer has a nil channel [T20]", async () => {
  const timer = time.afterFunc(10, () => undefined);
  const received = follow(timer.c.receive());
  await vi.advanceTimersByTimeAsync(1000);
  expect(received.state).toBe("waits");
  expect(timer.c.tryReceive()).toBeUndefined();
});

test("stop is true if it prevented the call, and false afterwards [T21]", async () => {
  let calls = 0;
  const timer = time.afterFunc(100, () => calls++);
  expect([timer.stop(), timer.stop()]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("stop is false once the function has been started, and does not wait for it [T21]", async () => {
  const log: string[] = [];
  const gate = chan<void>();
  const timer = time.afterFunc(10, async () => {
    log.push("begins");
    await gate.receive();
    log.push("ends");
  });
  await vi.advanceTimersByTimeAsync(10);
  log.push(`stop ${timer.stop()}`);
  gate.close();
  await settle();
  log.push(`stop ${timer.stop()}`);
  expect(log).toEqual(["begins", "stop false", "ends", "stop false"]);
});

test("reset is true while the call is pending, which is then moved, and false otherwise, which calls again [T22]", async () => {
  const log: string[] = [];
  const timer = time.afterFunc(100, () => log.push(`called at ${Date.now()}`));
  const reset = (duration: number) => log.push(`reset ${timer.reset(duration)}`);
  reset(50);
  await vi.advanceTimersByTimeAsync(100);
  reset(20);
  await vi.advanceTimersByTimeAsync(100);
  reset(30);
  log.push(`stop ${timer.stop()}`);
  reset(40);
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual([
    "reset true",
    "called at 50",
    "reset false",
    "called at 120",
    "reset false",
    "stop true",
    "reset false",
    "called at 240",
  ]);
});

test("two runs of the function may overlap [T22]", async () => {
  let running = 0;
  const gate = chan<void>();
  const timer = time.afterFunc(10, async () => {
    running++;
    await gate.receive();
    running--;
  });
  await vi.advanceTimersByTimeAsync(10);
  timer.reset(10);
  await vi.advanceTimersByTimeAsync(10);
  expect(running).toBe(2);
  gate.close();
  await settle();
  expect(running).toBe(0);
});

test("the function may stop and reset its own timer [T23]", async () => {
  const log: string[] = [];
  const timer: time.Timer = time.afterFunc(10, () => {
    log.push(`called at ${Date.now()}`, `stop ${timer.stop()}`);
    if (log.length < 6) log.push(`reset ${timer.reset(5)}`);
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toEqual([
    "called at 10",
    "stop false",
    "reset false",
    "called at 15",
    "stop false",
    "reset false",
    "called at 20",
    "stop false",
  ]);
});

test("a function that waits does not hold up other timers [T24]", async () => {
  const log: string[] = [];
  time.afterFunc(10, async () => {
    log.push("first begins");
    await time.sleep(100);
    log.push("first ends");
  });
  time.afterFunc(10, () => log.push("second"));
  time.afterFunc(20, () => log.push("third"));
  await vi.advanceTimersByTimeAsync(200);
  expect(log).toEqual(["first begins", "second", "third", "first ends"]);
});

test("a function that throws is a goroutine that panics, and the other timers of that instant still fire [T25]", async () => {
  const log: string[] = [];
  using _ = attach({
    panic(_id, error) {
      log.push(`panic: ${String(error)}`);
      return true;
    },
  });
  time.afterFunc(10, () => {
    throw new Error("sync");
  });
  time.afterFunc(10, async () => Promise.reject(new Error("async")));
  time.afterFunc(10, () => log.push("other"));
  await vi.advanceTimersByTimeAsync(10);
  await settle();
  expect(log.toSorted()).toEqual(["other", "panic: Error: async", "panic: Error: sync"]);
});

test("it can be armed again from inside, thousands of times [T26]", async () => {
  let calls = 0;
  const again = (): void => {
    if (++calls < 5000) time.afterFunc(0, again);
  };
  time.afterFunc(0, again);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toBe(5000);
  expect(vi.getTimerCount()).toBe(0);
});

test("a timer may be stopped by another one that is due at the same instant [T21]", async () => {
  const log: string[] = [];
  const later = time.newTimer(10);
  const timers = [1, 2].map((n): time.Timer =>
    time.afterFunc(10, () => void log.push(`${n}`, `stop ${timers[2 - n]?.stop()}`)),
  );
  go(async () => void log.push(`channel ${(await later.c.receive())?.getTime()}`));
  await vi.advanceTimersByTimeAsync(10);
  // Both have been started when the first one runs, so there is nothing left to stop.
  expect(log.toSorted()).toEqual(["1", "2", "channel 10", "stop false", "stop false"]);
});

test.each([
  [Number.NaN, "NaN"],
  [undefined, "undefined"],
  ["5", '"5"'],
])("a duration of %s is refused by every function that takes one", (given, printed) => {
  const duration = given as number;
  const timer = time.newTimer(10);
  const call = time.afterFunc(10, () => undefined);
  const ticker = time.newTicker(10);
  const refusals: [string, () => unknown][] = [
    ["time.newTimer", () => time.newTimer(duration)],
    ["time.after", () => time.after(duration)],
    ["time.afterFunc", () => time.afterFunc(duration, () => undefined)],
    ["time.newTicker", () => time.newTicker(duration)],
    ["time.tick", () => time.tick(duration)],
    ["Timer.reset", () => timer.reset(duration)],
    ["Timer.reset", () => call.reset(duration)],
    ["Ticker.reset", () => ticker.reset(duration)],
    ["time.formatDuration", () => time.formatDuration(duration)],
  ];
  for (const [what, refused] of refusals) {
    expect(refused).toThrow(new TypeError(`${what}: the duration must be a number of milliseconds, got ${printed}`));
  }
  // A refused reset changes nothing.
  expect([timer.stop(), call.stop()]).toEqual([true, true]);
});

test.each([undefined, null, 5, {}])("afterFunc refuses %s as its function", (given) => {
  expect(() => time.afterFunc(1, given as never)).toThrow(/^time\.afterFunc: .+ is not a function$/);
  expect(vi.getTimerCount()).toBe(0);
});
