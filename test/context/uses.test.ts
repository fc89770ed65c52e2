import { chan, type Context, context, defer, go, type ReceiveChan, select, send, sync } from "gocsp";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";
import { alive, endOf, expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

describe("the uses shown in Go's documentation", () => {
  test.each(["one", "two", "merged"] as const)(
    "the merger of two contexts ends with %s, for its reason [X61]",
    async (first) => {
      const [one, cancelOne] = context.withCancelCause(background);
      const [two, cancelTwo] = context.withCancelCause(background);
      const [merged, cancelMerged] = context.withCancelCause(one);
      const stop = context.afterFunc(two, () => cancelMerged(context.cause(two)));
      expect(endOf(merged)).toBe(alive);
      ({ one: cancelOne, two: cancelTwo, merged: cancelMerged })[first](new Error(first));
      await settle();
      expect(endOf(merged)).toBe(`context canceled, ${first}, done closed`);
      expect(stop()).toBe(first !== "two");
    },
  );

  test("goroutines that wait for a condition give up when their contexts end [X62]", () =>
    synctest.test(async () => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const waitOnCond = async (ctx: Context, holds: () => boolean): Promise<string> => {
        const stop = context.afterFunc(ctx, async () => {
          using _ = await mu.lock();
          cond.broadcast();
        });
        using _ = defer(stop);
        while (!holds()) {
          await cond.wait();
          const err = ctx.err();
          if (err !== undefined) return err.message;
        }
        return "it holds";
      };
      let open = false;
      const log: string[] = [];
      const wait = async (timeout: number, holds: () => boolean): Promise<void> => {
        const [ctx, cancel] = context.withTimeout(background, timeout);
        using _1 = cancel;
        using _2 = await mu.lock();
        log.push(await waitOnCond(ctx, holds));
      };
      for (const timeout of [1, 1, 50]) go(wait, timeout, () => false);
      go(wait, 100, () => open);
      await synctest.wait();
      await synctest.sleep(1);
      expect(log).toEqual(["context deadline exceeded", "context deadline exceeded"]);
      open = true;
      cond.broadcast();
      await synctest.wait();
      expect(log.slice(2)).toEqual(["it holds"]);
      await synctest.sleep(50);
      expect(log.slice(3)).toEqual(["context deadline exceeded"]);
    }));

  test("a generator that selects on done and on its output ends after cancel [X63]", async () => {
    const ended: string[] = [];
    const generate = (ctx: Context): ReceiveChan<number> => {
      const numbers = chan<number>();
      go(async () => {
        for (let n = 1; ;) {
          const op = await select({ done: ctx.done(), sent: send(numbers, n) });
          if (op.case === "sent") n++;
          else return void ended.push(ctx.err()?.message ?? "");
        }
      });
      return numbers;
    };
    const seen: number[] = [];
    {
      const [ctx, cancel] = context.withCancel(background);
      using _ = cancel;
      for await (const n of generate(ctx)) if (seen.push(n) === 5) break;
    }
    await settle();
    expect([seen, ended]).toEqual([[1, 2, 3, 4, 5], ["context canceled"]]);
  });
});
