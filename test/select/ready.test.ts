import { chan, select, send } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([1, 16])("capacity %i", (capacity) => {
  test("a receive that can proceed is chosen, wherever it stands [S4] [S5]", async () => {
    for (const cases of orders()) {
      const chans = { a: chan<string>(capacity), b: chan<string>(capacity), c: chan<string>(capacity) };
      chans.b.trySend("only this");
      const op = await select(Object.fromEntries(cases.map((name) => [name, chans[name]])));
      expect(op).toEqual({ case: "b", value: "only this", ok: true });
      expect([chans.a.length, chans.b.length, chans.c.length]).toEqual([0, 0, 0]);
    }
  });

  test("a send that can proceed is chosen, wherever it stands [S4] [S5]", async () => {
    for (const cases of orders()) {
      const chans = { a: chan<number>(capacity), b: chan<number>(capacity), c: chan<number>(capacity) };
      for (let i = 0; i < capacity; i++) {
        chans.a.trySend(-1);
        chans.c.trySend(-1);
      }
      const op = await select(Object.fromEntries(cases.map((name) => [name, send(chans[name], 7)])));
      expect(op).toEqual({ case: "b", value: undefined, ok: true });
      expect(chans.b.tryReceive()).toEqual({ value: 7, ok: true });
    }
  });

  test("exactly one of several ready cases communicates [S11]", async () => {
    for (let i = 0; i < 50; i++) {
      const [a, b, c] = [chan<number>(capacity), chan<number>(capacity), chan<number>(capacity)];
      a.trySend(1);
      b.trySend(1);
      await select({ a, b, sent: send(c, 1) });
      expect(1 - a.length + (1 - b.length) + c.length).toBe(1);
    }
  });
});

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("a parked sender makes a receive case ready, a parked receiver a send case [S4] [S18]", async () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    for (let i = 0; i < capacity; i++) a.trySend(i);
    const sender = follow(a.send(capacity));
    const receiver = follow(b.receive());
    expect(await select({ a })).toEqual({ case: "a", value: 0, ok: true });
    expect(await select({ sent: send(b, 7) })).toEqual({ case: "sent", value: undefined, ok: true });
    await settle();
    expect([sender.state, receiver.value]).toEqual(["returned", 7]);
  });

  test("it takes the values of parked senders after the buffered ones, in order [C8] [S18]", async () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const senders = [0, 1, 2].map((i) => follow(ch.send(capacity + i)));
    for (let i = 0; i < capacity + 3; i++) expect((await select({ ch })).value).toBe(i);
    await settle();
    expect(senders.every(({ state }) => state === "returned")).toBe(true);
  });
});

test("the result is an object of its own each time [S11]", async () => {
  const ch = chan<number>(2);
  ch.trySend(1);
  ch.trySend(2);
  const [first, second] = [await select({ ch }), await select({ ch })];
  expect([first.value, second.value]).toEqual([1, 2]);
});

test("a select object may be used again, and changed in between [S8]", async () => {
  const ch = chan<number>(3);
  for (let i = 1; i <= 3; i++) ch.trySend(i);
  const cases: { ch: typeof ch | null; default: true } = { ch, default: true };
  expect((await select(cases)).value).toBe(1);
  cases.ch = null;
  expect((await select(cases)).case).toBe("default");
  cases.ch = ch;
  expect((await select(cases)).value).toBe(2);
});

function orders(): ("a" | "b" | "c")[][] {
  return [
    ["a", "b", "c"],
    ["b", "a", "c"],
    ["a", "c", "b"],
  ];
}
