// The rules of group J that no other test of a group states.
import { chan, context, errors, go, main, nilChan, PanicError, select, send, time } from "gocsp";
import { seed } from "gocsp/runtime";
import { describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

test("a closed channel yields undefined, and ok distinguishes it from a value that was sent [J2]", async () => {
  const ch = chan<unknown>(4);
  const promise = Promise.resolve("settled");
  for (const value of [undefined, null, Number.NaN, promise]) await ch.send(value);
  ch.close();
  const received = [];
  for (let i = 0; i < 5; i++) received.push(await ch.receiveOk());
  expect(received).toEqual([
    [undefined, true],
    [null, true],
    [Number.NaN, true],
    [promise, true],
    [undefined, false],
  ]);
  expect(received[3]?.[0]).toBe(promise);
});

test("null, undefined and the nil channel are nil in every case of a select [J3]", async () => {
  const ready = chan<number>(1);
  ready.trySend(1);
  const nil = nilChan<number>();
  const cases = { a: null, b: undefined, c: nil, d: send(null, 1), e: send(undefined, 1), f: send(nil, 1), ready };
  expect((await select(cases)).case).toBe("ready");
  const { ready: _, ...none } = cases;
  expect((await select({ ...none, default: true })).case).toBe("default");
  const waiting = follow(select(none));
  await settle();
  expect(waiting.state).toBe("waits");
});

test("keys are compared without being made strings, and nil is refused [J5]", () => {
  const object = {};
  const ctx = [1, "s", Symbol.iterator, object, Number.NaN].reduce<context.Context>(
    (parent, key) => context.withValue(parent, key, key),
    context.background(),
  );
  const found = ["1", 1, "s", Symbol.iterator, object, {}, Number.NaN].map((key) => ctx.value(key));
  expect(found).toEqual([undefined, 1, "s", Symbol.iterator, object, undefined, undefined]);
  for (const nil of [null, undefined]) expect(() => context.withValue(ctx, nil, 1)).toThrow(new PanicError("nil key"));
});

test("a panic is a throw: the library's own are PanicErrors with Go's text, and catch is recover [J6] [G14]", async () => {
  const closed = chan<number>();
  closed.close();
  const panics: [string, () => unknown][] = [
    ["send on closed channel", () => closed.send(1)],
    ["send on closed channel", () => closed.trySend(1)],
    ["send on closed channel", () => select({ sent: send(closed, 1) })],
    ["close of closed channel", () => closed.close()],
    ["close of nil channel", () => nilChan().close()],
    ["makechan: size out of range", () => chan(-1)],
    ["non-positive interval for NewTicker", () => time.newTicker(0)],
    ["time: Stop called on uninitialized Timer", () => new time.Timer().stop()],
    ["cannot create context from nil parent", () => context.withCancel(null as never)],
  ];
  for (const [message, panics_] of panics) {
    const recovered = await (async () => panics_())().catch((error: unknown) => error);
    expect(recovered).toBeInstanceOf(PanicError);
    expect(recovered).toBeInstanceOf(Error);
    expect(recovered).toMatchObject({ name: "PanicError", message });
    expect(errors.as(new Error("wrapped", { cause: recovered }), PanicError)).toBe(recovered);
  }
});

test.each([undefined, null, 42, {}])("a main that is not a function is refused", (given: unknown) => {
  expect(() => main(given as never)).toThrow(/^main: .+ is not a function$/);
});

test("code between two waits is atomic, and an operation decides in one synchronous step [J13]", async () => {
  const [a, b] = [chan<string>(), chan<string>()];
  const selecting = follow(select({ a, b }));
  expect([a.trySend("first"), b.trySend("second"), a.trySend("third")]).toEqual([true, false, false]);
  await settle();
  expect(selecting.value).toEqual({ case: "a", value: "first", ok: true });
});

test("what a goroutine did before a send is seen by the receiver [J16]", async () => {
  const shared: string[] = [];
  const ch = chan<void>();
  go(async () => {
    shared.push("before the send");
    await ch.send();
  });
  await ch.receive();
  expect(shared).toEqual(["before the send"]);
});

describe("randomness [J18]", () => {
  /** The choices of a hundred selects over four ready cases. */
  async function choices(): Promise<string> {
    const cases = { a: chan<number>(100), b: chan<number>(100), c: chan<number>(100), d: chan<number>(100) };
    for (const ch of Object.values(cases)) for (let i = 0; i < 100; i++) ch.trySend(i);
    let chosen = "";
    for (let i = 0; i < 100; i++) chosen += (await select(cases)).case;
    return chosen;
  }

  test("repeats itself from a seed, and differs between seeds [J18]", async () => {
    const runs: string[] = [];
    for (const value of [1, 2, 1, 0, -1, 123_456_789, 1]) {
      seed(value);
      runs.push(await choices());
    }
    expect([runs[2], runs[6]]).toEqual([runs[0], runs[0]]);
    expect(new Set(runs).size).toBe(5);
  });

  test("leaves no case out [J18]", async () => {
    seed(7);
    const counts = new Map<string, number>();
    for (let i = 0; i < 40; i++) for (const name of await choices()) counts.set(name, (counts.get(name) ?? 0) + 1);
    // Ten standard deviations of 4000 draws around 1000.
    for (const name of "abcd") expect(Math.abs((counts.get(name) ?? 0) - 1000)).toBeLessThan(10 * Math.sqrt(750));
  });

  test.each([1.5, Number.NaN, Infinity, "1", undefined])("takes no %s for a seed [J18]", (given) => {
    expect(() => seed(given as number)).toThrow(`runtime.seed: the seed must be an integer, got ${String(given)}`);
  });
});

test("the errors of contexts are single values, which another copy of the library recognizes [J20]", async () => {
  vi.resetModules();
  const copy = await import("gocsp");
  expect(copy.context.canceled).not.toBe(context.canceled);
  const own = [context.canceled, context.deadlineExceeded];
  const other = [copy.context.canceled, copy.context.deadlineExceeded];
  const table = own.map((error) => other.map((target) => errors.is(new Error("wrapped", { cause: error }), target)));
  expect(table).toEqual([
    [true, false],
    [false, true],
  ]);
  const [ctx, cancel] = context.withCancel(context.background());
  cancel();
  expect([ctx.err(), context.cause(ctx)]).toEqual([context.canceled, context.canceled]);
  expect(ctx.err()).toBe(context.canceled);
});
