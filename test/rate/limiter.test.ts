import * as rate from "gocsp/rate";
import { describe, expect, test } from "vitest";
import { allowed, reserve, start, t } from "./times.ts";

describe("the bucket", () => {
  test("is full at first and never holds more than the burst [R1]", () => {
    const limiter = new rate.Limiter(10, 3);
    expect([limiter.limit(), limiter.burst()]).toEqual([10, 3]);
    expect(limiter.tokensAt(t(0))).toBe(3);
    expect(allowed(limiter, [[0, 3]])).toEqual([true]);
    expect([0, 1, 1.5, 3, 100].map((at) => limiter.tokensAt(t(at)))).toEqual([0, 1, 1.5, 3, 3]);
  });

  test("of one gives one at a time [R2]", () => {
    const limiter = new rate.Limiter(10, 1);
    const calls: [number, number][] = [0, 0, 0, 1, 1, 1, 2, 2].map((at) => [at, 1]);
    expect(allowed(limiter, calls)).toEqual([true, false, false, true, false, false, true, false]);
  });

  test("of three gives three at once, and later those that were added [R2]", () => {
    const limiter = new rate.Limiter(10, 3);
    const calls: [number, number][] = [
      [0, 2],
      [0, 2],
      [0, 1],
      [0, 1],
      [1, 4],
      [2, 1],
      [3, 1],
      [4, 1],
      [4, 1],
      [9, 3],
      [9, 0],
    ];
    expect(allowed(limiter, calls)).toEqual([true, false, true, false, false, true, true, true, true, true, true]);
  });

  test("is as it was after a refusal [R2]", () => {
    const limiter = new rate.Limiter(10, 3);
    limiter.allowN(t(0), 2);
    const before = limiter.tokensAt(t(0.5));
    expect(
      allowed(limiter, [
        [0.5, 2],
        [0.5, 4],
        [20, 4],
      ]),
    ).toEqual([false, false, false]);
    expect(limiter.tokensAt(t(0.5))).toBe(before);
  });

  test("allows nothing more while it is in debt, not even zero events [R2] [R4]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    expect(limiter.allowN(t(0), 0)).toBe(true);
    reserve(limiter, 0, 1);
    expect([limiter.tokensAt(t(0)), limiter.allowN(t(0), 0), limiter.allowN(t(1), 0)]).toEqual([-1, false, true]);
  });

  test("gets no tokens when time goes backwards, and works on afterwards [R3]", () => {
    const limiter = new rate.Limiter(10, 3);
    const calls: [number, number][] = [
      [1, 1],
      [0, 1],
      [0, 1],
      [0, 1],
      [1, 1],
      [1, 1],
    ];
    expect(allowed(limiter, calls)).toEqual([true, true, true, false, true, false]);
  });

  test("is not changed by looking into it [R4]", () => {
    const limiter = new rate.Limiter(10, 2);
    limiter.allowN(t(0), 2);
    expect([limiter.tokensAt(t(50)), limiter.tokensAt(t(1)), limiter.tokensAt(t(-5))]).toEqual([2, 1, 0]);
    expect(limiter.allowN(t(1), 2)).toBe(false);
  });
});

describe("limit and burst", () => {
  test("no limit allows everything at once, whatever the burst [R9]", () => {
    const limiter = new rate.Limiter(rate.inf, 0);
    for (let i = 0; i < 100; i++) expect(limiter.allowN(t(0), 1e6)).toBe(true);
    const reservation = limiter.reserveN(t(0), 5000);
    expect([reservation.ok(), reservation.delayFrom(t(0))]).toEqual([true, 0]);
    reservation.cancelAt(t(0));
  });

  test("tokens that were owed are there when the limit is lifted and set again [R9] [R12]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    reserve(limiter, 0, 2);
    limiter.setLimitAt(t(0), rate.inf);
    expect(limiter.tokensAt(t(0))).toBe(-2);
    limiter.setLimitAt(t(1), 10);
    expect(limiter.tokensAt(t(1))).toBe(2);
  });

  test("a limit of zero gives the burst and nothing afterwards [R10]", () => {
    const limiter = new rate.Limiter(0, 2);
    expect(
      allowed(limiter, [
        [0, 1],
        [0, 1],
        [0, 1],
        [1e6, 1],
        [1e6, 0],
      ]),
    ).toEqual([true, true, false, false, true]);
    const reservation = limiter.reserveN(t(0), 1);
    expect([reservation.ok(), reservation.delayFrom(t(0)), limiter.reserveN(t(0), 3).ok()]).toEqual([
      true,
      Infinity,
      false,
    ]);
  });

  test("a reservation under a limit of zero can be canceled [R10] [R6]", () => {
    const limiter = new rate.Limiter(0, 2);
    limiter.allowN(t(0), 2);
    limiter.reserveN(t(0), 2).cancelAt(t(5));
    expect(limiter.tokensAt(t(5))).toBe(0);
  });

  test("a limit and a burst of zero refuse all but zero events [R11]", () => {
    const limiter = new rate.Limiter(0, 0);
    expect(
      allowed(limiter, [
        [0, 1],
        [1e9, 1],
        [1e9, 0],
      ]),
    ).toEqual([false, false, true]);
  });

  test("a new limit holds from its time on; earlier tokens were added under the old one [R12]", () => {
    const limiter = new rate.Limiter(10, 10);
    limiter.allowN(t(0), 10);
    limiter.setLimitAt(t(4), 20);
    expect([limiter.tokensAt(t(4)), limiter.tokensAt(t(5)), limiter.limit()]).toEqual([4, 6, 20]);
  });

  test("a new burst holds from its time on, and removes the tokens above it [R12]", () => {
    const limiter = new rate.Limiter(10, 10);
    limiter.setBurstAt(t(0), 4);
    expect([limiter.tokensAt(t(0)), limiter.burst()]).toEqual([4, 4]);
    limiter.setBurstAt(t(0), 8);
    expect([limiter.tokensAt(t(0)), limiter.tokensAt(t(2)), limiter.tokensAt(t(9))]).toEqual([4, 6, 8]);
  });

  test("reservations keep their times [R12]", () => {
    const limiter = new rate.Limiter(10, 2);
    reserve(limiter, 0, 2);
    const [kept] = reserve(limiter, 0, 2);
    limiter.setLimitAt(t(1), 20);
    expect(kept.delayFrom(t(1))).toBe(100);
    expect(reserve(limiter, 1, 2)[1]).toBe(1.5);
  });

  test("a reservation without a limit that is canceled later returns its own tokens [R6] [R12]", () => {
    const limiter = new rate.Limiter(rate.inf, 10);
    const [reservation] = reserve(limiter, 0, 1);
    limiter.setLimitAt(t(0), 1);
    limiter.reserveN(t(0), 10);
    limiter.reserveN(t(0), 5);
    reservation.cancelAt(t(0));
    expect(limiter.tokensAt(t(0))).toBe(-4);
  });

  test.each([
    [0, Infinity],
    [-1, Infinity],
    [1, 1000],
    [1000, 1],
    [100, 10],
    [Infinity, 0],
  ])("every(%d) is a limit of %d [R13]", (interval, limit) => {
    expect(rate.every(interval)).toBe(limit);
  });
});

describe("rounding", () => {
  test("a limit with many digits allows the first [R14]", () => {
    expect(new rate.Limiter(0.7692307692307693, 1).allowN(t(0), 1)).toBe(true);
  });

  test("a tiny limit allows no second one [R14]", () => {
    const limiter = new rate.Limiter(1e-10, 1);
    expect(
      allowed(limiter, [
        [0, 1],
        [0, 1],
        [1e6, 1],
      ]),
    ).toEqual([true, false, false]);
  });

  test("whatever the interval, the next token is available when it is over, and not before [R14]", () => {
    const wrong: number[] = [];
    for (let interval = 1; interval < 2000; interval++) {
      const limiter = new rate.Limiter(rate.every(interval), 1);
      limiter.allowN(new Date(start), 1);
      const early = limiter.allowN(new Date(start + interval - 1), 1);
      const due = limiter.allowN(new Date(start + interval), 1);
      if (early || !due) wrong.push(interval);
    }
    expect(wrong).toEqual([]);
  });

  test("a reservation for the moment at which the token is due does not wait [R14]", () => {
    for (let interval = 1; interval < 500; interval++) {
      const limiter = new rate.Limiter(rate.every(interval), 1);
      limiter.allowN(new Date(start), 1);
      const due = new Date(start + interval);
      expect(limiter.reserveN(due, 1).delayFrom(due)).toBe(0);
    }
  });
});
