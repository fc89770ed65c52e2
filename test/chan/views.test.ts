import { inspect } from "node:util";
import { chan, type Chan, nilChan, type ReceiveChan, select, send, type SendChan } from "gocsp";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

test("the views of a channel are the channel itself [C20] [C21]", async () => {
  const ch = chan<number>(1);
  const out: SendChan<number> = ch;
  const into: ReceiveChan<number> = ch;
  expect(out).toBe(ch);
  expect(into).toBe(ch);
  await out.send(7);
  expect([into.length, into.capacity, out.length, out.capacity]).toEqual([1, 1, 1, 1]);
  expect(await into.receive()).toBe(7);
  out.close();
  expect(await into.receiveOk()).toEqual([undefined, false]);
});

test("equality is identity: two channels are never equal, however alike [C21]", () => {
  const make = (): Chan<number> => chan<number>(1);
  const a = make();
  const b = make();
  expect(a === b).toBe(false);
  expect(a === (a as ReceiveChan<number>)).toBe(true);
  expect(nilChan() === nilChan()).toBe(true);
});

test("channels are keys of maps [C21]", () => {
  const names = new Map<ReceiveChan<number>, string>();
  const [a, b] = [chan<number>(), chan<number>()];
  names.set(a, "a");
  names.set(b, "b");
  names.set(nilChan(), "nil");
  const view: ReceiveChan<number> = a;
  expect([names.get(view), names.get(b), names.get(nilChan()), names.get(chan())]).toEqual([
    "a",
    "b",
    "nil",
    undefined,
  ]);
});

test("a select takes views as it takes channels [C20]", async () => {
  const ch = chan<number>(1);
  const [into, out]: [ReceiveChan<number>, SendChan<number>] = [ch, ch];
  expect((await select({ into, sent: send(out, 7) })).case).toBe("sent");
  expect(await select({ into })).toEqual({ case: "into", value: 7, ok: true });
});

test("operations need not be called on the object that a view is named by [C20]", async () => {
  const ch = chan<number>(1);
  const pass = async (from: ReceiveChan<number>, to: SendChan<number>): Promise<void> => {
    for await (const n of from) await to.send(n + 1);
    to.close();
  };
  const to = chan<number>(1);
  await ch.send(1);
  ch.close();
  await pass(ch, to);
  expect(await to.receive()).toBe(2);
});

test("a channel prints as one, with what is buffered", () => {
  const ch = chan<number>(2);
  ch.trySend(1);
  const closed = chan<number>();
  closed.close();
  expect([ch, closed, nilChan()].map((each) => inspect(each))).toEqual(["Chan(1/2)", "Chan(closed)", "Chan(nil)"]);
});
