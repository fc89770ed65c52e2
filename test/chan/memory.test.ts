import { chan, type Chan, context, go, nilChan, select, send } from "gocsp";
import { selector } from "gocsp/select";
import { describe, expect, test } from "vitest";
import { collect, heapGrowth, survivors } from "../support/memory.ts";
import { settle, turn } from "../support/settle.ts";

type Referenced = Map<string, WeakRef<object>>;

function marked(references: Referenced, name: string): object {
  const value = { name };
  references.set(name, new WeakRef(value));
  return value;
}

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("a received value is no longer referenced by the channel, by whichever way it was received [C37]", async () => {
    const ch = chan<object>(capacity);
    const references: Referenced = new Map();
    await (async () => {
      for (let round = 0; round < 3; round++) {
        for (let i = 0; i < capacity; i++) ch.trySend(marked(references, `buffered ${round}.${i}`));
        const sends = [0, 1, 2].map((i) => ch.send(marked(references, `from a parked sender ${round}.${i}`)));
        for (let i = 0; i < capacity + 3; i++) await ch.receiveOk();
        await Promise.all(sends);
        const receives = [ch.receive(), ch.receiveOk(), select({ ch })];
        for (const [i] of receives.entries()) ch.trySend(marked(references, `to a parked receiver ${round}.${i}`));
        await Promise.all(receives);
      }
    })();
    expect(references.size).toBeGreaterThanOrEqual(18);
    expect(await survivors(references)).toEqual([]);
    expect(ch.trySend({})).toBe(capacity > 0);
  });

  test("an iterator keeps nothing that it has delivered, however many calls of next wait [C37] [C47]", async () => {
    const references: Referenced = new Map();
    const iterators: AsyncIterator<object>[] = [];
    const iterate = (ch: Chan<object>): AsyncIterator<object> => {
      const iterator = ch[Symbol.asyncIterator]();
      iterators.push(iterator);
      return iterator;
    };
    // Served while it waits, and then from the buffer or from a parked sender.
    await (async () => {
      const ch = chan<object>(capacity);
      const iterator = iterate(ch);
      const waiting = iterator.next();
      ch.trySend(marked(references, "before a ready one"));
      await waiting;
      const sending = ch.send({});
      await iterator.next();
      await sending;
    })();
    // There are always two waiters.
    await (async () => {
      const ch = chan<object>(capacity);
      const iterator = iterate(ch);
      const window = [iterator.next(), iterator.next()];
      for (let i = 0; i < 10; i++) {
        ch.trySend(marked(references, `in a window ${i}`));
        await window.shift();
        window.push(iterator.next());
      }
    })();
    await (async () => {
      const ch = chan<object>(capacity);
      const iterator = iterate(ch);
      const waiting = iterator.next();
      ch.trySend(marked(references, "before a return"));
      await waiting;
      await iterator.return?.();
    })();
    expect(references.size).toBe(12);
    expect(await survivors(references)).toEqual([]);
    for (const iterator of iterators) await iterator.return?.();
  });

  test("an iterator on which calls of next always wait forgets those that were served [C47]", async () => {
    const ch = chan<number>(capacity);
    const iterator = ch[Symbol.asyncIterator]();
    let [first, second] = [iterator.next(), iterator.next()];
    const grown = await heapGrowth(async () => {
      for (let i = 0; i < 30_000; i++) {
        ch.trySend(i);
        await first;
        [first, second] = [second, iterator.next()];
      }
    });
    // All of their waiters would be 3 MB.
    expect(grown).toBeLessThan(500_000);
    await iterator.return?.();
    await Promise.all([first, second]);
  });

  test("nor is one that was in the buffer while it grew around its end [C37]", async () => {
    const references: Referenced = new Map();
    const chans = await Promise.all(
      [1, 2, 3, 5, 7].map(async (offset) => {
        const ch = chan<object>(capacity);
        for (let i = 0; i < offset; i++) ch.trySend(marked(references, `${offset}: first ${i}`));
        for (let i = 0; i < offset - 1; i++) ch.tryReceive();
        for (let i = 0; i < offset + 1; i++) ch.trySend(marked(references, `${offset}: then ${i}`));
        while (ch.tryReceive() !== undefined);
        return ch;
      }),
    );
    expect(await survivors(references)).toEqual([]);
    expect(chans.map((ch) => ch.length)).toEqual([0, 0, 0, 0, 0]);
  });

  test("a value that was never sent is not kept: withdrawn, lost, or parked at the close [C13] [C36]", async () => {
    const ch = chan<object>(capacity);
    const other = chan<object>(1);
    const closing = chan<object>(0);
    const references: Referenced = new Map();
    await (async () => {
      for (let i = 0; i < capacity; i++) ch.trySend({});
      const [ctx, cancel] = context.withCancel(context.background());
      const withdrawn = ch.send(marked(references, "withdrawn"), ctx).catch(() => undefined);
      const lost = select({ sent: send(ch, marked(references, "lost")), other });
      const parked = closing.send(marked(references, "parked at the close")).catch(() => undefined);
      const parkedToo = select({ sent: send(closing, marked(references, "selected at the close")), ch: nilChan() });
      const failed = parkedToo.catch(() => undefined);
      cancel();
      other.trySend({});
      closing.close();
      await Promise.all([withdrawn, lost, parked, failed]);
    })();
    expect(references.size).toBe(4);
    expect(await survivors(references)).toEqual([]);
    expect([ch.length, other.length, closing.length]).toEqual([capacity, 0, 0]);
  });
});

test.each([1, 50, 2000])(
  "%d channels that the program has dropped go, with those who wait on them [C46]",
  async (n) => {
    const references: Referenced = new Map();
    const wait: ((ch: Chan<unknown>, held: object) => Promise<unknown>)[] = [
      (ch) => ch.receive(),
      (ch, held) => ch.send(held),
      (ch) => select({ ch, again: ch }),
      (ch) => ch.receive(context.background()),
      async (ch) => {
        for await (const _ of ch);
      },
    ];
    (() => {
      for (let i = 0; i < n; i++) {
        const ch = chan<unknown>();
        const held = marked(references, `what is held by ${i}`);
        references.set(`channel ${i}`, new WeakRef(ch));
        void (async () => {
          await wait[i % wait.length]?.(ch, held);
          return held;
        })();
      }
    })();
    await settle();
    expect(await survivors(references)).toEqual([]);
  },
);

test("a million selects that lose on a quiet channel leave nothing behind [C36]", { timeout: 60_000 }, async () => {
  const never = chan<number>();
  const ready = chan<number>(1);
  const grown = await heapGrowth(async () => {
    for (let i = 0; i < 1_000_000; i++) {
      ready.trySend(i);
      await select({ never, ready });
    }
  });
  expect(grown).toBeLessThan(1_000_000);
  expect([never.trySend(1), never.tryReceive()]).toEqual([false, undefined]);
});

test(
  "100,000 parked selects that lose on a quiet channel leave nothing behind [C36]",
  { timeout: 60_000 },
  async () => {
    const [quiet, busy] = [chan<number>(), chan<number>()];
    const grown = await heapGrowth(async () => {
      go(async () => {
        for (let i = 0; i < 100_000; i++) await busy.send(i);
        busy.close();
      });
      for (;;) {
        const op = await select({ quiet, lost: send(quiet, 1), busy });
        if (!op.ok) break;
      }
    });
    expect(grown).toBeLessThan(500_000);
    expect([quiet.trySend(1), quiet.tryReceive()]).toEqual([false, undefined]);
  },
);

test("ten thousand selects that wait at once leave no more behind than a few [C36]", async () => {
  const ch = chan<number>();
  const grown = await heapGrowth(async () => {
    const selects = Array.from({ length: 10_000 }, () => select({ ch, never: nilChan<number>() }));
    ch.close();
    await Promise.all(selects);
  });
  expect(grown).toBeLessThan(500_000);
});

test("neither do a reusable select, and operations with a context that lives on [C36]", async () => {
  const [quiet, busy] = [chan<number>(), chan<number>()];
  const [ctx, cancel] = context.withCancel(context.background());
  const grown = await heapGrowth(async () => {
    go(async () => {
      for (let i = 0; i < 100_000; i++) await busy.send(i, ctx);
    });
    const turns = selector({ quiet, busy, done: ctx.done() });
    for (let i = 0; i < 50_000; i++) await turns.select();
    for (let i = 0; i < 50_000; i++) await busy.receive(ctx);
  });
  expect(grown).toBeLessThan(500_000);
  cancel();
});

test("a finished select keeps neither its channels nor its values [C36] [C37]", async () => {
  const references: Referenced = new Map();
  await (async () => {
    for (let i = 0; i < 100; i++) {
      const [a, b] = [chan<object>(1), chan<object>()];
      references.set(`channel ${i}`, new WeakRef(a));
      references.set(`quiet channel ${i}`, new WeakRef(b));
      if (i % 2 === 0) a.trySend(marked(references, `value ${i}`));
      const selecting = select({ a, b, c: send(b, marked(references, `offer ${i}`)) });
      if (i % 2 === 1) a.trySend(marked(references, `value ${i}`));
      await selecting;
    }
  })();
  expect(references.size).toBe(400);
  expect(await survivors(references)).toEqual([]);
});

test("a select refused for a wrong case keeps nothing either [C36]", async () => {
  const references: Referenced = new Map();
  await (async () => {
    const ch = chan<object>(1);
    references.set("channel", new WeakRef(ch));
    await select({ ch, wrong: 42 as never }).catch(() => undefined);
    ch.close();
    await select({ sent: send(ch, marked(references, "value")) }).catch(() => undefined);
  })();
  expect(await survivors(references)).toEqual([]);
});

test("a waiter that was served keeps no other in the queue alive [C36]", async () => {
  const ch = chan<object>();
  const references: Referenced = new Map();
  const first = await (async () => {
    const promises = [ch.receive(), ch.receive(), ch.receive()];
    ch.trySend(marked(references, "first"));
    ch.trySend(marked(references, "second"));
    ch.trySend(marked(references, "third"));
    return promises[0];
  })();
  expect(await survivors(references)).toEqual(["first"]);
  expect(first).toEqual({ name: "first" });
});

test("a reusable select lets go of its last value when it is used again [C37]", async () => {
  const [ch, quiet] = [chan<object>(1), chan<object>()];
  const turn = selector({ ch, quiet });
  const references: Referenced = new Map();
  await (async () => {
    ch.trySend(marked(references, "value"));
    await turn.select();
  })();
  const waiting = turn.select();
  expect(await survivors(references)).toEqual([]);
  ch.trySend({});
  await waiting;
});

test("a channel in use costs no more for having been used [C37]", async () => {
  const ch = chan<number>(1000);
  for (let i = 0; i < 1000; i++) ch.trySend(i);
  const grown = await heapGrowth(async () => {
    for (let i = 0; i < 200_000; i++) {
      ch.tryReceive();
      ch.trySend(i);
      if (i % 10_000 === 0) await turn();
    }
  });
  expect(grown).toBeLessThan(200_000);
  await collect();
});
