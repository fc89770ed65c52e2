import { context, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { afterEach, expect, test, vi } from "vitest";
import { StandingClock } from "../support/clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("now is the wall time as a plain Date [T41]", () => {
  const before = Date.now();
  const now = time.now();
  expect(now.getTime()).toBeGreaterThanOrEqual(before);
  expect(now.getTime()).toBeLessThanOrEqual(Date.now());
  expect(Object.getPrototypeOf(now)).toBe(Date.prototype);
  expect(structuredClone(now)).toEqual(now);
});

test("since and until count by the monotonic clock, in fractions, whatever the wall clock does [T41]", () => {
  const clock = new (class extends StandingClock {
    skew = 0;
    override wall(): number {
      return Math.floor(super.wall()) + this.skew;
    }
  })({ wall: 1_000_000 });
  using _ = attach({ clock });
  const start = time.now();
  expect(start.getTime()).toBe(1_000_000);
  clock.advance(1.25);
  expect(time.since(start)).toBe(1.25);
  clock.skew = -3_600_000;
  expect(time.since(start)).toBe(1.25);
  const end = time.add(start, 10.5);
  expect(time.until(end)).toBe(9.25);
  expect(time.sub(end, start)).toBe(10.5);
  expect(time.sub(start, end)).toBe(-10.5);
  // A Date without a reading knows the wall time only.
  expect(time.since(new Date(1_000_000))).toBe(1 - 3_600_000);
  expect(time.sub(end, new Date(1_000_000))).toBe(10);
});

test("a Date that has been set since then counts by the wall clock [T41]", () => {
  using _ = attach({ clock: new StandingClock({ wall: 5000 }) });
  const start = time.now();
  start.setTime(4000);
  expect(time.since(start)).toBe(1000);
  expect(time.add(start, 500)).toEqual(new Date(4500));
});

test("readings of different clocks are not compared [T41]", () => {
  const real = time.now();
  using _ = attach({ clock: new StandingClock({ wall: real.getTime() + 250 }) });
  expect(time.since(real)).toBe(250);
});

test("fake timers move it [T41]", () => {
  // Fake timers, not a bubble: time moves in the middle of a step, where a bubble's stands still.
  vi.useFakeTimers({ now: 1000 });
  const start = time.now();
  expect(start).toEqual(new Date(1000));
  vi.advanceTimersByTime(1500);
  expect(time.since(start)).toBe(1500);
  expect(time.until(new Date(5000))).toBe(2500);
});

test("what was slept is not less than asked for [T41]", async () => {
  const start = time.now();
  await time.sleep(2.5);
  expect(time.since(start)).toBeGreaterThanOrEqual(2.5);
});

test("a deadline is a time like others [T41]", () => {
  using _ = attach({ clock: new StandingClock({ wall: 1000 }) });
  const [ctx, cancel] = context.withDeadline(context.background(), time.add(time.now(), 5 * time.second));
  expect(ctx.deadline()).toEqual(new Date(6000));
  expect(time.until(ctx.deadline() as Date)).toBe(5000);
  cancel();
});

test("values that are not a time or a duration are refused [T41]", () => {
  const refused = (what: string, got: string): TypeError =>
    new TypeError(`time.${what}: the time must be a valid Date, got ${got}`);
  expect(() => time.since(0 as never)).toThrow(refused("since", "0"));
  expect(() => time.until(undefined as never)).toThrow(refused("until", "undefined"));
  expect(() => time.add(new Date(Number.NaN), 1)).toThrow(refused("add", "an invalid one"));
  expect(() => time.sub(new Date(), "now" as never)).toThrow(refused("sub", '"now"'));
  expect(() => time.sub("now" as never, new Date())).toThrow(refused("sub", '"now"'));
  expect(() => time.add(new Date(), "1s" as never)).toThrow(
    new TypeError('time.add: the duration must be a number of milliseconds, got "1s"'),
  );
});
