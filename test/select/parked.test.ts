import { chan, type Chan, go, select, send } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  const full = (): Chan<number> => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    return ch;
  };

  test("a select without a ready case waits until one can proceed [S5]", async () => {
    const [a, b, c] = [chan<number>(capacity), chan<number>(capacity), full()];
    const log: string[] = [];
    go(async () => {
      log.push("1 selects");
      const op = await select({ a, b, sent: send(c, 7) });
      log.push(`3 ${op.case} ${op.value}`);
    });
    await settle();
    log.push("2 sends on b");
    await b.send(42);
    await settle();
    expect(log).toEqual(["1 selects", "2 sends on b", "3 b 42"]);
  });

  test("each of its cases can end the wait [S5] [S18]", async () => {
    for (const ready of ["a", "b", "sent", "again"]) {
      const [a, b, c] = [chan<number>(capacity), chan<number>(capacity), full()];
      const [d, e] = [full(), chan<number>(capacity)];
      const selecting = select({ a, b, sent: send(c, 100), again: send(d, 101), never: e });
      await settle();
      if (ready === "a") a.trySend(1);
      else if (ready === "b") b.trySend(1);
      else if (ready === "sent") expect(c.tryReceive()?.value).toBe(capacity === 0 ? 100 : 0);
      else expect(d.tryReceive()?.value).toBe(capacity === 0 ? 101 : 0);
      expect((await selecting).case).toBe(ready);
    }
  });

  test("the first event decides, even if others come before the goroutine runs [S23]", async () => {
    const [a, b, c] = [chan<number>(capacity), chan<number>(capacity), full()];
    const selecting = select({ a, b, sent: send(c, 7) });
    await settle();
    b.trySend(1);
    const later = [a.trySend(2), b.trySend(3)];
    if (capacity > 0) expect(c.tryReceive()?.value).toBe(0);
    else expect(c.tryReceive()).toBeUndefined();
    a.close();
    c.close();
    expect(await selecting).toEqual({ case: "b", value: 1, ok: true });
    expect(later).toEqual([capacity > 0, capacity > 0]);
    expect([a.length, b.length]).toEqual(capacity > 0 ? [1, 1] : [0, 0]);
  });

  test("a select that was served is in no queue any more, at that very moment [S11] [S28]", async () => {
    const [a, b, c] = [chan<number>(capacity), chan<number>(capacity), full()];
    const selecting = select({ a, b, sent: send(c, 100) });
    a.trySend(1);
    // No other goroutine has run since.
    expect(b.trySend(2)).toBe(capacity > 0);
    const left: unknown[] = [];
    for (let got = c.tryReceive(); got !== undefined; got = c.tryReceive()) left.push(got.value);
    expect(left).toEqual(Array.from({ length: capacity }, (_, i) => i));
    expect((await selecting).case).toBe("a");
    expect(b.tryReceive()).toEqual(capacity > 0 ? { value: 2, ok: true } : undefined);
  });

  test("the value of a send case is the one it had when the select was entered [S1]", async () => {
    const ch = full();
    let n = 1;
    const selecting = select({ sent: send(ch, n) });
    n = 2;
    for (let i = 0; i < capacity; i++) ch.tryReceive();
    expect(ch.tryReceive()?.value).toBe(1);
    await selecting;
    expect(n).toBe(2);
  });

  test("many selects wait on the same channels and are served in order [C9] [S18]", async () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    const log: string[] = [];
    for (let i = 0; i < 20; i++) {
      go(async () => {
        const op = await select(i % 2 === 0 ? { a, b } : { b, a });
        log.push(`${i} got ${op.value} from ${op.case}`);
      });
    }
    await settle();
    const expected: string[] = [];
    for (let i = 0; i < 20; i++) {
      (i % 3 === 0 ? a : b).trySend(100 + i);
      expected.push(`${i} got ${100 + i} from ${i % 3 === 0 ? "a" : "b"}`);
    }
    await settle();
    expect(log).toEqual(expected);
  });

  test("a select in a loop receives from several senders without loss [C4]", async () => {
    const chans = Array.from({ length: 5 }, () => chan<number>(capacity));
    const [a, b, c, d, e] = chans;
    for (const ch of chans) {
      go(async () => {
        for (let i = 0; i < 200; i++) await ch.send(i);
        ch.close();
      });
    }
    const seen = chans.map((): number[] => []);
    const open: Record<string, Chan<number> | null | undefined> = { a, b, c, d, e };
    while (Object.values(open).some((ch) => ch)) {
      const op = await select(open);
      if (op.ok) seen["abcde".indexOf(op.case)]?.push(op.value);
      else open[op.case] = null;
    }
    expect(seen).toEqual(chans.map(() => Array.from({ length: 200 }, (_, i) => i)));
  });
});

test("a goroutine parked in a select resumes in a microtask of its own, never on its partner's stack [S23]", async () => {
  const ch = chan<number>();
  const log: string[] = [];
  const parked = follow(select({ ch }).then(() => log.push("selected")));
  ch.trySend(1);
  log.push("the partner first");
  await settle();
  expect(log).toEqual(["the partner first", "selected"]);
  expect(parked.state).toBe("returned");
});
