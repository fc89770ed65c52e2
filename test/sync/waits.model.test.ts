import fc from "fast-check";
import { Cond, WaitGroup } from "gocsp/sync";
import { expect, test } from "vitest";
import { exhaust } from "../support/exhaust.ts";
import { follow, type Outcome } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { cancelable } from "./log.ts";

const contextCount = 3;
const context = fc.integer({ min: 0, max: contextCount - 1 });

type Common =
  | { do: "wait"; context: number | undefined }
  | { do: "cancel"; context: number }
  | { do: "settle" | "exhaust" };

const common: fc.Arbitrary<Common> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({ do: fc.constant("wait" as const), context: fc.oneof(fc.constant(undefined), context) }),
  },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("cancel" as const), context }) },
  { weight: 24, arbitrary: fc.constant({ do: "settle" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "exhaust" as const }) },
);

/** The waiters, in order, as an array; the state of each operation, by its number. */
class Waits {
  readonly outcomes: Outcome<void>["state"][] = [];
  waiting: { operation: number; context: number | undefined }[] = [];
  readonly #ended = new Set<number>();
  readonly real: Outcome<void>[] = [];
  readonly #contexts = Array.from({ length: contextCount }, () => cancelable());

  /** The part that the two have in common. `ready` tells whether a wait need not wait. */
  async step(
    command: Common,
    ready: boolean,
    wait: (ctx: ReturnType<typeof cancelable>[0] | undefined) => Promise<void>,
  ) {
    if (command.do === "wait") {
      const ctx = command.context === undefined ? undefined : this.#contexts[command.context]?.[0];
      this.real.push(follow(wait(ctx)));
      const ended = command.context !== undefined && this.#ended.has(command.context);
      if (!ended && !ready) this.waiting.push({ operation: this.outcomes.length, context: command.context });
      this.outcomes.push(ended ? "threw" : ready ? "returned" : "waits");
    } else if (command.do === "cancel") {
      this.#contexts[command.context]?.[1]();
      this.#ended.add(command.context);
      this.#leave((each) => each.context === command.context, "threw");
    } else if (command.do === "exhaust") {
      exhaust();
    } else {
      await this.agree();
    }
  }

  wake(count: number): void {
    const woken = new Set(this.waiting.slice(0, count));
    this.#leave((each) => woken.has(each), "returned");
  }

  async agree(): Promise<void> {
    await settle();
    expect(this.real.map(({ state }) => state)).toEqual(this.outcomes);
  }

  #leave(which: (each: Waits["waiting"][number]) => boolean, outcome: "returned" | "threw"): void {
    for (const { operation } of this.waiting.filter(which)) this.outcomes[operation] = outcome;
    this.waiting = this.waiting.filter((each) => !which(each));
  }
}

const add = fc.record({ do: fc.constant("add" as const), delta: fc.integer({ min: -2, max: 2 }) });

test("random programs with a WaitGroup behave as the model says [Y17] [Y19]", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: common }, { weight: 3, arbitrary: add }), {
        maxLength: 60,
        size: "max",
      }),
      async (commands) => {
        const wg = new WaitGroup();
        const waits = new Waits();
        let count = 0;
        const change = (delta: number): void => {
          count += delta;
          wg.add(delta);
          if (count === 0) waits.wake(Infinity);
        };
        for (const command of commands) {
          if (command.do !== "add") await waits.step(command, count === 0, (ctx) => wg.wait(ctx));
          else if (count + command.delta >= 0) change(command.delta);
        }
        change(-count);
        await waits.agree();
        expect(waits.waiting).toEqual([]);
      },
    ),
    { numRuns: 1500 },
  );
});

const signal = fc.constant({ do: "signal" as const });
const broadcast = fc.constant({ do: "broadcast" as const });
const wake = fc.oneof({ weight: 2, arbitrary: signal }, { weight: 1, arbitrary: broadcast });

test("random programs with a Cond behave as the model says [Y35] [Y37]", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: common }, { weight: 2, arbitrary: wake }), {
        maxLength: 60,
        size: "max",
      }),
      async (commands) => {
        // A Locker that only counts: with a real one the order in which the woken goroutines lock again would matter.
        const balance = { locks: 0 };
        const cond = new Cond({
          lock: () => Promise.resolve(void balance.locks++),
          unlock: () => void balance.locks--,
        });
        const waits = new Waits();
        for (const command of commands) {
          if (command.do === "signal") {
            cond.signal();
            waits.wake(1);
          } else if (command.do === "broadcast") {
            cond.broadcast();
            waits.wake(Infinity);
          } else {
            await waits.step(command, false, (ctx) => cond.wait(ctx));
          }
          if (command.do === "settle") expect(balance.locks + waits.waiting.length).toBe(0);
        }
        cond.broadcast();
        waits.wake(Infinity);
        await waits.agree();
        expect([balance.locks, waits.waiting]).toEqual([0, []]);
      },
    ),
    { numRuns: 1500 },
  );
});
