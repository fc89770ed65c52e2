// What is delivered while a turn is owed arrives a turn later, in the same order.
import { chan, context, go, nilChan, select, send, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);

beforeEach(() => {
  process.on("unhandledRejection", note);
});
afterEach(() => {
  process.off("unhandledRejection", note);
  expect(unhandled.splice(0)).toEqual([]);
});

/** Works without a pause until goroutines owe the event loop a turn. */
function oweTurn(): void {
  const ch = chan<number>(1);
  const start = performance.now();
  while (performance.now() - start < 5) {
    ch.trySend(1);
    ch.tryReceive();
  }
}

test("a channel is closed under two hundred senders [J12]", async () => {
  const ch = chan<number>();
  const sends = Array.from({ length: 200 }, (_, i) => follow(ch.send(i)));
  oweTurn();
  ch.close();
  await settle();
  expect(new Set(sends.map(({ error }) => String(error)))).toEqual(new Set(["PanicError: send on closed channel"]));
});

test("a context ends under waiters of every kind [J12]", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const ch = chan<number>();
  const waits = [ch.receive(ctx), ch.send(1, ctx), nilChan().receive(ctx), time.sleep(ctx, 60_000), ch.receiveOk(ctx)];
  // A send and a receive that give up do not meet: the receive was first in line and took the value.
  const outcomes = waits.map((wait: Promise<unknown>) => follow(wait));
  oweTurn();
  cancel();
  await settle();
  expect(outcomes.map(({ state }) => state)).toEqual(["returned", "returned", "threw", "threw", "threw"]);
  for (const { error } of outcomes.slice(2)) expect(error).toBe(context.canceled);
});

test("operations fail at once [J12]", async () => {
  const closed = chan<number>();
  closed.close();
  const [ctx, cancel] = context.withCancel(context.background());
  cancel();
  oweTurn();
  const failures = [
    closed.send(1),
    closed.send(1, ctx),
    chan().receive(ctx),
    time.sleep(ctx, 1),
    time.sleep(Number.NaN),
    select({ sent: send(closed, 1) }),
    select({ wrong: 42 as never }),
  ].map((failure: Promise<unknown>) => follow(failure));
  await settle();
  expect(failures.map(({ state }) => state)).toEqual(failures.map(() => "threw"));
});

test("a goroutine panics [J12] [G7]", async () => {
  const panics: unknown[] = [];
  using _ = attach({ panic: (_id, error) => panics.push(String(error)) > 0 });
  oweTurn();
  go(() => {
    throw new Error("at once");
  });
  go(async () => Promise.reject(new Error("later")));
  await settle();
  expect(panics).toEqual(["Error: at once", "Error: later"]);
});

test("values arrive in the order in which they were sent, whether they had to wait or not [J12]", async () => {
  const ch = chan<number>(1000);
  const received: number[] = [];
  go(async () => {
    for await (const n of ch) received.push(n);
  });
  await settle();
  for (let n = 0; n < 500; n++) {
    if (n === 100 || n === 300) oweTurn();
    void ch.send(n);
  }
  ch.close();
  await settle();
  expect(received).toEqual(Array.from({ length: 500 }, (_, n) => n));
});

test("goroutines start in the order of their go statements [J12]", async () => {
  const started: number[] = [];
  for (let n = 0; n < 300; n++) {
    if (n === 100 || n === 200) oweTurn();
    go(() => started.push(n));
  }
  await settle();
  expect(started).toEqual(Array.from({ length: 300 }, (_, n) => n));
});

test("a delivered value belongs to its receiver alone, although that resumes later [J13]", async () => {
  const ch = chan<number>();
  const first = follow(ch.receive());
  const second = follow(select({ ch, other: chan() }));
  oweTurn();
  expect([ch.trySend(1), ch.trySend(2), ch.trySend(3)]).toEqual([true, true, false]);
  expect(ch.tryReceive()).toBeUndefined();
  await settle();
  expect([first.value, second.value]).toEqual([1, { case: "ch", value: 2, ok: true }]);
});
