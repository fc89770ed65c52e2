import { chan, type Chan, context, go, nilChan, select, send } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { crowding } from "../support/memory.ts";

expectNoGoroutinesLeft();

describe("time in proportion", { timeout: 120_000 }, () => {
  const parts = 200;
  // It is between 1 and 3 on an idle machine; quadratic time would give almost 200.
  const linear = 15;

  test("a select leaves a queue in the same time, whatever the number of waiters [C35]", async () => {
    const ratio = await crowding(250, parts, async (n) => {
      const shared = chan<number>();
      const own = Array.from({ length: n }, () => chan<number>());
      const selecting = own.map((mine) => select({ shared, mine, sent: send(nilChan<number>(), 1) }));
      // From the middle outwards, so that a list would be slow to search from either end.
      for (let i = 0; i < n; i++) (own[((i * 2 + n) % n) | 0] as Chan<number>).trySend(i);
      for (const ch of own) ch.trySend(0);
      await Promise.all(selecting);
      expect(shared.trySend(1)).toBe(false);
    });
    expect(ratio).toBeLessThan(linear);
  });

  test("so does an operation whose context ends [C35]", async () => {
    const ratio = await crowding(250, parts, async (n) => {
      const shared = chan<number>();
      const contexts = Array.from({ length: n }, () => context.withCancel(context.background()));
      const receiving = contexts.map(([ctx]) => shared.receive(ctx).catch(() => undefined));
      for (let i = 0; i < n; i++) contexts[(i * 7919) % n]?.[1]();
      await Promise.all(receiving);
    });
    expect(ratio).toBeLessThan(linear);
  });

  test("closing takes time in proportion to the number of waiters [Z2]", async () => {
    const ratio = await crowding(250, parts, async (n) => {
      const [full, empty] = [chan<number>(), chan<number>()];
      const waiting: Promise<unknown>[] = [];
      for (let i = 0; i < n; i++) {
        waiting.push(empty.receive(), select({ empty, full: send(nilChan<number>(), 1) }));
        waiting.push(full.send(1).catch(() => undefined));
      }
      empty.close();
      full.close();
      await Promise.all(waiting);
    });
    expect(ratio).toBeLessThan(linear);
  });

  test("a chain takes time in proportion to its length [Z2] [C32]", async () => {
    const ratio = await crowding(250, parts, async (n) => {
      const first = chan<number>();
      let last = first;
      for (let i = 0; i < n; i++) {
        const [from, to] = [last, chan<number>()];
        go(async () => to.send((await from.receive()) as number));
        last = to;
      }
      await first.send(1);
      await last.receive();
    });
    expect(ratio).toBeLessThan(linear);
  });
});
