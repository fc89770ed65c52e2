import { chan, go, select, selectList, send } from "gocsp";
import { attach, seed } from "gocsp/runtime";
import { selector } from "gocsp/select";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { crowding } from "../support/memory.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { tally, unevenness } from "../support/stats.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("the same channel in several receive cases: one of them gets the value, all of them sometimes [S15]", async () => {
    seed(11);
    const ch = chan<number>(capacity);
    const chosen: string[] = [];
    for (let i = 0; i < 3000; i++) {
      const sending = ch.send(i);
      const op = await select({ a: ch, b: ch, c: ch });
      expect(op.value).toBe(i);
      chosen.push(op.case);
      await sending;
    }
    expect(ch.tryReceive()).toBeUndefined();
    const counts = tally(chosen);
    expect(counts.size).toBe(3);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test("the same channel in several send cases: one of them sends, all of them sometimes [S15]", async () => {
    seed(12);
    const ch = chan<string>(capacity);
    const sent: string[] = [];
    for (let i = 0; i < 3000; i++) {
      const receiving = follow(ch.receive());
      const op = await select({ a: send(ch, "a"), b: send(ch, "b"), c: send(ch, "c") });
      await receiving;
      await Promise.resolve();
      expect(receiving.value).toBe(op.case);
      sent.push(op.case);
    }
    const counts = tally(sent);
    expect(counts.size).toBe(3);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test("parked in several cases of one channel, with a disabled one, each is equally likely behind another waiter [S15]", async () => {
    seed(13);
    const ch = chan<string>();
    const chosen: string[] = [];
    for (let i = 0; i < 2000; i++) {
      const first = ch.receive();
      const receiving = select({ a: ch, none: null, b: ch });
      ch.trySend("first");
      ch.trySend("second");
      await first;
      chosen.push(`receives ${(await receiving).case}`);
      const sending = ch.send("first");
      const selecting = select({ none: null, a: send(ch, "a"), b: send(ch, "b") });
      expect(ch.tryReceive()?.value).toBe("first");
      const got = ch.tryReceive()?.value;
      await sending;
      const { case: name } = await selecting;
      expect(got).toBe(name);
      chosen.push(`sends ${name}`);
    }
    const counts = tally(chosen);
    expect(counts.size).toBe(4);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test("parked in several receive cases it takes one value, and leaves the queue with all of them [S11] [S15]", async () => {
    const ch = chan<number>(capacity);
    const first = follow(select({ a: ch, b: ch, c: ch }));
    const second = follow(ch.receive());
    ch.trySend(1);
    ch.trySend(2);
    expect(ch.trySend(3)).toBe(capacity > 0);
    await settle();
    expect(first.value?.value).toBe(1);
    expect(second.value).toBe(2);
    expect(ch.length).toBe(capacity > 0 ? 1 : 0);
  });

  test("parked in several send cases it sends one value [S11] [S15]", async () => {
    const ch = chan<string>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend("buffered");
    const selecting = follow(select({ a: send(ch, "a"), b: send(ch, "b") }));
    for (let i = 0; i < capacity; i++) expect(ch.tryReceive()?.value).toBe("buffered");
    const got = ch.tryReceive();
    expect(ch.tryReceive()).toBeUndefined();
    await settle();
    expect(got?.value).toBe(selecting.value?.case);
  });
});

describe("a select that waits", () => {
  // The language specification's own example of a select: "send random sequence of bits to c".
  test("sends zeros and ones evenly when it offers both on one channel [S4] [S15]", async () => {
    seed(13);
    const [c, quit] = [chan<number>(), chan<void>()];
    go(async () => {
      while ((await select({ zero: send(c, 0), one: send(c, 1), quit })).case !== "quit");
    });
    const bits: number[] = [];
    for (let i = 0; i < 4000; i++) bits.push((await c.receive()) as number);
    quit.close();
    const counts = tally(bits);
    expect(counts.size).toBe(2);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test.each([2, 3, 5])("receives evenly in each of %i cases on one channel [S4] [S15]", async (count) => {
    seed(14);
    const [ch, never] = [chan<number>(), chan<number>()];
    const cases = Object.fromEntries(Array.from({ length: count }, (_, i) => [`case ${i}`, ch]));
    const chosen: string[] = [];
    for (let i = 0; i < 4000; i++) {
      const selecting = select({ never, ...cases });
      expect(ch.trySend(i)).toBe(true);
      const op = await selecting;
      expect(op.value).toBe(i);
      chosen.push(op.case);
    }
    const counts = tally(chosen);
    expect(counts.size).toBe(count);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test("does so too when others wait before and behind it, whose order it keeps [C9] [S15]", async () => {
    seed(15);
    const chosen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const ch = chan<number>();
      const before = follow(ch.receive());
      const both = follow(select({ a: ch, b: ch, c: ch }));
      const behind = follow(ch.receive());
      for (const n of [0, 1, 2]) ch.trySend(n);
      expect(ch.trySend(3)).toBe(false);
      await settle();
      expect([before.value, both.value?.value, behind.value]).toEqual([0, 1, 2]);
      chosen.add(both.value?.case ?? "none");
    }
    expect([...chosen].sort()).toEqual(["a", "b", "c"]);
  });

  test("and so does a reusable one [S15]", async () => {
    seed(16);
    const ch = chan<number>();
    const turn = selector({ zero: send(ch, 0), one: send(ch, 1) });
    const bits: number[] = [];
    for (let i = 0; i < 1000; i++) {
      const selecting = turn.select();
      bits.push(ch.tryReceive()?.value as number);
      expect((await selecting).case).toBe(bits.at(-1) === 0 ? "zero" : "one");
    }
    expect(unevenness([...tally(bits).values()])).toBeLessThan(5);
    expect(new Set(bits).size).toBe(2);
  });
});

test("a send case may be shared by selects and named twice [S15]", async () => {
  const ch = chan<number>(4);
  const sent = send(ch, 7);
  using _ = attach({ choose: (count) => count - 1 });
  expect((await select({ first: sent, last: sent })).case).toBe("last");
  expect((await select({ sent })).case).toBe("sent");
  expect([ch.tryReceive()?.value, ch.tryReceive()?.value, ch.tryReceive()]).toEqual([7, 7, undefined]);
});

test("many cases on one channel cost in proportion to their number [S15]", async () => {
  const ratio = await crowding(500, 16, async (count) => {
    const ch = chan<number>();
    const selecting = select(Object.fromEntries(Array.from({ length: count }, (_, i) => [`case ${i}`, ch])));
    ch.trySend(1);
    await selecting;
  });
  expect(ratio).toBeLessThan(6);
});

test("and so do pairs of cases on many channels [S15]", async () => {
  const ratio = await crowding(500, 16, async (count) => {
    const chans = Array.from({ length: count }, () => chan<number>());
    const selecting = selectList([...chans, ...chans]);
    chans[0]?.trySend(1);
    await selecting;
  });
  expect(ratio).toBeLessThan(6);
});
