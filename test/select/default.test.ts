import { chan, type Chan, context, go, gosched, type ReceiveChan, select, send, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { StandingClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const byDefault = { case: "default", value: undefined, ok: false };

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  const full = (): Chan<number> => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    return ch;
  };

  test("default is taken when no case can proceed, wherever it stands [S5]", async () => {
    const [a, b] = [chan<number>(capacity), full()];
    expect(await select({ default: true, a, sent: send(b, 1) })).toEqual(byDefault);
    expect(await select({ a, default: true, sent: send(b, 1) })).toEqual(byDefault);
    expect(await select({ a, sent: send(b, 1), default: true })).toEqual(byDefault);
    expect([a.length, b.length]).toEqual([0, capacity]);
  });

  test("default leaves nothing in the queues of the other cases [S11] [C36]", async () => {
    const [a, b] = [chan<number>(capacity), full()];
    for (let i = 0; i < 10; i++) await select({ a, sent: send(b, 1), default: true });
    expect(a.trySend(1)).toBe(capacity > 0);
    for (let i = 0; i < capacity; i++) expect(b.tryReceive()?.value).toBe(i);
    expect(b.tryReceive()).toBeUndefined();
  });

  test("default is never taken while some case is ready, wherever it stands [S6]", async () => {
    for (let i = 0; i < 100; i++) {
      const [a, b] = [full(), chan<number>(capacity)];
      const [offer, wish] = [follow(a.send(capacity)), follow(b.receive())];
      expect((await select({ default: true, a })).case).toBe("a");
      expect((await select({ sent: send(b, 1), default: true })).case).toBe("sent");
      await settle();
      expect([offer.state, wish.value]).toEqual(["returned", 1]);
    }
  });

  test("a closed channel is ready, so default is not taken [C31] [S6] [S9]", async () => {
    const ch = full();
    ch.close();
    for (let i = 0; i < capacity; i++) expect((await select({ default: true, ch })).value).toBe(i);
    for (let i = 0; i < 10; i++) expect((await select({ default: true, ch })).case).toBe("ch");
  });
});

// As in Go's TestNonblockSelectRace: the other goroutine fills one channel before it empties the other, so at every
// moment at least one of them holds a value.
test("the look at all channels is one: default is not taken while values move between them [S16]", async () => {
  const [a, b] = [chan<number>(1), chan<number>(1)];
  const state = { over: false, defaults: 0, looks: 0 };
  a.trySend(1);
  go(async () => {
    while (!state.over) {
      b.trySend(1);
      await gosched();
      a.tryReceive();
      await gosched();
      a.trySend(1);
      await gosched();
      b.tryReceive();
      await gosched();
    }
  });
  for (let i = 0; i < 2000; i++) {
    const op = await select({ a, b, default: true });
    state.looks++;
    if (op.case === "default") state.defaults++;
    else if (op.case === "a") a.trySend(1);
    else b.trySend(1);
    if (i % 3 === 0) await gosched();
  }
  state.over = true;
  expect(state).toEqual({ over: true, defaults: 0, looks: 2000 });
});

// As in Go's TestNonblockSelectRace2: the goroutine that takes the value of one channel has filled the other before.
test("a select that must not wait finds one of two channels that are made ready together [S16] [C31]", async () => {
  for (let i = 0; i < 1000; i++) {
    const [a, b] = [chan<number>(1), chan<number>(1)];
    const done = chan<string>(1);
    a.trySend(1);
    go(async () => done.send((await select({ a, b, default: true })).case));
    b.trySend(1);
    await select({ a, default: true });
    expect(await done.receive()).not.toBe("default");
  }
});

test("only default: it is taken at once [S5]", async () => {
  expect(await select({ default: true })).toEqual(byDefault);
});

test("default: false, null and undefined are no default [S5]", async () => {
  const ch = chan<number>();
  for (const none of [false, null, undefined]) {
    const selecting = follow(select({ ch, default: none }));
    await settle();
    expect(selecting.state).toBe("waits");
    ch.trySend(1);
    await settle();
    expect(selecting.value).toEqual({ case: "ch", value: 1, ok: true });
  }
});

test("a loop that always takes default lets other goroutines and the event loop run [S5]", async () => {
  const quit = chan<void>();
  let turns = 0;
  setImmediate(() => quit.close());
  while ((await select({ quit, default: true })).case === "default") turns++;
  expect(turns).toBeGreaterThan(0);
});

test("a deadline that has passed unnoticed is found by the look, in whichever case it stands [S16]", async () => {
  const clock = new StandingClock({ lazy: true });
  using _ = attach({ clock });
  const never = chan<number>();
  for (let place = 0; place < 4; place++) {
    const [ctx, cancel] = context.withTimeout(context.background(), 1);
    using _1 = cancel;
    const cases: [string, ReceiveChan<unknown>][] = [0, 1, 2, 3].map((i) => [`case ${i}`, never]);
    cases[place] = ["due", ctx.done()];
    clock.advance(2);
    expect((await select({ ...Object.fromEntries(cases), default: true })).case).toBe("due");
  }
});

test("a deadline that ends during the look takes nothing away from a case found ready [S16]", async () => {
  const clock = { time: 0, now: () => clock.time, wall: () => clock.time, setTimeout: () => 0, clearTimeout: () => {} };
  using _ = attach({ clock });
  for (const which of [0, 1]) {
    const [ctx, cancel] = context.withTimeout(context.background(), 1 * time.second);
    using _1 = cancel;
    const [values, offers] = [chan<number>(1), chan<number>()];
    values.trySend(7);
    const receiver = follow(offers.receive());
    context.signal(ctx).addEventListener("abort", () => {
      values.tryReceive();
      offers.trySend(1);
    });
    clock.time += 2 * time.second;
    const done = ctx.done();
    const op = await (which === 0 ? select({ values, done }) : select({ sent: send(offers, 2), done }));
    expect(op.case).toBe("done");
    await settle();
    expect(receiver.value).toBe(1);
    expect([values.length, offers.length]).toEqual([0, 0]);
  }
});

test("a default is forgotten with its select: a later one with fewer cases waits [S5]", async () => {
  const ch = chan<number>();
  const full = chan<number>(1);
  full.trySend(1);
  // The default is taken, not needed, or of a select that is refused.
  const earlier: (() => Promise<unknown>)[] = [
    () => select({ ch, other: null, default: true }),
    () => select({ full, other: null, default: true }),
    () => select({ ch, other: null, default: true, wrong: 42 as never }).catch(() => undefined),
  ];
  for (const before of earlier) {
    await before();
    const selecting = follow(select({ ch }));
    await settle();
    expect(selecting.state).toBe("waits");
    expect(ch.trySend(1)).toBe(true);
    await settle();
    expect(selecting.value).toEqual({ case: "ch", value: 1, ok: true });
    full.trySend(1);
  }
});
