import { chan, context, go, type ReceiveChan } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  /** A channel that delivers 0 to count - 1 and is closed then. */
  function counting(count: number): ReceiveChan<number> {
    const ch = chan<number>(capacity);
    go(async () => {
      for (let i = 0; i < count; i++) await ch.send(i);
      ch.close();
    });
    return ch;
  }

  test("a loop receives until the channel is closed and drained [C23]", async () => {
    const seen: number[] = [];
    for await (const n of counting(40)) seen.push(n);
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  test("a loop parked at the close ends [C17] [C23]", async () => {
    const ch = chan<number>(capacity);
    const log: string[] = [];
    go(async () => {
      for await (const n of ch) log.push(`got ${n}`);
      log.push("over");
    });
    await settle();
    ch.trySend(1);
    await settle();
    log.push("closes");
    ch.close();
    await settle();
    expect(log).toEqual(["got 1", "closes", "over"]);
  });

  test("a loop over a closed channel has no turn [C23]", async () => {
    const ch = chan<number>(capacity);
    ch.close();
    let turns = 0;
    for await (const _ of ch) turns++;
    expect(turns).toBe(0);
  });

  test("breaking out neither closes the channel nor loses a value, a later loop continues [C23]", async () => {
    const ch = counting(10);
    const seen: string[] = [];
    for await (const n of ch) {
      seen.push(`first ${n}`);
      if (n === 2) break;
    }
    seen.push(`between ${await ch.receive()}`);
    for await (const n of ch) {
      seen.push(`second ${n}`);
      if (n === 5) break;
    }
    for await (const n of ch) seen.push(`third ${n}`);
    expect(seen.join(", ")).toBe(
      "first 0, first 1, first 2, between 3, second 4, second 5, third 6, third 7, third 8, third 9",
    );
  });

  test("leaving by return, by an error or by continue to an outer loop loses nothing either [C23]", async () => {
    const ch = counting(8);
    const takeOne = async (): Promise<number | undefined> => {
      for await (const n of ch) return n;
      return undefined;
    };
    expect(await takeOne()).toBe(0);
    const fail = async (): Promise<void> => {
      for await (const n of ch) throw new Error(`at ${n}`);
    };
    await expect(fail()).rejects.toThrow("at 1");
    const pairs: number[] = [];
    outer: for (let i = 0; i < 3; i++) {
      for await (const n of ch) {
        pairs.push(n);
        if (n % 2 === 1) continue outer;
      }
    }
    expect(pairs).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await ch.receiveOk()).toEqual([undefined, false]);
  });

  test("the channel expression is evaluated once [C23]", async () => {
    let evaluated = 0;
    const make = (): ReceiveChan<number> => {
      evaluated++;
      return counting(5);
    };
    let turns = 0;
    for await (const _ of make()) turns++;
    expect([evaluated, turns]).toEqual([1, 5]);
  });

  test("several loops over one channel share its values [C4] [C23]", async () => {
    const ch = counting(100);
    const seen: number[] = [];
    const over = chan<void>();
    for (let loop = 0; loop < 3; loop++) {
      go(async () => {
        for await (const n of ch) seen.push(n);
        await over.send();
      });
    }
    for (let loop = 0; loop < 3; loop++) await over.receive();
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test("each turn has a variable of its own [C23]", async () => {
    const calls: (() => number)[] = [];
    for await (const n of counting(3)) calls.push(() => n);
    expect(calls.map((call) => call())).toEqual([0, 1, 2]);
  });

  test("a loop with a context ends by throwing when the context does [C23]", async () => {
    const ch = chan<number>(capacity);
    const [ctx, cancel] = context.withCancel(context.background());
    const log: string[] = [];
    go(async () => {
      try {
        for await (const n of ch.range(ctx)) log.push(`got ${n}`);
      } catch (error) {
        log.push((error as Error).message);
      }
    });
    await ch.send(1);
    await ch.send(2);
    await settle();
    cancel();
    await settle();
    expect(log).toEqual(["got 1", "got 2", "context canceled"]);
    if (capacity > 0) expect(ch.trySend(3)).toBe(true);
    else expect(ch.trySend(3)).toBe(false);
  });

  test("a context that has ended is noticed before the next value is taken [C23]", async () => {
    const ch = counting(10);
    const [ctx, cancel] = context.withCancel(context.background());
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const n of ch.range(ctx)) {
        seen.push(n);
        if (n === 3) cancel();
      }
    };
    await expect(loop()).rejects.toBe(context.canceled);
    for await (const n of ch) seen.push(n);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("a loop with a context over a closed channel ends normally [C23]", async () => {
    const seen: number[] = [];
    for await (const n of counting(3).range(context.background())) seen.push(n);
    expect(seen).toEqual([0, 1, 2]);
  });
});

test("an iterator can be asked again after it was done, and asked twice at once [C23]", async () => {
  const ch = chan<number>(2);
  const iterator = ch[Symbol.asyncIterator]();
  const both = [iterator.next(), iterator.next()];
  ch.trySend(1);
  ch.trySend(2);
  expect(await Promise.all(both)).toEqual([
    { value: 1, done: false },
    { value: 2, done: false },
  ]);
  ch.close();
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
  expect(await iterator.next()).toEqual({ value: undefined, done: true });
});

test("a generator can pass a channel on, and be left, without loss [C23]", async () => {
  const ch = chan<number>(4);
  for (let i = 0; i < 4; i++) ch.trySend(i);
  async function* doubled(): AsyncGenerator<number> {
    for await (const n of ch) yield 2 * n;
  }
  async function* same(): AsyncGenerator<number> {
    yield* ch;
  }
  for await (const n of doubled()) if (n === 2) break;
  for await (const n of same()) if (n === 2) break;
  expect(await ch.receive()).toBe(3);
});
