import { context, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test, vi } from "vitest";
import { alive, canceledPlainly, endOf, expectNothingLeft, expiredPlainly } from "./contexts.ts";
import { StandingClock } from "../support/clock.ts";

expectNothingLeft();

const background = context.background();

describe("in fake time", () => {
  test("withTimeout is withDeadline with that many milliseconds from now [X37]", async () => {
    // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
    vi.useFakeTimers();
    const [ctx] = context.withTimeout(background, 1.5 * time.second);
    expect(ctx.deadline()).toEqual(new Date(Date.now() + 1500));
    await vi.advanceTimersByTimeAsync(1499);
    expect(endOf(ctx)).toBe(alive);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(ctx)).toBe(expiredPlainly);
  });

  test("fractions of a millisecond are never cut short [X37]", async () => {
    vi.useFakeTimers({ now: 1000 });
    const [ctx] = context.withTimeout(background, 1500 * time.microsecond);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(ctx)).toBe(alive);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(ctx)).toBe(expiredPlainly);
  });

  test.each([
    ["just above what host timers count", 2 ** 31],
    ["a hundred days", 2400 * time.hour],
  ])("%s is waited for to the millisecond [X37]", async (_, timeout) => {
    vi.useFakeTimers();
    const [ctx] = context.withTimeout(background, timeout);
    await vi.advanceTimersByTimeAsync(timeout - 1);
    expect(endOf(ctx)).toBe(alive);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(ctx)).toBe(expiredPlainly);
  });

  test.each([Number.MAX_SAFE_INTEGER, 1e300, Number.MAX_VALUE, Infinity])(
    "a timeout of %d ms saturates, and does not disturb others [X37]",
    async (timeout) => {
      vi.useFakeTimers();
      const [forever, cancel] = context.withTimeout(background, timeout);
      const [child] = context.withTimeout(forever, 10);
      expect(forever.deadline()).toEqual(new Date(8.64e15));
      await vi.advanceTimersByTimeAsync(2 ** 31 + 5);
      expect([endOf(forever), endOf(child)]).toEqual([alive, expiredPlainly]);
      cancel();
      expect(endOf(forever)).toBe(canceledPlainly);
    },
  );

  test("a deadline at the end of time is treated the same [X37]", async () => {
    vi.useFakeTimers();
    const [ctx, cancel] = context.withDeadline(background, new Date(8.64e15));
    await vi.advanceTimersByTimeAsync(2 ** 31);
    expect([endOf(ctx), ctx.deadline()]).toEqual([alive, new Date(8.64e15)]);
    cancel();
  });

  test.each([
    ["everything", undefined],
    ["timeouts only", ["setTimeout", "clearTimeout"]],
    ["timeouts and Date", ["setTimeout", "clearTimeout", "Date"]],
  ] as const)("a deadline fires when faked %s says so [X30]", async (_, toFake) => {
    vi.useFakeTimers(toFake === undefined ? {} : { toFake: [...toFake] });
    const [ctx] = context.withTimeout(background, 60_000);
    const [other, cancelOther] = context.withTimeout(background, 90_000);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(endOf(ctx)).toBe(alive);
    await vi.advanceTimersByTimeAsync(1500);
    expect([endOf(ctx), endOf(other)]).toEqual([expiredPlainly, alive]);
    cancelOther();
  });

  test("the synchronous form of advancing time ends contexts synchronously [X30]", () => {
    vi.useFakeTimers();
    const [ctx] = context.withTimeout(background, 50);
    vi.advanceTimersByTime(50);
    expect(endOf(ctx)).toBe(expiredPlainly);
  });

  test("setting the wall clock moves no timeout [X37]", async () => {
    vi.useFakeTimers();
    const [ctx] = context.withTimeout(background, 50);
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(49);
    expect(endOf(ctx)).toBe(alive);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(ctx)).toBe(expiredPlainly);
  });

  test("a date from before the fake clock is a date [X28]", () => {
    const before = new Date(Date.now() + 60_000);
    vi.useFakeTimers({ now: before.getTime() - 1000 });
    const [ctx, cancel] = context.withDeadline(background, before);
    expect(ctx.deadline()?.getTime()).toBe(before.getTime());
    cancel();
  });
});

test("in real time a deadline is never early [X30]", async () => {
  const early: number[] = [];
  const waits = Array.from({ length: 20 }, async (_, i) => {
    const start = performance.now();
    const [ctx] = context.withTimeout(background, i / 2);
    await ctx.done().receive();
    const took = performance.now() - start;
    if (took < i / 2 || ctx.err() !== context.deadlineExceeded) early.push(took);
  });
  await Promise.all(waits);
  expect(early).toEqual([]);
});

describe("on an attached clock", () => {
  const wall = Date.UTC(2000, 0, 1);

  test("timeouts and deadlines count on that clock, and deadline() tells its time [X28]", () => {
    const clock = new StandingClock({ wall });
    using _ = attach({ clock });
    const [timed] = context.withTimeout(background, 50);
    const [dated] = context.withDeadline(background, new Date(wall + 50));
    expect([timed.deadline(), dated.deadline()]).toEqual([new Date(wall + 50), new Date(wall + 50)]);
    expect([endOf(timed), endOf(dated)]).toEqual([alive, alive]);
    clock.advance(49);
    expect([endOf(timed), endOf(dated)]).toEqual([alive, alive]);
    expect(String(timed)).toBe("context.Background.WithDeadline(2000-01-01T00:00:00.050Z [1ms])");
    clock.advance(1);
    expect([endOf(timed), endOf(dated)]).toEqual([expiredPlainly, expiredPlainly]);
  });
});
