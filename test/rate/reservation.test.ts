import * as rate from "gocsp/rate";
import { describe, expect, test } from "vitest";
import { reserve, t } from "./times.ts";

describe("reservations", () => {
  test("go into debt, and say how long to wait [R5]", () => {
    const limiter = new rate.Limiter(10, 2);
    const delays = [
      [0, 2],
      [0, 2],
      [3, 2],
      [3, 0],
    ].map(([at, n]) => reserve(limiter, at as number, n as number)[1]);
    expect(delays).toEqual([0, 2, 1, 1]);
  });

  test("never have a negative delay, as seen from any time [R5]", () => {
    const limiter = new rate.Limiter(10, 1);
    limiter.allowN(t(0), 1);
    const [reservation] = reserve(limiter, 0, 1);
    expect([-1, 0, 0.5, 1, 2].map((at) => reservation.delayFrom(t(at)))).toEqual([200, 100, 50, 0, 0]);
  });

  test("that are never granted are delayed by infDuration [R19]", () => {
    expect(new rate.Limiter(10, 2).reserveN(t(0), 3).delay()).toBe(rate.infDuration);
    expect(rate.infDuration).toBe(Infinity);
  });

  test("for more than the burst are refused, with an infinite delay [R5]", () => {
    const limiter = new rate.Limiter(10, 2);
    const reservation = limiter.reserveN(t(0), 3);
    expect([reservation.ok(), reservation.delay(), reservation.delayFrom(t(9))]).toEqual([false, Infinity, Infinity]);
    reservation.cancel();
    reservation.cancelAt(t(0));
    expect(limiter.tokensAt(t(0))).toBe(2);
  });

  test("jumping back in time gain no tokens [R3]", () => {
    const limiter = new rate.Limiter(10, 2);
    expect([
      reserve(limiter, 1, 2)[1],
      reserve(limiter, 0, 1)[1],
      reserve(limiter, 0, 1)[1],
      reserve(limiter, 1, 2)[1],
    ]).toEqual([0, 1, 2, 3]);
  });
});

describe("a reservation that is canceled", () => {
  test("last returns all tokens [R6]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    const [last] = reserve(limiter, 0, 2);
    last.cancelAt(t(1));
    expect(reserve(limiter, 1, 2)[1]).toBe(1);
  });

  test("too late returns nothing [R6]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    const [late] = reserve(limiter, 0, 2);
    late.cancelAt(t(3));
    expect(reserve(limiter, 3, 2)[1]).toBe(1);
  });

  test("exactly at the time to act returns all tokens [R6]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    const [late] = reserve(limiter, 0, 2);
    late.cancelAt(t(2));
    expect(limiter.tokensAt(t(2))).toBe(2);
  });

  test("of zero tokens returns nothing [R6]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    const [nothing] = reserve(limiter, 0, 0);
    nothing.cancelAt(t(0));
    expect(limiter.tokensAt(t(0))).toBe(0);
  });

  test.each([
    [2, 1, 1],
    [1, 1, 0],
    [1, 2, 0],
  ])("before another one keeps what that took: of %i before %i it gives %i back [R6]", (first, second, given) => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    const [canceled] = reserve(limiter, 0, first);
    reserve(limiter, 0, second);
    const before = limiter.tokensAt(t(1));
    canceled.cancelAt(t(1));
    expect(limiter.tokensAt(t(1)) - before).toBeCloseTo(given, 9);
  });

  test("together with the one before it returns both, the later one first [R6]", () => {
    const limiter = new rate.Limiter(10, 4);
    reserve(limiter, 0, 4);
    const [one] = reserve(limiter, 0, 1);
    const [two] = reserve(limiter, 0, 1);
    const [three] = reserve(limiter, 0, 1);
    three.cancelAt(t(0));
    expect(limiter.tokensAt(t(0))).toBe(-2);
    two.cancelAt(t(0));
    expect(limiter.tokensAt(t(0))).toBe(-1);
    one.cancelAt(t(0));
    expect(limiter.tokensAt(t(0))).toBe(0);
  });

  test("does not fill the bucket above the burst [R6]", () => {
    const limiter = new rate.Limiter(10, 2);
    const [all] = reserve(limiter, 0, 2);
    limiter.setBurstAt(t(0), 1);
    all.cancelAt(t(0));
    expect(limiter.tokensAt(t(0))).toBe(1);
  });

  test("returns nothing when there is no limit [R6] [R9]", () => {
    const limiter = new rate.Limiter(10, 2);
    const [reservation] = reserve(limiter, 0, 2);
    limiter.setLimitAt(t(0), rate.inf);
    reservation.cancelAt(t(0));
    limiter.setLimitAt(t(0), 10);
    expect(limiter.tokensAt(t(0))).toBe(0);
  });

  test("after a jump back in time returns what is left of it [R3] [R6]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 1, 2);
    const [canceled] = reserve(limiter, 0, 1);
    reserve(limiter, 0, 1);
    canceled.cancelAt(t(0));
    expect(reserve(limiter, 0, 1)[1]).toBe(3);
  });
});
