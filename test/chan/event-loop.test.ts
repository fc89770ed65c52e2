import { chan, type Chan, context, go, gosched, select, send } from "gocsp";
import { selector } from "gocsp/select";
import { describe, expect, test } from "vitest";
import { exhaust } from "../support/exhaust.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle, turn } from "../support/settle.ts";

expectNoGoroutinesLeft();

const background = context.background();
const sendOnClosed = expect.objectContaining({ name: "PanicError", message: "send on closed channel" });

// Each of them receives from one channel and sends on to the other until the first is closed.
const players: Record<string, (from: Chan<number>, to: Chan<number>) => Promise<void>> = {
  plain: async (from, to) => {
    for (let n = await from.receive(); n !== undefined; n = await from.receive()) await to.send(n);
  },
  "with ok": async (from, to) => {
    for (;;) {
      const [n, ok] = await from.receiveOk();
      if (!ok) return;
      await to.send(n);
    }
  },
  range: async (from, to) => {
    for await (const n of from) await to.send(n);
  },
  "with a context": async (from, to) => {
    for await (const n of from.range(background)) await to.send(n, background);
  },
  "trying first": async (from, to) => {
    for (;;) {
      const got = from.tryReceive();
      const [n, ok] = got === undefined ? await from.receiveOk() : ([got.value, got.ok] as const);
      if (!ok) return;
      if (!to.trySend(n as number)) await to.send(n as number);
    }
  },
  select: async (from, to) => {
    const never = chan<number>();
    for (;;) {
      const op = await select({ never, from });
      if (!op.ok) return;
      await select({ never, sent: send(to, op.value) });
    }
  },
  "reusable select": async (from, to) => {
    const [got, sent] = [selector({ from }), send(to, 0)];
    const sending = selector({ sent });
    for (;;) {
      const op = got.trySelect() ?? (await got.select());
      if (!op.ok) return;
      sent.value = op.value;
      if (sending.trySelect() === undefined) await sending.select();
    }
  },
};

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test.each(Object.keys(players))(
    "two goroutines that send to each other endlessly let timers and immediates run: %s [C39]",
    { timeout: 60_000 },
    async (name) => {
      const [there, back] = [chan<number>(capacity), chan<number>(capacity)];
      const over = chan<void>();
      const host = { immediates: 0, timeouts: 0 };
      const again = (): unknown => host.immediates++ < 5 && setImmediate(again);
      setImmediate(again);
      setTimeout(() => host.timeouts++, 1);
      go(async () => {
        await players[name]?.(there, back);
        await over.send();
      });
      let rounds = 0;
      for (; host.immediates < 5 || host.timeouts < 1; rounds++) {
        await there.send(rounds);
        expect(await back.receive()).toBe(rounds);
      }
      there.close();
      await over.receive();
      expect(rounds).toBeGreaterThan(0);
    },
  );

  test("goroutines woken one after the other run in this order, also when a turn of the event loop comes between [C9]", async () => {
    const ch = chan<number>(capacity);
    const log: number[] = [];
    const count = 3000;
    for (let i = 0; i < count; i++) go(async () => void log.push((await ch.receive()) as number));
    await settle();
    for (let i = 0; i < count; i++) {
      if (i === count / 3) exhaust();
      ch.trySend(i);
      if (i === (2 * count) / 3) await settle();
    }
    await settle();
    expect(log).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test("operations that need not wait also resume after the owed turn, in their order [C3]", async () => {
    const ch = chan<number>(capacity);
    const log: string[] = [];
    exhaust();
    for (let i = 0; i < 3; i++) {
      go(async () => {
        for (let n = 0; n < 3; n++) {
          await ch.send(n);
          await gosched();
        }
        log.push(`sender ${i}`);
      });
    }
    let sum = 0;
    for (let n = 0; n < 9; n++) {
      if (n % 4 === 0) exhaust();
      sum += (await ch.receive()) ?? NaN;
    }
    await settle();
    expect(sum).toBe(9);
    expect(log).toHaveLength(3);
  });
});

describe("while the event loop is owed a turn", () => {
  async function unhandledDuring(act: () => void): Promise<unknown[]> {
    const unhandled: unknown[] = [];
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => void unhandled.push(reason));
    try {
      exhaust();
      act();
      await settle();
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of others) process.on("unhandledRejection", listener);
    }
    return unhandled;
  }

  test("a failure that the goroutine catches is never unhandled [C13]", async () => {
    const ch = chan<number>();
    const [ctx, cancel] = context.withCancel(context.background());
    const failing = [
      follow(ch.send(1)),
      follow(select({ sent: send(ch, 1), never: chan<number>() })),
      follow(ch.send(1, context.background())),
    ];
    const givingUp = [follow(chan<number>().receive(ctx)), follow(chan<number>().send(1, ctx))];
    await settle();
    expect(await unhandledDuring(() => ch.close())).toEqual([]);
    expect(await unhandledDuring(cancel)).toEqual([]);
    expect(failing.map(({ error }) => error)).toEqual(failing.map(() => sendOnClosed));
    expect(givingUp.map(({ error }) => error)).toEqual(givingUp.map(() => context.canceled));
  });

  test("a loop of operations that fail, at once or waiting, lets the event loop turn [C12] [C13]", async () => {
    const ch = chan<number>();
    ch.close();
    const [ctx, cancel] = context.withCancel(context.background());
    cancel();
    const loops: (() => Promise<unknown>)[] = [
      () => ch.send(1),
      () => select({ sent: send(ch, 1) }),
      () => ch.receive(ctx),
      () => ch.send(1, ctx),
      () => {
        const waiting = chan<number>();
        const sending = waiting.send(1);
        waiting.close();
        return sending;
      },
      () => {
        const [ctx, cancel] = context.withCancel(context.background());
        const receiving = chan<number>().receive(ctx);
        cancel();
        return receiving;
      },
    ];
    for (const operation of loops) {
      const turned = new Promise((resolve) => setImmediate(resolve));
      let over = false;
      void turned.then(() => (over = true));
      const isOver = (): boolean => over;
      const until = performance.now() + 10_000;
      while (!isOver() && performance.now() < until) await operation().catch(() => undefined);
      expect(isOver()).toBe(true);
    }
  });
});

test("of many goroutines woken by one close some run before the event loop turns, not all [C10] [C39]", async () => {
  const ch = chan<void>();
  const count = 500;
  const state = { woken: 0, atTurn: -1 };
  for (let i = 0; i < count; i++) {
    go(async () => {
      await ch.receive();
      state.woken++;
    });
  }
  await settle();
  // A turn that the runtime has already requested must be over, or it would come before the observed one.
  for (let turns = 0; turns < 2; turns++) await turn();
  setImmediate(() => (state.atTurn = state.woken));
  ch.close();
  await settle();
  expect(state.woken).toBe(count);
  expect(state.atTurn).toBeGreaterThan(0);
  expect(state.atTurn).toBeLessThan(count / 2);
});
