import * as rate from "gocsp/rate";
import { describe, expect, test } from "vitest";
import { t } from "./times.ts";

describe("wrong arguments", () => {
  const limiter = new rate.Limiter(1, 1);

  test.each([
    [-1, "-1"],
    [Number.NaN, "NaN"],
    ["1", '"1"'],
    [undefined, "undefined"],
  ] as [never, string][])("%s is no limit", (limit, printed) => {
    const error = new RangeError(`rate: the limit must be a number of at least 0, got ${printed}`);
    expect(() => new rate.Limiter(limit, 1)).toThrow(error);
    expect(() => limiter.setLimit(limit)).toThrow(error);
    expect(() => limiter.setLimitAt(t(0), limit)).toThrow(error);
    expect(limiter.limit()).toBe(1);
  });

  test.each([
    [-1, "-1"],
    [0.5, "0.5"],
    [Infinity, "Infinity"],
    ["1", '"1"'],
  ] as [never, string][])("%s is no burst and no number of events", async (n, printed) => {
    const error = (what: string) =>
      new RangeError(`rate: the ${what} must be an integer of at least 0, got ${printed}`);
    expect(() => new rate.Limiter(1, n)).toThrow(error("burst"));
    expect(() => limiter.setBurst(n)).toThrow(error("burst"));
    expect(() => limiter.setBurstAt(t(0), n)).toThrow(error("burst"));
    expect(() => limiter.allowN(t(0), n)).toThrow(error("number"));
    expect(() => limiter.reserveN(t(0), n)).toThrow(error("number"));
    await expect(limiter.waitN(undefined as never, n)).rejects.toThrow(error("number"));
    expect(limiter.burst()).toBe(1);
  });

  test.each([new Date(Number.NaN), 0, undefined] as never[])(
    "%s is not a time, and leaves the limiter unchanged",
    (at) => {
      const limiter = new rate.Limiter(10, 1);
      const reservation = limiter.reserveN(t(0), 1);
      expect(() => limiter.allowN(at, 1)).toThrow(TypeError);
      expect(() => limiter.reserveN(at, 1)).toThrow(TypeError);
      expect(() => limiter.tokensAt(at)).toThrow(TypeError);
      expect(() => limiter.setLimitAt(at, 1)).toThrow(TypeError);
      expect(() => limiter.setBurstAt(at, 5)).toThrow(TypeError);
      expect(() => reservation.delayFrom(at)).toThrow(TypeError);
      expect(() => reservation.cancelAt(at)).toThrow(TypeError);
      expect([limiter.limit(), limiter.burst(), limiter.tokensAt(t(1)), limiter.allowN(t(1), 1)]).toEqual([
        10,
        1,
        1,
        true,
      ]);
    },
  );
});
