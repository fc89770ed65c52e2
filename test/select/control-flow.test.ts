import { chan, type Chan, context, type Context, go, type ReceiveChan, select, send, sync, time } from "gocsp";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  function counting(count: number): Chan<number> {
    const ch = chan<number>(capacity);
    go(async () => {
      for (let i = 0; i < count; i++) await ch.send(i);
      ch.close();
    });
    return ch;
  }

  test("break leaves the switch, a label leaves the loop, continue starts its next turn [S19]", async () => {
    const ch = counting(10);
    const log: string[] = [];
    loop: for (;;) {
      const op = await select({ ch });
      switch (op.case) {
        case "ch":
          if (!op.ok) break loop;
          if (op.value % 2 === 0) continue;
          if (op.value === 5) break;
          log.push(`odd ${op.value}`);
      }
      log.push("end of turn");
    }
    const turn = "end of turn";
    expect(log).toEqual(["odd 1", turn, "odd 3", turn, turn, "odd 7", turn, "odd 9", turn]);
  });

  test("return leaves the function from within a case, and loses nothing [S19]", async () => {
    const ch = counting(5);
    const next = async (): Promise<number | undefined> => {
      for (;;) {
        const op = await select({ ch });
        switch (op.case) {
          case "ch":
            return op.value;
        }
      }
    };
    expect([await next(), await next(), await next()]).toEqual([0, 1, 2]);
    expect(await ch.receive()).toBe(3);
    expect([await ch.receive(), await ch.receive()]).toEqual([4, undefined]);
  });

  test("each case has variables of its own [S20]", async () => {
    const [numbers, texts] = [chan<number>(capacity), chan<string>(capacity)];
    go(() => numbers.send(1));
    go(() => texts.send("one"));
    const seen: string[] = [];
    for (let i = 0; i < 2; i++) {
      const op = await select({ numbers, texts });
      switch (op.case) {
        case "numbers": {
          const { value: v, ok } = op;
          seen.push(`number ${v?.toFixed(1)} ${ok}`);
          break;
        }
        case "texts": {
          const { value: v, ok } = op;
          seen.push(`text ${v?.toUpperCase()} ${ok}`);
        }
      }
    }
    expect(seen.sort()).toEqual(["number 1.0 true", "text ONE true"]);
  });

  test("priority takes two selects: first a look without waiting at the one that matters [S22]", async () => {
    const [urgent, normal] = [chan<string>(capacity), chan<string>(capacity)];
    const quit = chan<void>();
    for (let i = 0; i < 20; i++) {
      go(() => urgent.send("urgent"));
      go(() => normal.send("normal"));
    }
    await settle();
    const seen: string[] = [];
    for (let i = 0; i < 40; i++) {
      const first = await select({ urgent, quit, default: true });
      const op = first.case === "default" ? await select({ urgent, normal, quit }) : first;
      seen.push(String(op.value));
      await settle();
    }
    expect(seen).toEqual([...Array(20).fill("urgent"), ...Array(20).fill("normal")]);
  });

  test("the generator of the documents does not leak its goroutine [S19]", async () => {
    const state = { running: false };
    const gen = (ctx: Context): ReceiveChan<number> => {
      const dst = chan<number>(capacity);
      go(async () => {
        state.running = true;
        for (let n = 1; ; n++) {
          const op = await select({ done: ctx.done(), sent: send(dst, n) });
          if (op.case === "done") break;
        }
        state.running = false;
      });
      return dst;
    };
    const seen: number[] = [];
    {
      const [ctx, cancel] = context.withCancel(context.background());
      using _ = cancel;
      for await (const n of gen(ctx)) {
        seen.push(n);
        if (n === 5) break;
      }
      expect(state.running).toBe(true);
    }
    await settle();
    expect([seen, state.running]).toEqual([[1, 2, 3, 4, 5], false]);
  });
});

describe("with timers", () => {
  test("time.after in a loop starts again with each message; a timer made before the loop does not [S26]", async () => {
    const run = async (late: () => ReceiveChan<Date>): Promise<string[]> => {
      const ch = chan<number>();
      const log: string[] = [];
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        for (;;) {
          const op = await select({ ch, late: late() });
          log.push(op.case);
          if (op.case === "late") return;
        }
      });
      for (let i = 0; i < 3; i++) {
        await synctest.sleep(60);
        ch.trySend(i);
      }
      await wg.wait();
      return log;
    };
    await synctest.test(async () => {
      expect(await run(() => time.after(100 * time.millisecond))).toEqual(["ch", "ch", "ch", "late"]);
      const once = time.after(100 * time.millisecond);
      expect(await run(() => once)).toEqual(["ch", "late"]);
    });
  });
});
