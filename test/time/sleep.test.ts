import { context, go, time } from "gocsp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const day = 24 * time.hour;
/** The longest delay of a host timer; a longer one makes it fire at once. */
const hostLimit = 2 ** 31 - 1;

describe("in fake time", () => {
  beforeEach(() => {
    // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("sleep returns when its duration is over, and not before [T1]", async () => {
    const sleeping = follow(time.sleep(100 * time.millisecond));
    await vi.advanceTimersByTimeAsync(99);
    expect(sleeping.state).toBe("waits");
    await vi.advanceTimersByTimeAsync(1);
    expect(sleeping).toEqual({ state: "returned", value: undefined });
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([0, -0, -1, -1e300, -Number.MAX_VALUE, -Infinity])(
    "sleep(%d) does not wait [T1] [T2]",
    async (duration) => {
      const sleeping = follow(time.sleep(duration));
      const patient = follow(time.sleep(context.background(), duration));
      await settle();
      expect([sleeping.state, patient.state]).toEqual(["returned", "returned"]);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test.each([
    [Number.NaN, "NaN"],
    [undefined, "undefined"],
    [null, "null"],
    ["5", '"5"'],
    [5n, "5"],
    [{}, "Object"],
    [new Date(0), "Date"],
  ])("sleep(%s) is refused", async (duration, printed) => {
    const error = new TypeError(`time.sleep: the duration must be a number of milliseconds, got ${printed}`);
    await expect(time.sleep(duration as number)).rejects.toThrow(error);
    await expect(time.sleep(context.background(), duration as number)).rejects.toThrow(error);
  });

  test.each([hostLimit - 1, hostLimit, hostLimit + 1, 2 ** 32, 30 * day, 1000 * day])(
    "sleep(%d) is not early and not lost [T2] [Z10]",
    async (duration) => {
      const sleeping = follow(time.sleep(duration));
      const other = follow(time.sleep(10));
      await vi.advanceTimersByTimeAsync(10);
      expect([sleeping.state, other.state]).toEqual(["waits", "returned"]);
      await vi.advanceTimersByTimeAsync(duration - 11);
      expect(sleeping.state).toBe("waits");
      await vi.advanceTimersByTimeAsync(1);
      expect(sleeping.state).toBe("returned");
    },
  );

  test("delays beyond 24.8 days keep their order among themselves and with short ones [T2] [T3] [Z10]", async () => {
    const log: string[] = [];
    const start = Date.now();
    for (const days of [100, 25, 1000, 24, 50, 26]) {
      go(async () => {
        await time.sleep(days * day);
        log.push(`${days} days, at ${(Date.now() - start) / day}`);
      });
    }
    await settle();
    await vi.advanceTimersByTimeAsync(1001 * day);
    expect(log).toEqual([
      "24 days, at 24",
      "25 days, at 25",
      "26 days, at 26",
      "50 days, at 50",
      "100 days, at 100",
      "1000 days, at 1000",
    ]);
  });

  test.each([Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, Infinity])(
    "sleep(%d) never ends and affects no other goroutine [T2]",
    async (duration) => {
      const endless = follow(time.sleep(duration));
      const alsoEndless = follow(time.sleep(duration));
      const [ctx, cancel] = context.withCancel(context.background());
      const canceled = follow(time.sleep(ctx, duration));
      const log: number[] = [];
      for (const d of [30, 10, 20]) go(async () => time.sleep(d).then(() => log.push(d)));
      await settle();
      await vi.advanceTimersByTimeAsync(1000 * day);
      expect(log).toEqual([10, 20, 30]);
      expect([endless.state, alsoEndless.state, canceled.state]).toEqual(["waits", "waits", "waits"]);
      cancel();
      await settle();
      expect(canceled).toEqual({ state: "threw", error: context.canceled });
    },
  );

  test("a sleep with a context ends with its error, and removes its timer", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    const sleeping = follow(time.sleep(ctx, 1 * time.minute));
    await vi.advanceTimersByTimeAsync(1000);
    expect([sleeping.state, vi.getTimerCount()]).toEqual(["waits", 1]);
    cancel();
    await settle();
    expect(sleeping).toEqual({ state: "threw", error: context.canceled });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a sleep with a context that has ended throws at once, even for zero", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    cancel();
    for (const duration of [1000, 0, -1, Infinity]) {
      const sleeping = follow(time.sleep(ctx, duration));
      await settle();
      expect(sleeping).toEqual({ state: "threw", error: context.canceled });
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  test("of a sleep and a deadline the earlier decides", async () => {
    const log: unknown[] = [];
    for (const [duration, timeout] of [
      [50, 100],
      [100, 50],
    ] as const) {
      go(async () => {
        const [ctx, cancel] = context.withTimeout(context.background(), timeout);
        using _ = cancel;
        await time.sleep(ctx, duration).then(
          () => log.push("slept"),
          (error: unknown) => log.push(error),
        );
      });
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(log).toEqual(["slept", context.deadlineExceeded]);
  });

  test("sleepers that wake at the same time all wake [T4]", async () => {
    let awake = 0;
    for (let i = 0; i < 1000; i++) {
      go(async () => {
        await time.sleep(10);
        awake++;
      });
    }
    await settle();
    await vi.advanceTimersByTimeAsync(10);
    await settle();
    expect(awake).toBe(1000);
  });
});

describe("in real time", () => {
  test.each([1 * time.nanosecond, 0.1, 0.999, 1, 1.001, 2.5, 10])(
    "sleep(%d) lasts that long at least [T1]",
    async (duration) => {
      const start = performance.now();
      await time.sleep(duration);
      expect(performance.now() - start).toBeGreaterThanOrEqual(duration);
    },
  );

  test("a hundred sleepers wake in the order of their due times [T3]", async () => {
    const log: number[] = [];
    const wanted = Array.from({ length: 100 }, (_, i) => i / 5);
    const sleepers = wanted.toReversed().map((duration) => time.sleep(duration).then(() => log.push(duration)));
    await Promise.all(sleepers);
    // Zero does not wait; the others were set a moment apart, which is less than the step between two of them or changes nothing.
    expect(log.toSorted((a, b) => a - b)).toEqual(wanted);
    expect(log[0]).toBe(0);
  });
});
