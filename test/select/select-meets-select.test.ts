import { chan, go, select, send } from "gocsp";
import { seed } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("a sending select and a receiving select meet, whichever came first [S18]", async () => {
    for (const first of ["sender", "receiver"]) {
      const [ch, never] = [chan<number>(capacity), chan<number>()];
      const sending = () => follow(select({ never, sent: send(ch, 7) }));
      const receiving = () => follow(select({ got: ch, never }));
      const [a, b] = first === "sender" ? [sending(), receiving()] : [receiving(), sending()];
      await settle();
      const outcomes = [a.value, b.value].sort((x, y) => (x?.case ?? "").localeCompare(y?.case ?? ""));
      expect(outcomes).toEqual([
        { case: "got", value: 7, ok: true },
        { case: "sent", value: undefined, ok: true },
      ]);
    }
  });

  test("every kind of sender meets every kind of receiver [S17] [S18]", async () => {
    const [never, nobody] = [chan<number>(), chan<number>()];
    const senders = [
      (ch: typeof never) => ch.send(7),
      (ch: typeof never) => select({ sent: send(ch, 7) }),
      (ch: typeof never) => select({ never, sent: send(ch, 7), other: send(nobody, 1) }),
      (ch: typeof never) => select({ sent: send(ch, 7), again: send(ch, 7) }),
    ];
    const receivers = [
      (ch: typeof never) => ch.receive(),
      async (ch: typeof never) => (await select({ ch })).value,
      async (ch: typeof never) => (await select({ never, ch, other: send(nobody, 1) })).value,
      async (ch: typeof never) => (await select({ ch, again: ch })).value,
    ];
    for (const sender of senders) {
      for (const receiver of receivers) {
        for (const first of ["sender", "receiver"]) {
          const ch = chan<number>(capacity);
          const begin = [() => follow<unknown>(sender(ch)), () => follow<unknown>(receiver(ch))];
          if (first === "receiver") begin.reverse();
          const both = begin.map((each) => each());
          await settle();
          const [sent, got] = first === "sender" ? both : both.reverse();
          expect([sent?.state, got?.value]).toEqual(["returned", 7]);
          expect(ch.length).toBe(0);
        }
      }
    }
  });
});

test("two selects that could meet through several channels meet through one only [S12]", async () => {
  seed(1);
  const used = new Set<string>();
  for (let i = 0; i < 100; i++) {
    const [a, b, c] = [chan<string>(), chan<string>(), chan<string>()];
    const sending = select({ a: send(a, "a"), b: send(b, "b"), c: send(c, "c") });
    const receiving = select({ a, b, c });
    const [sent, got] = [await sending, await receiving];
    expect(got.case).toBe(sent.case);
    expect(got.value).toBe(sent.case);
    used.add(sent.case);
    // Both have left all three queues.
    for (const ch of [a, b, c]) expect([ch.trySend("late"), ch.tryReceive()]).toEqual([false, undefined]);
  }
  expect([...used].sort()).toEqual(["a", "b", "c"]);
});

// As in Go's test/chan/doubleselect.go: one sender offers each number on four channels at once, and the receivers, all
// in selects, must see each number once.
test("a value offered on several channels at once arrives once [S12]", async () => {
  seed(2);
  const iterations = 5000;
  const [c1, c2, c3, c4] = [chan<number>(), chan<number>(), chan<number>(), chan<number>()];
  const merged = chan<number>();
  go(async () => {
    for (let n = 0; n < iterations; n++) {
      await select({ c1: send(c1, n), c2: send(c2, n), c3: send(c3, n), c4: send(c4, n) });
    }
    for (const ch of [c1, c2, c3, c4]) ch.close();
  });
  let open = 4;
  for (const ch of [c1, c2, c3, c4]) {
    go(async () => {
      for await (const n of ch) await merged.send(n);
      if (--open === 0) merged.close();
    });
  }
  const seen = new Set<number>();
  let count = 0;
  for await (const n of merged) {
    seen.add(n);
    count++;
  }
  expect([count, seen.size]).toEqual([iterations, iterations]);
});

test("selects in a ring, each sending to the next and receiving from the last, never lose a wake [S12] [S18]", async () => {
  seed(4);
  const size = 7;
  const ring = Array.from({ length: size }, () => chan<number>());
  const quit = chan<void>();
  const over = chan<[sent: number, got: number]>();
  const state = { moves: 0 };
  for (let i = 0; i < size; i++) {
    const [out, into] = [ring[i], ring[(i + 1) % size]];
    go(async () => {
      let [sent, got] = [0, 0];
      for (;;) {
        const op = await select({ sent: send(out, i), into, quit });
        if (op.case === "quit") break;
        if (op.case === "sent") sent++;
        else got++;
        if (++state.moves === 5000) quit.close();
      }
      await over.send([sent, got]);
    });
  }
  let [sent, got] = [0, 0];
  for (let i = 0; i < size; i++) {
    const [s, g] = (await over.receive()) ?? [0, 0];
    sent += s;
    got += g;
  }
  expect(sent).toBe(got);
  expect(state.moves).toBeGreaterThanOrEqual(5000);
});

test("two goroutines that select on each other's channels endlessly let the event loop turn [S18]", async () => {
  const [a, b, quit] = [chan<number>(), chan<number>(), chan<void>()];
  const over = chan<void>();
  setImmediate(() => quit.close());
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    go(async () => {
      while ((await select({ from, sent: send(to, 1), quit })).case !== "quit");
      await over.send();
    });
  }
  await over.receive();
  await over.receive();
});
