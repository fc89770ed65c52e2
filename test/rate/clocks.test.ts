import { context } from "gocsp";
import { attach } from "gocsp/runtime";
import * as rate from "gocsp/rate";
import { describe, expect, test } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { VirtualClock } from "../support/clock.ts";
import { follow } from "../support/outcome.ts";

expectNothingLeft();

const background = context.background();
const hour = 3_600_000;

/** A clock whose wall time can be set, as an operator or a time server does. */
class SettableClock extends VirtualClock {
  offset = Date.UTC(2026, 0, 1);

  override wall(): number {
    return this.offset + this.now();
  }
}

function empty(): rate.Limiter {
  const limiter = new rate.Limiter(1, 1);
  limiter.allow();
  return limiter;
}

describe.each([
  ["forward", hour],
  ["back", -hour],
])("a wall clock that is set %s by an hour", (_, step) => {
  test("moves no deadline of a wait [R20]", async () => {
    const clock = new SettableClock();
    using _1 = attach({ clock });
    const limiter = empty();
    const [enough, cancelEnough] = context.withTimeout(context.withValue(background, "k", 1), 1500);
    const [tooLittle, cancelTooLittle] = context.withTimeout(background, 500);
    using _2 = cancelEnough;
    using _3 = cancelTooLittle;
    clock.offset += step;
    await expect(limiter.wait(context.withCancel(tooLittle)[0])).rejects.toThrow(
      "rate: Wait(n=1) would exceed context deadline",
    );
    const waiting = follow(limiter.wait(context.withValue(enough, "k", 2)));
    await clock.pass(1000);
    expect(waiting.state).toBe("returned");
  });

  test("moves no deadline that was given as a Date [R20]", async () => {
    const clock = new SettableClock();
    using _1 = attach({ clock });
    const limiter = empty();
    const [ctx, cancel] = context.withDeadline(background, new Date(clock.wall() + 1500));
    using _2 = cancel;
    clock.offset += step;
    const waiting = follow(limiter.wait(ctx));
    await clock.pass(1000);
    expect(waiting.state).toBe("returned");
  });

  test("adds and takes no tokens: a Date of now means now [R20]", async () => {
    const clock = new SettableClock();
    using _1 = attach({ clock });
    const limiter = empty();
    clock.offset += step;
    expect(limiter.allowN(new Date(clock.wall()), 1)).toBe(false);
    await clock.pass(500);
    expect(limiter.tokensAt(new Date(clock.wall()))).toBeCloseTo(0.5);
    const reservation = limiter.reserveN(new Date(clock.wall()), 1);
    expect(reservation.delayFrom(new Date(clock.wall()))).toBeCloseTo(500);
    await clock.pass(500);
    expect([reservation.delay(), limiter.allow()]).toEqual([0, false]);
  });
});

test("equal Dates are equal times, whenever they are looked at [R20]", async () => {
  const clock = new SettableClock();
  using _1 = attach({ clock });
  const limiter = new rate.Limiter(1000, 1);
  const at = new Date(clock.wall());
  expect(limiter.allowN(at, 1)).toBe(true);
  // A time server that slews the wall clock a little.
  clock.offset += 0.9;
  await clock.pass(0.3);
  expect(limiter.allowN(at, 1)).toBe(false);
});

test("a user's context has its deadline on the wall clock only [R20]", async () => {
  const clock = new SettableClock();
  using _1 = attach({ clock });
  const limiter = empty();
  class Dated extends context.Embedded {
    override deadline(): Date {
      return new Date(clock.wall() + 500);
    }
  }
  await expect(limiter.wait(new Dated(background))).rejects.toThrow("would exceed context deadline");
});
