import { type Context, context } from "gocsp";
import { afterEach, describe, expect, test, vi } from "vitest";
import { alive, Embedding, endOf, expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

afterEach(() => {
  vi.restoreAllMocks();
});

test("a value context shares channel, error and deadline with its parent [X19]", () => {
  const [parent, cancel] = context.withTimeout(background, 60_000);
  const ctx = context.withValue(context.withValue(parent, "a", 1), "b", 2);
  expect(ctx.done()).toBe(parent.done());
  expect(ctx.deadline()).toEqual(parent.deadline());
  expect(endOf(ctx)).toBe(alive);
  cancel();
  expect(ctx.done()).toBe(parent.done());
  expect([ctx.err(), context.cause(ctx)]).toEqual([parent.err(), context.cause(parent)]);
  expect(context.withValue(background, "a", 1).done()).toBe(background.done());
});

describe("keys", () => {
  test.each([null, undefined])("%s is not a key [X38]", (key) => {
    expect(() => context.withValue(background, key, "v")).toThrow(/^nil key$/);
  });

  test.each(
    [[1, 2], new Map(), () => 1, { a: 1 }, Symbol("s"), 0, "", false, 1n].map((key) => [typeof key, key] as const),
  )("any other %s is one, compared with === [X38]", (_, key) => {
    const ctx = context.withValue(background, key, "found");
    expect(ctx.value(key)).toBe("found");
  });

  test("looking up nothing, or what cannot be a key, finds nothing [X39]", () => {
    const ctx = context.withValue(context.withValue(background, "undefined", 1), "null", 2);
    expect([ctx.value(null), ctx.value(undefined), ctx.value([]), ctx.value({})]).toEqual(Array(4).fill(undefined));
  });

  test("they match by type and value: 1, '1', 1n and true are four [X40]", () => {
    let ctx: Context = background;
    const keys = [1, "1", 1n, true];
    for (const key of keys) ctx = context.withValue(ctx, key, typeof key);
    expect(keys.map((key) => ctx.value(key))).toEqual(["number", "string", "bigint", "boolean"]);
  });

  test("objects match by identity only, and two keys of one name are two [X40]", () => {
    const [first, second] = [context.key<number>("user"), context.key<number>("user")];
    const ctx = context.withValue(context.withValue(background, first, 1), { id: 1 }, "object");
    expect([ctx.value(first), ctx.value(second), ctx.value({ id: 1 }), ctx.value("user")]).toEqual([
      1,
      undefined,
      undefined,
      undefined,
    ]);
    expect(ctx.value(Symbol.for("a"))).toBeUndefined();
    expect(context.withValue(ctx, Symbol.for("a"), 2).value(Symbol.for("a"))).toBe(2);
  });

  test("NaN is equal to nothing, so it is never found; 0 and -0 are one key [X40]", () => {
    const ctx = context.withValue(context.withValue(background, NaN, "nan"), -0, "zero");
    expect([ctx.value(NaN), ctx.value(0)]).toEqual([undefined, "zero"]);
  });

  test("names that every object has are ordinary keys [X40]", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(context.withValue(background, "a", 1).value(name)).toBeUndefined();
      expect(context.withValue(background, name, 1).value(name)).toBe(1);
    }
  });

  test("a key's own idea of equality is never asked [X40]", () => {
    const asked = vi.fn(() => "a");
    const key = { toString: asked, valueOf: asked };
    const ctx = context.withValue(context.withValue(background, "a", 1), key, 2);
    expect([ctx.value("a"), ctx.value(key)]).toEqual([1, 2]);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("bindings", () => {
  const color = context.key<string | undefined>("color");

  test("the innermost binding wins [X41]", () => {
    const outer = context.withValue(background, color, "red");
    const inner = context.withValue(context.withValue(outer, "other", 1), color, "blue");
    expect([outer.value(color), inner.value(color)]).toEqual(["red", "blue"]);
  });

  test("it wins also when it is undefined or null [X41]", () => {
    const outer = context.withValue(context.withValue(background, color, "red"), "size", 5);
    const inner = context.withValue(context.withValue(outer, color, undefined), "size", null);
    expect([inner.value(color), inner.value("size")]).toEqual([undefined, null]);
  });

  test("a value arrives untouched: promises, functions, NaN, contexts [X42]", () => {
    for (const value of [Promise.resolve(1), () => 1, NaN, background, new Error("x"), Object.create(null)]) {
      expect(Object.is(context.withValue(background, "k", value).value("k"), value)).toBe(true);
    }
  });

  test.each(["cancel", "timeout"])("they are found through any layers, before and after a %s [X42]", (end) => {
    // Fake timers, not a bubble: time moves in the middle of a step, where a bubble's stands still.
    vi.useFakeTimers();
    const layers = [
      (ctx: Context): [Context, () => void] => context.withCancel(ctx),
      (ctx: Context): [Context, () => void] => context.withCancelCause(ctx),
      (ctx: Context): [Context, () => void] => context.withTimeout(ctx, 10),
      (ctx: Context): [Context, () => void] => context.fromSignal(ctx, new AbortController().signal),
      (ctx: Context): [Context, () => void] => [context.withoutCancel(ctx), () => undefined],
      (ctx: Context): [Context, () => void] => [new Embedding(ctx), () => undefined],
    ];
    for (let round = 0; round < 200; round++) {
      let ctx: Context = background;
      const cancels: (() => void)[] = [];
      const bound: [unknown, number][] = [];
      for (let depth = 0; depth < 12; depth++) {
        const key = { depth };
        bound.push([key, depth]);
        const [next, cancel] = (layers[(round * 31 + depth * depth * 7) % layers.length] as (typeof layers)[0])(ctx);
        cancels.push(cancel);
        ctx = context.withValue(next, key, depth);
      }
      const look = (): void => expect(bound.map(([key]) => ctx.value(key))).toEqual(bound.map(([, value]) => value));
      look();
      if (end === "timeout") vi.advanceTimersByTime(10);
      for (const cancel of cancels) cancel();
      look();
    }
  });

  test("a child's value is invisible to its parent and its siblings [X43]", () => {
    const parent = context.withValue(background, color, "red");
    const child = context.withValue(parent, "k", 1);
    const sibling = context.withValue(parent, "l", 2);
    expect([parent.value("k"), sibling.value("k"), child.value("l")]).toEqual([undefined, undefined, undefined]);
  });

  test("what was bound stays, whatever happens to the variables [X43]", () => {
    let value = "first";
    const ctx = context.withValue(background, "k", value);
    value = "second";
    expect([ctx.value("k"), value]).toEqual(["first", "second"]);
  });
});
