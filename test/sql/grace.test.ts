import { context, type Context } from "gocsp";
import { attach } from "gocsp/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withinGrace } from "../../src/sql/grace.ts";
import { VirtualClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { watchedContext } from "./fake/watched.ts";

expectNoGoroutinesLeft();

let clock: VirtualClock;
let attached: Disposable;
beforeEach(() => {
  clock = new VirtualClock();
  attached = attach({ clock });
});
afterEach(() => attached[Symbol.dispose]());

function ended(): Context {
  const [ctx, cancel] = context.withCancel(context.background());
  cancel();
  return ctx;
}

/** A clock whose timers ring late. */
class LateTimers extends VirtualClock {
  override setTimeout(callback: () => void, delay: number): object {
    return super.setTimeout(callback, delay + 60);
  }
}

function held(): { work: Promise<string>; resolve: (value: string) => void; reject: (error: Error) => void } {
  let resolve!: (value: string) => void;
  let reject!: (error: Error) => void;
  const work = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { work, resolve, reject };
}

describe("waiting for a driver", () => {
  test.each(["resolve", "reject"] as const)(
    "leaves no watcher and no timer when the work settles: %s [Q27]",
    async (how) => {
      const { ctx, watchers } = watchedContext();
      const first = held();
      const outcome = follow(withinGrace(ctx, first.work, () => "late"));
      expect(watchers()).toBe(1);
      first[how](new Error("x") as never);
      await settle();
      expect([outcome.state === "waits", watchers()]).toEqual([false, 0]);

      for (const moment of [50, 150]) {
        const [ended, cancel] = context.withCancel(context.background());
        cancel();
        const late = vi.fn(() => "late");
        const { work, ...ends } = held();
        const second = follow(withinGrace(ended, work, late));
        await clock.pass(moment);
        ends[how](new Error("x") as never);
        await settle();
        expect([second.state, clock.pending]).toEqual([how === "resolve" ? "returned" : "threw", 0]);
        await clock.pass(1000);
        expect(late).not.toHaveBeenCalled();
      }
    },
  );

  test.each([99, 100, 101, 199, 200, 201])(
    "settles once, as the work or as late, when both come together: %i ms [Q27]",
    async (moment) => {
      for (const order of ["before", "after"]) {
        const [ctx, cancel] = context.withCancel(context.background());
        cancel();
        const { work, resolve } = held();
        const late = vi.fn(() => "late");
        const answer = (): object => clock.setTimeout(() => resolve("work"), moment);
        if (order === "before") answer();
        const outcome = follow(withinGrace(ctx, work, late));
        if (order === "after") answer();
        await clock.pass(1000);
        expect(outcome.value).toBe(late.mock.calls.length > 0 ? "late" : "work");
        expect(late.mock.calls.length).toBe(moment < 200 ? 0 : moment > 200 ? 1 : late.mock.calls.length);
      }
    },
  );

  test("counts only the time in which the program is not held up, for a second at most [Q27]", async () => {
    const late = new LateTimers();
    attached[Symbol.dispose]();
    attached = attach({ clock: late });
    const { work, resolve } = held();
    const outcome = follow(withinGrace(ended(), work, () => "late"));
    // Each timer rings 60 ms after its time.
    await late.pass(900);
    expect(outcome.state).toBe("waits");
    await late.pass(220);
    expect(outcome.value).toBe("late");
    resolve("work");
    await settle();
  });

  test("throws what late throws, and ignores how the work settles then [Q27]", async () => {
    const [ctx, cancel] = context.withTimeout(context.background(), 100);
    using _ = cancel;
    const { work, reject } = held();
    const failure = new Error("too late");
    const outcome = follow(
      withinGrace(ctx, work, () => {
        throw failure;
      }),
    );
    await clock.pass(299);
    expect(outcome.state).toBe("waits");
    await clock.pass(1);
    expect(outcome.error).toBe(failure);
    reject(new Error("nobody asks"));
    await settle();
  });

  test("gives the work itself where there is nothing to end [Q27]", () => {
    const { work } = held();
    for (const ctx of [context.background(), context.todo()] as Context[]) {
      expect(withinGrace(ctx, work, () => "late")).toBe(work);
    }
  });
});
