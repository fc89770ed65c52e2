import { chan, context, go, select, send, time } from "gocsp";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("a lost receive case takes nothing, now or later [S11] [S28] [Z6]", async () => {
    const [winner, loser] = [chan<string>(capacity), chan<string>(capacity)];
    const selecting = select({ winner, loser });
    await winner.send("won");
    expect((await selecting).value).toBe("won");
    const sent = follow(loser.send("mine"));
    await settle();
    expect(await loser.receive()).toBe("mine");
    await settle();
    expect(sent.state).toBe("returned");
  });

  test("a lost receive case takes nothing when its value was there all along [S11] [S28]", async () => {
    const [a, b] = [chan<string>(capacity), chan<string>(capacity)];
    const offers = [follow(a.send("a")), follow(b.send("b"))];
    const op = await select({ a, b });
    const rest = op.case === "a" ? b : a;
    expect(await rest.receive()).toBe(op.case === "a" ? "b" : "a");
    await settle();
    expect(offers.map(({ state }) => state)).toEqual(["returned", "returned"]);
    expect([a.tryReceive(), b.tryReceive()]).toEqual([undefined, undefined]);
  });

  test("a lost send case sends nothing, now or later [S11] [S28] [Z6]", async () => {
    const [winner, loser] = [chan<string>(capacity), chan<string>(capacity)];
    for (let i = 0; i < capacity; i++) loser.trySend("buffered");
    const selecting = select({ winner, sent: send(loser, "lost") });
    await winner.send("won");
    expect((await selecting).case).toBe("winner");
    for (let i = 0; i < capacity; i++) expect(await loser.receive()).toBe("buffered");
    const receiving = follow(loser.receive());
    await settle();
    expect(receiving.state).toBe("waits");
    loser.trySend("another's");
    await settle();
    expect(receiving.value).toBe("another's");
  });

  test("the waiter behind a loser is served as if the loser had never been there [S11]", async () => {
    const [shared, own] = [chan<number>(capacity), chan<number>(capacity)];
    const loser = select({ shared, own });
    const behind = follow(shared.receive());
    own.trySend(1);
    shared.trySend(2);
    expect((await loser).case).toBe("own");
    await settle();
    expect(behind.value).toBe(2);
  });

  test("100,000 selects that lose on a quiet channel leave nothing in its queue [C36] [S11]", async () => {
    const [quiet, busy] = [chan<number>(capacity), chan<number>(capacity)];
    go(async () => {
      for (let i = 0; i < 100_000; i++) await busy.send(i);
      busy.close();
    });
    let count = 0;
    while ((await select({ quiet, busy })).ok) count++;
    expect(count).toBe(100_000);
    expect(quiet.trySend(1)).toBe(capacity > 0);
    expect(quiet.length).toBe(capacity > 0 ? 1 : 0);
  });

  // As in Go's test/chan/select6.go: a select that waits on a second channel must not disturb the order of waiters that
  // came to the first one before and after it.
  test("losers between other waiters leave the order alone [C9] [S11]", async () => {
    const [shared, other] = [chan<number>(capacity), chan<number>()];
    const log: string[] = [];
    for (let i = 0; i < 6; i++) {
      go(async () => {
        if (i % 2 === 0) log.push(`plain ${i} got ${await shared.receive()}`);
        else log.push(`select ${i} got ${(await select({ shared, other })).value}`);
      });
    }
    await settle();
    other.trySend(100);
    for (let i = 0; i < 5; i++) shared.trySend(i);
    await settle();
    expect(log).toEqual([
      "select 1 got 100",
      "plain 0 got 0",
      "plain 2 got 1",
      "select 3 got 2",
      "plain 4 got 3",
      "select 5 got 4",
    ]);
  });
});

test("a select that loses a timer needs no stop: the timer is gone [S25]", async () => {
  const ch = chan<number>(1);
  for (let i = 0; i < 10_000; i++) {
    ch.trySend(i);
    const op = await select({ ch, late: time.after(1 * time.hour) });
    expect(op.case).toBe("ch");
  }
});

test("a parked select that loses a timer or a context is not woken by it later [S11] [S25]", async () => {
  // Fake timers, not a bubble: time moves in the middle of a step, where a bubble's stands still.
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const ch = chan<number>();
  const [ctx, cancel] = context.withCancel(context.background());
  const late = time.after(1 * time.second);
  const selecting = select({ ch, late, done: ctx.done() });
  ch.trySend(1);
  cancel();
  vi.advanceTimersByTime(1000);
  expect(late.tryReceive()?.value).toBeInstanceOf(Date);
  expect(await selecting).toEqual({ case: "ch", value: 1, ok: true });
});
