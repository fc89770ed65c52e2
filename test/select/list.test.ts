import { chan, context, go, nilChan, select, selectList, send, time } from "gocsp";
import { attach, numGoroutine, seed } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { tally, unevenness } from "../support/stats.ts";

expectNoGoroutinesLeft();

// Go's reflect.Select: the cases are a list, and the result tells the index.
describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("a list of channels yields the index, the value and ok [S30]", async () => {
    const chans = Array.from({ length: 50 }, () => chan<number>(capacity));
    for (const [i, ch] of chans.entries()) {
      const selecting = selectList(chans);
      ch.trySend(10 * i);
      expect(await selecting).toEqual({ index: i, value: 10 * i, ok: true });
    }
    chans[7]?.close();
    expect(await selectList(chans)).toEqual({ index: 7, value: undefined, ok: false });
  });

  test("sends, disabled cases and holes keep their places [S30]", async () => {
    const [a, b] = [chan<number>(capacity), chan<string>(capacity)];
    const selecting = selectList([null, send(b, "sent"), false, undefined, nilChan<Date>(), a, send(null, 1)]);
    if (capacity === 0) expect(b.tryReceive()).toEqual({ value: "sent", ok: true });
    expect(await selecting).toEqual({ index: 1, value: undefined, ok: true });
    // oxlint-disable-next-line no-sparse-arrays
    const sparse = selectList([, a]);
    a.trySend(1);
    expect(await sparse).toEqual({ index: 1, value: 1, ok: true });
  });

  test("what loses is withdrawn, whether the list had to wait or not [S11] [S30]", async () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    const selecting = follow(selectList([a, b]));
    await settle();
    expect(a.trySend(1)).toBe(true);
    expect(b.trySend(2)).toBe(capacity > 0);
    await settle();
    expect(selecting.value).toEqual({ index: 0, value: 1, ok: true });
    expect(b.length).toBe(capacity > 0 ? 1 : 0);
  });
});

test("with a default it does not wait, and the index is -1 [S30]", async () => {
  const ch = chan<number>(1);
  expect(await selectList([ch], { default: true })).toEqual({ index: -1, value: undefined, ok: false });
  expect(await selectList([], { default: true })).toEqual({ index: -1, value: undefined, ok: false });
  ch.trySend(1);
  expect(await selectList([ch], { default: true })).toEqual({ index: 0, value: 1, ok: true });
  for (const options of [{ default: false }, {}, undefined]) {
    const selecting = selectList([ch], options);
    ch.trySend(2);
    expect(await selecting).toEqual({ index: 0, value: 2, ok: true });
  }
});

test("among ready cases the choice is even, on one channel too [S4] [S15] [S30]", async () => {
  seed(21);
  const same = chan<number>(1);
  for (const [ready, list] of [
    [[chan<number>(1), chan<number>(1), chan<number>(1)], undefined],
    [[same], [same, same, same]],
  ] as const) {
    const chosen: string[] = [];
    for (let i = 0; i < 3000; i++) {
      for (const ch of ready) ch.trySend(i);
      chosen.push(`${(await selectList(list ?? ready)).index}`);
    }
    expect(tally(chosen).size).toBe(3);
    expect(unevenness([...tally(chosen).values()])).toBeLessThan(5);
  }
});

test("an empty list, or one that is all disabled, never returns [S30]", async () => {
  const before = numGoroutine();
  const waiting = [follow(selectList([])), follow(selectList([null, nilChan(), false]))];
  await settle();
  expect(waiting.map(({ state }) => state)).toEqual(["waits", "waits"]);
  expect(numGoroutine()).toBe(before);
});

test("a send on a closed channel panics, ready or waiting [S9] [S30]", async () => {
  const closed = chan<number>();
  closed.close();
  await expect(selectList([send(closed, 1)])).rejects.toThrow("send on closed channel");
  const ch = chan<number>();
  const selecting = follow(selectList([chan<number>(), send(ch, 1)]));
  ch.close();
  await settle();
  expect(selecting.error).toHaveProperty("message", "send on closed channel");
});

test("contexts and timers are cases like others [S30]", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const selecting = selectList([chan<number>(), ctx.done(), time.after(time.hour)]);
  cancel();
  expect(await selecting).toEqual({ index: 1, value: undefined, ok: false });
});

test("a list meets a select on the same channel [S30]", async () => {
  const ch = chan<number>();
  const receiving = selectList([ch]);
  expect(await select({ sent: send(ch, 7) })).toEqual({ case: "sent", value: undefined, ok: true });
  expect(await receiving).toEqual({ index: 0, value: 7, ok: true });
});

test("a merge of a list whose channels close one by one ends with all values [S30]", async () => {
  const inputs = Array.from({ length: 20 }, (_, i) => {
    const ch = chan<number>(i % 3);
    go(async () => {
      for (let n = 0; n < 10; n++) await ch.send(10 * i + n);
      ch.close();
    });
    return ch;
  });
  const open: (typeof inputs)[number][] = [...inputs];
  const seen: number[] = [];
  while (open.length > 0) {
    const { index, value, ok } = await selectList(open);
    if (ok) seen.push(value);
    else open.splice(index, 1);
  }
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

test.each([
  [null, "selectList: the cases must be an array, got null"],
  [new Set(), "selectList: the cases must be an array, got Set"],
  [{ a: chan() }, "selectList: the cases must be an array, got Object"],
  [chan(), "selectList: the cases must be an array, got Channel"],
  [[chan(), 42], 'select: case "1" must be a channel, a send or nothing, got 42'],
  [[true], 'select: case "0" must be a channel, a send or nothing, got true'],
  [[Promise.resolve()], 'select: case "0" must be a channel, a send or nothing, got Promise'],
])("refuses what is no list of cases: %o [S30]", async (cases, message) => {
  await expect(selectList(cases as never)).rejects.toThrow(new TypeError(message));
});

test("refuses a default that is not a boolean [S30]", async () => {
  await expect(selectList([], { default: chan() as never })).rejects.toThrow(
    new TypeError('select: "default" must be true or false, got Channel'),
  );
});

test("a failing choice leaves no waiter behind [S30]", async () => {
  const ch = chan<number>();
  {
    using _ = attach({ choose: () => 9 });
    await expect(selectList([ch, ch])).rejects.toThrow(RangeError);
  }
  expect(ch.trySend(1)).toBe(false);
});
