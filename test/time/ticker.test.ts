import { go, nilChan, type PanicError, select, time } from "gocsp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const panic = (message: string) => expect.objectContaining<Partial<PanicError>>({ name: "PanicError", message });
/** The tick that is pending, as its time, or undefined. */
const pending = (c: time.Ticker["c"]): number | undefined => c.tryReceive()?.value?.getTime();

beforeEach(() => {
  // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a ticker delivers the time every period, first after one [T27]", async () => {
  const log: number[] = [];
  const ticker = time.newTicker(10);
  const reading = (async () => {
    for await (const at of ticker.c) {
      log.push(at.getTime());
      if (log.length === 5) break;
    }
  })();
  await vi.advanceTimersByTimeAsync(9);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  await reading;
  expect(log).toEqual([10, 20, 30, 40, 50]);
  ticker.stop();
});

test.each([0, -0, -1, -Infinity, -Number.MIN_VALUE])("a period of %d panics [T27] [T31]", (period) => {
  expect(() => time.newTicker(period)).toThrow(panic("non-positive interval for NewTicker"));
  const ticker = time.newTicker(10);
  expect(() => ticker.reset(period)).toThrow(panic("non-positive interval for Ticker.Reset"));
});

test("a refused reset leaves the ticker as it was [T31]", async () => {
  const ticker = time.newTicker(10);
  await vi.advanceTimersByTimeAsync(15);
  expect(() => ticker.reset(0)).toThrow();
  expect(() => ticker.reset(Number.NaN)).toThrow();
  expect(pending(ticker.c)).toBe(10);
  await vi.advanceTimersByTimeAsync(5);
  expect(pending(ticker.c)).toBe(20);
});

test("a slow receiver gets the first tick that it missed, and then the next one on the original grid [T28] [T29]", async () => {
  const ticker = time.newTicker(20);
  await vi.advanceTimersByTimeAsync(70);
  expect([pending(ticker.c), pending(ticker.c)]).toEqual([20, undefined]);
  const next = follow(ticker.c.receive());
  await vi.advanceTimersByTimeAsync(9);
  expect(next.state).toBe("waits");
  await vi.advanceTimersByTimeAsync(1);
  expect(next.value).toEqual(new Date(80));
});

test("receivers of every speed see the same grid [T28]", async () => {
  const seen: Record<number, number[]> = {};
  for (const pause of [1, 7, 20, 33, 90]) {
    go(async () => {
      const ticker = time.newTicker(20);
      const ticks = (seen[pause] = [] as number[]);
      while (Date.now() < 400) {
        ticks.push((await ticker.c.receive())?.getTime() ?? Number.NaN);
        await time.sleep(pause);
      }
      ticker.stop();
    });
  }
  await settle();
  await vi.advanceTimersByTimeAsync(1000);
  const every20 = Array.from({ length: 20 }, (_, i) => 20 * (i + 1));
  expect(seen).toEqual({
    1: every20,
    7: every20,
    // A tick that comes while the receiver sleeps is pending for it.
    20: every20.slice(0, -1),
    // Those that come while one is pending are lost.
    33: [20, 40, 60, 100, 120, 160, 200, 220, 260, 300, 320, 360],
    90: [20, 40, 120, 220, 300],
  });
});

test("a select sees a pending tick as a parked receiver would [T28] [T29]", async () => {
  const ticker = time.newTicker(20);
  await vi.advanceTimersByTimeAsync(50);
  expect(await select({ tick: ticker.c, default: true })).toEqual({ case: "tick", value: new Date(20), ok: true });
  expect(await select({ tick: ticker.c, default: true })).toEqual({ case: "default", value: undefined, ok: false });
});

test("stop ends it: no tick afterwards, a pending one neither; the channel stays open [T30]", async () => {
  for (const passed of [5, 25, 1000]) {
    const ticker = time.newTicker(10);
    await vi.advanceTimersByTimeAsync(passed);
    expect(ticker.stop()).toBeUndefined();
    expect(ticker.c.tryReceive()).toBeUndefined();
    const received = follow(ticker.c.receiveOk());
    await vi.advanceTimersByTimeAsync(1000);
    expect(received.state).toBe("waits");
    expect(vi.getTimerCount()).toBe(0);
    ticker.stop();
  }
});

test("reset starts a new grid, drops a pending tick, and restarts a stopped ticker [T31]", async () => {
  const ticker = time.newTicker(10);
  await vi.advanceTimersByTimeAsync(15);
  ticker.reset(100);
  expect(pending(ticker.c)).toBeUndefined();
  await vi.advanceTimersByTimeAsync(99);
  expect(pending(ticker.c)).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(pending(ticker.c)).toBe(115);
  await vi.advanceTimersByTimeAsync(100);
  expect(pending(ticker.c)).toBe(215);
  ticker.stop();
  await vi.advanceTimersByTimeAsync(1000);
  ticker.reset(7);
  await vi.advanceTimersByTimeAsync(8);
  expect(pending(ticker.c)).toBe(1222);
});

test("reset moves a goroutine that is parked already to the new grid [T31]", async () => {
  const ticker = time.newTicker(1000);
  const received = follow(ticker.c.receive());
  await vi.advanceTimersByTimeAsync(100);
  ticker.reset(30);
  await vi.advanceTimersByTimeAsync(30);
  expect(received.value).toEqual(new Date(130));
});

test("a zero Ticker: stop does nothing, reset panics, its channel is nil [T32]", async () => {
  const ticker = new time.Ticker();
  expect(ticker.stop()).toBeUndefined();
  expect(() => ticker.reset(1)).toThrow(panic("time: Reset called on uninitialized Ticker"));
  expect(() => ticker.reset(0)).toThrow(panic("non-positive interval for Ticker.Reset"));
  const received = follow(ticker.c.receive());
  await vi.advanceTimersByTimeAsync(1000);
  expect(received.state).toBe("waits");
});

test.each([0, -0, -5, -Infinity])("tick(%d) is the nil channel [T33]", async (period) => {
  const c = time.tick(period);
  const received = follow(c.receiveOk());
  await vi.advanceTimersByTimeAsync(1000);
  expect([received.state, c.tryReceive(), c.length]).toEqual(["waits", undefined, 0]);
});

test.each([1, 0.5, 1e-6])("tick(%d) is a channel of its own, however short the period [T33]", (period) => {
  expect(time.tick(period)).not.toBe(nilChan());
});

test("tick delivers as a ticker does [T33]", async () => {
  const c = time.tick(10);
  await vi.advanceTimersByTimeAsync(10);
  expect(pending(c)).toBe(10);
});

test("every tick goes to one of the goroutines that wait, in the order in which they came [T34]", async () => {
  const log: string[] = [];
  const ticker = time.newTicker(10);
  for (const name of ["a", "b", "c"]) {
    go(async () => {
      for (let i = 0; i < 3; i++) log.push(`${name} ${(await ticker.c.receive())?.getTime()}`);
    });
  }
  await vi.advanceTimersByTimeAsync(90);
  expect(log).toEqual(["a 10", "b 20", "c 30", "a 40", "b 50", "c 60", "a 70", "b 80", "c 90"]);
  ticker.stop();
});

describe("tiny and huge periods", () => {
  test.each([time.nanosecond, Number.EPSILON, Number.MIN_VALUE])(
    "a ticker of %d keeps ticking [T35]",
    async (period) => {
      const ticker = time.newTicker(period);
      const log: number[] = [];
      go(async () => {
        for (let i = 0; i < 50; i++) log.push((await ticker.c.receive())?.getTime() ?? Number.NaN);
      });
      await vi.advanceTimersByTimeAsync(1000);
      expect(log).toHaveLength(50);
      expect(log).toEqual(log.toSorted((a, b) => a - b));
      ticker.stop();
      await settle();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test("a period beyond 24.8 days is kept [Z10]", async () => {
    const month = 31 * 24 * time.hour;
    const ticker = time.newTicker(month);
    const log: number[] = [];
    go(async () => {
      for (let i = 0; i < 3; i++) log.push((await ticker.c.receive())?.getTime() ?? Number.NaN);
    });
    await vi.advanceTimersByTimeAsync(4 * month);
    expect(log).toEqual([month, 2 * month, 3 * month]);
  });

  test.each([Number.MAX_VALUE, Infinity])("a ticker of %d never ticks, until it is reset", async (period) => {
    const ticker = time.newTicker(period);
    const received = follow(ticker.c.receive());
    await vi.advanceTimersByTimeAsync(1000 * 24 * time.hour);
    expect(received.state).toBe("waits");
    ticker.reset(5);
    await vi.advanceTimersByTimeAsync(5);
    expect(received.state).toBe("returned");
  });
});
