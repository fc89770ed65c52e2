import { type Context, context, sync, time } from "gocsp";
import { attach, type Clock } from "gocsp/runtime";
import * as rate from "gocsp/rate";
import * as synctest from "gocsp/synctest";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNothingLeft();

beforeEach(() => {
  // Fake timers, not a bubble: the test moves time step by step, and looks at what has not happened yet.
  vi.useFakeTimers();
});

const background = context.background();

/** A limiter of ten a second without tokens. */
function empty(burst = 1): rate.Limiter {
  const limiter = new rate.Limiter(10, burst);
  for (let i = 0; i < burst; i++) limiter.allow();
  return limiter;
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

function ended(): Context {
  const [ctx, cancel] = context.withCancel(background);
  cancel();
  return ctx;
}

describe("wait", () => {
  test("returns at once while there are tokens, and then one by one [R7] [R8]", async () => {
    await synctest.test(async () => {
      const limiter = new rate.Limiter(10, 3);
      const times: number[] = [];
      for (let i = 0; i < 6; i++) {
        await limiter.wait(background);
        times.push(performance.now());
      }
      expect(times).toEqual([0, 0, 0, 100, 200, 300]);
    });
  });

  test("waits for several tokens at once [R8]", async () => {
    const limiter = empty(5);
    const waiting = follow(limiter.waitN(background, 4));
    await pass(399);
    expect(waiting.state).toBe("waits");
    await pass(1);
    expect(waiting.state).toBe("returned");
  });

  test("does not wait for zero events [R7]", async () => {
    const limiter = empty();
    await limiter.waitN(background, 0);
  });

  test("serves waiters in the order of arrival, each at its time [R17]", async () => {
    await synctest.test(async () => {
      const limiter = empty(3);
      const wg = new sync.WaitGroup();
      const served: string[] = [];
      [1, 3, 1, 2].forEach((n, i) => {
        wg.go(async () => {
          await limiter.waitN(background, n);
          served.push(`${i} at ${performance.now()}`);
        });
      });
      await wg.wait();
      expect(served).toEqual(["0 at 100", "1 at 400", "2 at 500", "3 at 700"]);
    });
  });

  test("of more than the burst is refused at once, before the context is looked at [R7]", async () => {
    const limiter = new rate.Limiter(10, 1);
    const error = new Error("rate: Wait(n=2) exceeds limiter's burst 1");
    await expect(limiter.waitN(background, 2)).rejects.toThrow(error);
    await expect(limiter.waitN(ended(), 2)).rejects.toThrow(error);
    expect(limiter.tokens()).toBe(1);
  });

  test("with an ended context throws its error, and takes nothing [R7]", async () => {
    const limiter = new rate.Limiter(10, 1);
    await expect(limiter.wait(ended())).rejects.toBe(context.canceled);
    const [late] = context.withTimeout(background, -1);
    await expect(limiter.wait(late)).rejects.toBe(context.deadlineExceeded);
    expect(limiter.tokens()).toBe(1);
  });

  test("that would exceed the deadline is refused at once; nothing is taken and the context lives [R7]", async () => {
    const limiter = empty();
    const [ctx, cancel] = context.withTimeout(background, 99);
    using _ = cancel;
    const refused = await limiter.wait(ctx).catch((error: unknown) => error);
    expect(refused).toEqual(new Error("rate: Wait(n=1) would exceed context deadline"));
    expect([refused === context.deadlineExceeded, ctx.err(), limiter.tokens()]).toEqual([false, undefined, 0]);
  });

  test("that ends together with the deadline is begun [R7]", async () => {
    const limiter = empty();
    const [ctx, cancel] = context.withTimeout(background, 100);
    using _ = cancel;
    const waiting = follow(limiter.wait(ctx));
    await pass(99);
    expect(waiting.state).toBe("waits");
    await pass(1);
    expect(waiting.state).not.toBe("waits");
  });

  test("within the deadline succeeds [R7]", async () => {
    const limiter = empty();
    const [ctx, cancel] = context.withTimeout(background, 101);
    using _ = cancel;
    const waiting = follow(limiter.wait(ctx));
    await pass(100);
    expect(waiting.state).toBe("returned");
  });

  test.each([-3600, 3600])("measures the deadline by a clock that was set by %i seconds meanwhile [R7]", async (s) => {
    const limiter = empty();
    vi.setSystemTime(Date.now() + s * 1000);
    const [near, cancelNear] = context.withTimeout(background, 50);
    using _ = cancelNear;
    await expect(limiter.wait(near)).rejects.toThrow("would exceed context deadline");
    const [far, cancelFar] = context.withTimeout(background, 150);
    using _1 = cancelFar;
    const waiting = follow(limiter.wait(far));
    await pass(100);
    expect(waiting.state).toBe("returned");
  });

  test("whose context ends meanwhile throws its error and returns the tokens [R8]", async () => {
    const limiter = empty();
    const [ctx, cancel] = context.withCancelCause(background);
    const waiting = follow(limiter.wait(ctx));
    await pass(30);
    expect(limiter.tokens()).toBeCloseTo(-0.7, 9);
    cancel(new Error("cause"));
    await settle();
    expect([waiting.error, limiter.tokens()]).toEqual([context.canceled, expect.closeTo(0.3, 9)]);
  });

  test("of one that gave up is not waited for by the next ones [R8] [R17]", async () => {
    const limiter = empty();
    const [ctx, cancel] = context.withCancel(background);
    const first = follow(limiter.wait(ctx));
    cancel();
    await settle();
    const next = follow(limiter.wait(background));
    await pass(100);
    expect([first.state, next.state]).toEqual(["threw", "returned"]);
  });

  test("without a limit returns at once for any number, unless the context has ended [R9]", async () => {
    const limiter = new rate.Limiter(rate.inf, 0);
    await limiter.waitN(background, 1e9);
    await expect(limiter.wait(ended())).rejects.toBe(context.canceled);
  });

  test("under a limit of zero waits until the context ends, or is refused for its deadline [R10]", async () => {
    const limiter = new rate.Limiter(0, 1);
    await limiter.wait(background);
    const [late, cancelLate] = context.withTimeout(background, 1e9);
    using _ = cancelLate;
    await expect(limiter.wait(late)).rejects.toThrow("rate: Wait(n=1) would exceed context deadline");
    const [ctx, cancel] = context.withCancel(background);
    const waiting = follow(limiter.wait(ctx));
    await pass(1 * time.hour);
    expect(waiting.state).toBe("waits");
    cancel();
    await settle();
    expect(waiting.error).toBe(context.canceled);
  });

  test("leaves no timer behind when it gives up [R8]", async () => {
    const limiter = empty();
    const [ctx, cancel] = context.withCancel(background);
    const waiting = follow(limiter.wait(ctx));
    cancel();
    await settle();
    expect([waiting.state, vi.getTimerCount()]).toEqual(["threw", 0]);
  });
});

describe("now", () => {
  test("allow, reserve, tokens, setLimit and setBurst go by the clock [R1] [R5] [R12]", async () => {
    const limiter = new rate.Limiter(10, 2);
    expect([limiter.allow(), limiter.allow(), limiter.allow(), limiter.tokens()]).toEqual([true, true, false, 0]);
    await pass(150);
    expect(limiter.tokens()).toBeCloseTo(1.5, 9);
    limiter.setBurst(1);
    expect(limiter.tokens()).toBe(1);
    limiter.setLimit(20);
    expect([limiter.allow(), limiter.tokens()]).toEqual([true, 0]);
    const reservation = limiter.reserve();
    expect([reservation.ok(), reservation.delay()]).toEqual([true, 50]);
    await pass(20);
    expect(reservation.delay()).toBe(30);
    reservation.cancel();
    expect(limiter.tokens()).toBeCloseTo(0.4, 9);
    await pass(100);
    expect(reservation.delay()).toBe(0);
  });

  test("of fifteen calls at once on a burst of five, five succeed [R15]", () => {
    const limiter = new rate.Limiter(1, 5);
    const allowed = Array.from({ length: 15 }, () => limiter.allow());
    expect(allowed.filter(Boolean)).toHaveLength(5);
  });

  test("over a long time as many pass as the limit says [R16]", async () => {
    const limiter = new rate.Limiter(100, 100);
    let passed = 0;
    const ideal = 100 + 100 * 5;
    for (let ms = 0; ms < 5000; ms += 2) {
      if (limiter.allow()) passed++;
      if (limiter.allow()) passed++;
      vi.advanceTimersByTime(2);
    }
    expect(passed).toBeGreaterThanOrEqual(Math.floor(0.999 * ideal));
    expect(passed).toBeLessThanOrEqual(ideal + 1);
  });

  test("is the same clock for Dates and calls without one [R1]", () => {
    const limiter = new rate.Limiter(10, 1);
    expect(limiter.allowN(new Date(), 1)).toBe(true);
    expect(limiter.allow()).toBe(false);
    vi.advanceTimersByTime(100);
    expect([limiter.allow(), limiter.allowN(new Date(), 1)]).toEqual([true, false]);
  });

  test("is exact to the nanosecond on a clock with fractions [R14]", () => {
    let now = 0.123456;
    const clock: Clock = {
      now: () => now,
      wall: () => 1_750_000_000_000 + Math.floor(now),
      setTimeout: () => 0,
      clearTimeout: () => undefined,
    };
    using _ = attach({ clock });
    let refused = 0;
    for (let i = 0; i < 1000; i++) {
      const limiter = new rate.Limiter(1000, 1);
      limiter.allow();
      now += 1;
      if (!limiter.allow()) refused++;
      now += 0.317;
    }
    expect(refused).toBe(0);
  });
});
