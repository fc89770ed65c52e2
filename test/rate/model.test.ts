import fc from "fast-check";
import { type CancelFunc, context } from "gocsp";
import * as rate from "gocsp/rate";
import { expect, test, vi } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { follow, type Outcome } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNothingLeft();

/** A bucket in whole numbers: a token is as many units as it takes milliseconds to come. */
class Bucket {
  readonly interval: number;
  burst: number;
  level: number;

  constructor(interval: number, burst: number) {
    this.interval = interval;
    this.burst = burst;
    this.level = burst * interval;
  }

  pass(milliseconds: number): void {
    this.level = Math.min(this.level + milliseconds, this.burst * this.interval);
  }

  setBurst(burst: number): void {
    this.burst = burst;
    this.pass(0);
  }

  /** Takes `n` tokens and returns how long until they are there; undefined if that is too long or too much. */
  take(n: number, longest: number): number | undefined {
    const wait = Math.max(n * this.interval - this.level, 0);
    if (n > this.burst || wait > longest) return undefined;
    this.level -= n * this.interval;
    return wait;
  }

  giveBack(n: number): void {
    this.level += n * this.interval;
    this.pass(0);
  }
}

interface Wait {
  readonly n: number;
  readonly due: number;
  readonly real: Outcome<void>;
  readonly cancel: CancelFunc;
  canceled: boolean;
}

const count = fc.integer({ min: 0, max: 4 });
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pass" as const), quarters: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("allow" as const), n: count }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("reserve" as const), n: count }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), n: count, intervals: fc.option(fc.nat(8)) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("burst" as const), n: count }) },
);

test("random events pass as through a naive bucket [R1] [R2] [R5] [R6] [R7] [R8] [R12] [R14] [R17]", async () => {
  // Multiples of four, of which many make limits without a finite representation.
  const interval = fc.integer({ min: 1, max: 100 }).map((n) => 4 * n);
  const operations = fc.array(operation, { minLength: 1, maxLength: 30, size: "max" });
  await fc.assert(
    fc.asyncProperty(interval, fc.integer({ min: 0, max: 4 }), operations, async (interval, burst, operations) => {
      // Fake timers, not a bubble: the test moves time step by step, and looks at what has not happened yet.
      vi.useFakeTimers();
      const bucket = new Bucket(interval, burst);
      const limiter = new rate.Limiter(rate.every(interval), burst);
      const waits: Wait[] = [];
      /** The wait that was begun last, as long as nothing has been taken after it. */
      let last: Wait | undefined;

      for (const op of operations) {
        const now = Date.now();
        if (op.do === "pass") {
          const milliseconds = (op.quarters * interval) / 4;
          bucket.pass(milliseconds);
          await vi.advanceTimersByTimeAsync(milliseconds);
        } else if (op.do === "allow") {
          const allowed = bucket.take(op.n, 0) !== undefined;
          expect(limiter.allowN(new Date(), op.n)).toBe(allowed);
          if (allowed) last = undefined;
        } else if (op.do === "reserve") {
          const wait = bucket.take(op.n, Infinity);
          expect(limiter.reserveN(new Date(), op.n).delay()).toBeCloseTo(wait ?? Infinity, 4);
          if (wait !== undefined) last = undefined;
        } else if (op.do === "wait") {
          // A quarter beyond the deadline: what is due together with it may go either way.
          const longest = op.intervals === null ? Infinity : op.intervals * interval + interval / 8;
          const parent =
            op.intervals === null ? context.background() : context.withTimeout(context.background(), longest)[0];
          const [ctx, cancel] = context.withCancel(parent);
          const wait = bucket.take(op.n, longest);
          const real = follow(limiter.waitN(ctx, op.n));
          await settle();
          if (wait === undefined) expect(real.state).toBe("threw");
          else waits.push((last = { n: op.n, due: now + wait, real, cancel, canceled: false }));
        } else if (op.do === "cancel") {
          if (last === undefined || last.due <= now) continue;
          last.cancel();
          last.canceled = true;
          bucket.giveBack(last.n);
          last = undefined;
        } else {
          bucket.setBurst(op.n);
          limiter.setBurst(op.n);
        }
        await settle();
        expect(limiter.tokens() * interval).toBeCloseTo(bucket.level, 3);
        for (const { real, due, canceled } of waits) {
          expect(real.state).toBe(canceled ? "threw" : Date.now() + 1e-3 >= due ? "returned" : "waits");
        }
      }
      for (const { cancel } of waits) cancel();
      await settle();
      vi.useRealTimers();
    }),
    { numRuns: 300 },
  );
});
