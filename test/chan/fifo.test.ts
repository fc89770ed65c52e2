import { chan, context, go, select, send } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const background = context.background();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("one sender's values arrive in the order in which they were sent [C3]", async () => {
    const ch = chan<number>(capacity);
    go(async () => {
      for (let i = 0; i < 100; i++) await ch.send(i);
    });
    for (let i = 0; i < 100; i++) expect(await ch.receive()).toBe(i);
  });

  test("four senders, four receivers: every value is delivered exactly once [C4] [C39]", async () => {
    const ch = chan<number>(capacity);
    const done = chan<Map<number, number>>();
    for (let s = 0; s < 4; s++) {
      go(async () => {
        for (let i = 0; i < 1000; i++) await ch.send(i);
      });
    }
    for (let r = 0; r < 4; r++) {
      go(async () => {
        const seen = new Map<number, number>();
        for (let i = 0; i < 1000; i++) {
          const n = (await ch.receive()) as number;
          seen.set(n, (seen.get(n) ?? 0) + 1);
        }
        await done.send(seen);
      });
    }
    const total = Array.from({ length: 1000 }, () => 0);
    for (let r = 0; r < 4; r++) {
      const seen = await done.receive();
      seen?.forEach((count, n) => (total[n] = (total[n] as number) + count));
    }
    expect(total).toEqual(Array.from({ length: 1000 }, () => 4));
    expect(ch.length).toBe(0);
  });

  test("parked receivers are served in the order of their arrival [C9]", async () => {
    const ch = chan<number>(capacity);
    const receivers = Array.from({ length: 40 }, () => follow(ch.receive()));
    for (let i = 0; i < 40; i++) expect(ch.trySend(i)).toBe(true);
    await settle();
    expect(receivers.map(({ value }) => value)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  test("parked senders are served in the order of their arrival [C9]", async () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const senders = Array.from({ length: 40 }, (_, i) => follow(ch.send(capacity + i)));
    for (let i = 0; i < 40; i++) {
      expect(ch.tryReceive()?.value).toBe(i);
      await settle();
      expect(senders.map(({ state }) => state === "returned").lastIndexOf(true)).toBe(i);
    }
    for (let i = 0; i < capacity; i++) expect(ch.tryReceive()?.value).toBe(40 + i);
  });

  test("every kind of receive waits in one queue: none overtakes another [C9] [S18]", async () => {
    const ch = chan<number>(capacity);
    const never = chan<number>();
    const log: string[] = [];
    const receivers: (() => Promise<number | undefined>)[] = [
      () => ch.receive(),
      async () => (await select({ ch, never })).value,
      async () => (await ch.receiveOk())[0],
      async () => (await ch[Symbol.asyncIterator]().next()).value,
      () => ch.receive(background),
      async () => (await select({ never, a: ch, b: ch })).value,
      async () => (await select({ ch })).value,
      async () => (await ch.range(background)[Symbol.asyncIterator]().next()).value,
    ];
    for (let round = 0; round < 3; round++) {
      receivers.forEach((receive, i) => {
        go(async () => void log.push(`${round}.${i} got ${await receive()}`));
      });
    }
    await settle();
    const expected: string[] = [];
    for (let n = 0; n < 3 * receivers.length; n++) {
      ch.trySend(n);
      await settle();
      expected.push(`${Math.floor(n / receivers.length)}.${n % receivers.length} got ${n}`);
      expect(log).toEqual(expected);
    }
  });

  test("every kind of send waits in one queue: none overtakes another [C9] [S18]", async () => {
    const ch = chan<number>(capacity);
    const never = chan<number>();
    for (let i = 0; i < capacity; i++) ch.trySend(-1);
    const senders: ((n: number) => Promise<unknown>)[] = [
      (n) => ch.send(n),
      (n) => select({ sent: send(ch, n), never }),
      (n) => ch.send(n, background),
      (n) => select({ never, a: send(ch, n), b: send(ch, n) }),
      (n) => select({ sent: send(ch, n) }),
    ];
    const count = 3 * senders.length;
    for (let n = 0; n < count; n++) go(async () => void (await senders[n % senders.length]?.(n)));
    await settle();
    const received = Array.from({ length: capacity + count }, () => ch.tryReceive()?.value);
    expect(received.slice(capacity)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  test("a waiter that gives up leaves the queue, and the others move up [C9] [S11]", async () => {
    const ch = chan<number>(capacity);
    const { ctx, cancel } = ending();
    const receivers = Array.from({ length: 9 }, (_, i) => follow(i % 3 === 1 ? ch.receive(ctx) : ch.receive()));
    cancel();
    for (let i = 0; i < 6; i++) ch.trySend(i);
    await settle();
    expect(receivers.map(({ state, value }) => (state === "threw" ? "gave up" : value))).toEqual([
      0,
      "gave up",
      1,
      2,
      "gave up",
      3,
      4,
      "gave up",
      5,
    ]);
  });

  test("a sender that tries first does not overtake waiters [C7] [C9]", async () => {
    const ch = chan<string>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend("buffered");
    const waiting = follow(ch.send("waiting"));
    expect(ch.trySend("trying")).toBe(false);
    ch.tryReceive();
    expect(ch.trySend("trying again")).toBe(capacity === 0 ? false : ch.length < capacity);
    for (let got = ch.tryReceive(); got !== undefined; got = ch.tryReceive()) expect(got.value).not.toMatch(/trying/);
    await settle();
    expect(waiting.state).toBe("returned");
  });

  test(
    "many workers share a queue of work: each item is handled once, then the results are closed [C33]",
    { timeout: 60_000 },
    async () => {
      const workers = 23;
      const items = capacity === 16 ? 271_828 : 27_182;
      const work = chan<number>(capacity);
      const results = chan<number>(capacity);
      let running = workers;
      for (let w = 0; w < workers; w++) {
        go(async () => {
          for await (const item of work) await results.send(2 * item);
          if (--running === 0) results.close();
        });
      }
      go(async () => {
        for (let i = 0; i < items; i++) await work.send(i);
        work.close();
      });
      const seen = new Set<number>();
      let count = 0;
      for await (const result of results) {
        seen.add(result);
        count++;
      }
      expect([count, seen.size]).toEqual([items, items]);
    },
  );
});

function ending(): { ctx: context.Context; cancel: () => void } {
  const [ctx, cancel] = context.withCancel(background);
  return { ctx, cancel };
}
