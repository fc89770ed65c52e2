// What timers deliver, on a clock whose every moment is chosen: of the wall only whole milliseconds are seen.
import fc from "fast-check";
import { time } from "gocsp";
import { attach } from "gocsp/runtime";
import { expect, test } from "vitest";
import { turn } from "../support/settle.ts";

/** A clock that stands still; monotonic and wall time are apart by a constant, as a host's are. */
class StandingClock {
  at: number;
  readonly #apart: number;

  constructor(at: number, apart: number) {
    this.at = at;
    this.#apart = apart;
  }

  now(): number {
    return this.at;
  }

  wall(): number {
    return Math.floor(this.at + this.#apart);
  }

  setTimeout(): void {}

  clearTimeout(): void {}
}

const arbitrary = fc.record({
  at: fc.double({ min: 0, max: 1e6, noNaN: true }),
  apart: fc.double({ min: 1.7e12, max: 1.8e12, noNaN: true }),
  duration: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0.001, max: 5000, noNaN: true })),
  late: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 10_000, noNaN: true })),
});

test("a timer's Date is not before its start plus its duration, and no whole millisecond after it [T6]", () => {
  fc.assert(
    fc.property(arbitrary, ({ at, apart, duration, late }) => {
      const clock = new StandingClock(at, apart);
      using _ = attach({ clock });
      const start = clock.wall();
      const { c } = time.newTimer(duration);
      clock.at += duration + late + 1e-6;
      const date = c.tryReceive()?.value?.getTime() as number;
      // The due time is up to a millisecond later than it looks, and is rounded up to whole ones.
      expect(date).toBeGreaterThanOrEqual(start + duration - 1e-5);
      expect(date).toBeLessThan(start + Math.ceil(duration) + 2);
    }),
  );
});

test("a ticker's Dates are not before its start plus so many periods [T29]", () => {
  fc.assert(
    fc.property(arbitrary, ({ at, apart, duration }) => {
      const clock = new StandingClock(at, apart);
      using _ = attach({ clock });
      const start = clock.wall();
      const ticker = time.newTicker(duration);
      for (let n = 1; n <= 5; n++) {
        clock.at = at + n * duration + 1e-6 * n;
        const date = ticker.c.tryReceive()?.value?.getTime() as number;
        expect(date).toBeGreaterThanOrEqual(start + n * duration - 1e-5);
        expect(date).toBeLessThan(start + Math.ceil(n * duration) + 2);
      }
    }),
  );
});

test("a function that is due at once is called on the next turn of the event loop, not after a millisecond [T20]", async () => {
  const log: string[] = [];
  time.afterFunc(0, () => log.push("new"));
  const again = time.afterFunc(60_000, () => log.push("reset"));
  again.reset(0);
  const stopped = time.afterFunc(0, () => log.push("stopped"));
  expect(stopped.stop()).toBe(true);
  expect(log).toEqual([]);
  // One turn rings the alarms, and one releases goroutines that owe a turn.
  for (let turns = 0; turns < 3; turns++) await turn();
  expect(log).toEqual(["new", "reset"]);
});

test("a function that is due at once, and one that is due later, each get their time [T20] [T21]", async () => {
  const log: string[] = [];
  const start = performance.now();
  const later = new Promise<void>((resolve) => {
    time.afterFunc(5, () => {
      log.push("later");
      resolve();
    });
  });
  time.afterFunc(0, () => log.push("now"));
  await later;
  expect(log).toEqual(["now", "later"]);
  expect(performance.now() - start).toBeGreaterThanOrEqual(5);
});
