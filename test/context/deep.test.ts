import { type Context, context } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { alive, canceledPlainly, endOf, expectNothingLeft, expiredPlainly } from "./contexts.ts";
import { StandingClock } from "../support/clock.ts";

expectNothingLeft();

const background = context.background();
const depth = 100_000;
const patience = 60_000;

/** Derives `depth` times and returns the last context. */
function nest(from: Context, derive: (parent: Context, level: number) => Context): Context {
  let ctx = from;
  for (let level = 0; level < depth; level++) ctx = derive(ctx, level);
  return ctx;
}

describe("a hundred thousand contexts, each below the other", { timeout: patience }, () => {
  test.each<[kind: string, derive: (parent: Context, level: number) => Context]>([
    ["withCancel", (parent) => context.withCancel(parent)[0]],
    ["withTimeout with ever earlier deadlines", (parent, level) => context.withTimeout(parent, 1e9 - level)[0]],
    ["withValue over withCancel", (parent, level) => context.withValue(context.withCancel(parent)[0], level, "v")],
  ])("%s end with the first one, and no stack overflows [X12]", (_, derive) => {
    const [first, cancel] = context.withCancelCause(context.withValue(background, "top", "found"));
    const last = nest(first, derive);
    expect(endOf(last)).toBe(alive);
    expect(last.value("top")).toBe("found");
    expect(last.value("nowhere")).toBeUndefined();
    cancel(new Error("enough"));
    expect(endOf(last)).toBe("context canceled, enough, done closed");
    expect(context.signal(last).aborted).toBe(true);
  });

  test("withValue: lookups, ends and strings need no stack [X42]", () => {
    const [first, cancel] = context.withTimeout(background, 1e9);
    const last = nest(first, (parent, level) => context.withValue(parent, level, level));
    expect([last.value(0), last.value(depth - 1), last.value(depth)]).toEqual([0, depth - 1, undefined]);
    expect(last.deadline()).toEqual(first.deadline());
    expect(last.done()).toBe(first.done());
    expect(String(last)).toMatch(/^context\.Background\.WithDeadline\(.*\.WithValue\(number, number\)$/);
    const [child] = context.withCancel(last);
    cancel();
    expect([endOf(last), endOf(child)]).toEqual([canceledPlainly, canceledPlainly]);
  });

  test("withoutCancel: values and strings need no stack [X54]", () => {
    const [first, cancel] = context.withCancel(context.withValue(background, "top", "found"));
    const last = nest(first, (parent) => context.withoutCancel(parent));
    cancel();
    expect([last.value("top"), last.err(), context.cause(last)]).toEqual(["found", undefined, undefined]);
    expect(String(last).endsWith(".WithoutCancel.WithoutCancel")).toBe(true);
  });

  test("withCancel: strings need no stack [X44]", () => {
    const last = nest(background, (parent) => context.withCancel(parent)[0]);
    expect(String(last).length).toBe("context.Background".length + depth * ".WithCancel".length);
  });

  test("canceled from the last to the first they end one by one [X11]", () => {
    const cancels: (() => void)[] = [];
    const last = nest(background, (parent) => {
      const [ctx, cancel] = context.withCancel(parent);
      cancels.push(cancel);
      return ctx;
    });
    for (let level = depth - 1; level >= 0; level--) cancels[level]?.();
    expect(endOf(last)).toBe(canceledPlainly);
  });
});

describe("a tree of a hundred thousand contexts", { timeout: patience }, () => {
  /** Fills `nodes`, which holds the root, in breadth-first order. */
  function grow(nodes: Context[], branches: number): void {
    for (let i = 1; i < depth; i++) {
      const parent = nodes[Math.floor((i - 1) / branches)] as Context;
      nodes.push(i % 3 === 0 ? context.withTimeout(parent, 1e9 - i)[0] : context.withCancel(parent)[0]);
    }
  }

  test.each([2, 10, depth])("with %d branches at each fork ends in one call [X12]", async (branches) => {
    const controller = new AbortController();
    const nodes = [context.fromSignal(background, controller.signal)[0]];
    grow(nodes, branches);
    let calls = 0;
    for (let i = 0; i < depth; i += 100) context.afterFunc(nodes[i] as Context, () => calls++);
    controller.abort(new Error("enough"));
    expect(nodes.filter((ctx) => context.cause(ctx)?.message !== "enough").length).toBe(0);
    await settle();
    expect(calls).toBe(depth / 100);
  });
});

test("a quarter of a million functions wait for one deadline [X51]", { timeout: patience }, async () => {
  // Fake timers, not a bubble: time moves in the middle of a step, where a bubble's stands still.
  vi.useFakeTimers();
  const [ctx] = context.withTimeout(background, 1000);
  let calls = 0;
  for (let i = 0; i < 250_000; i++) context.afterFunc(ctx, () => calls++);
  vi.advanceTimersByTime(1000);
  await settle();
  expect(calls).toBe(250_000);
});

describe("ten thousand deadlines that pass at once", { timeout: patience }, () => {
  const count = 10_000;

  test.each<[what: string, act: (own: () => void, other: Context) => void]>([
    ["cancels its context", (own) => own()],
    ["asks another context for its error", (_, other) => void other.err()],
    ["derives from another context", (_, other) => void context.withCancel(other)],
    ["does nothing", () => undefined],
  ])("each with a listener that %s, end without an overflow [X30]", async (_what, act) => {
    const clock = new StandingClock({ lazy: true });
    using _ = attach({ clock });
    const all: Context[] = [];
    let aborts = 0;
    for (let i = 0; i < count; i++) {
      const [ctx, cancel] = context.withTimeout(background, 1);
      all.push(ctx);
      context.signal(ctx).addEventListener("abort", () => {
        aborts++;
        act(cancel, all[(i * 7 + 13) % count] as Context);
      });
    }
    clock.advance(3);
    all[0]?.err();
    await settle();
    expect([aborts, all.filter((ctx) => endOf(ctx) !== expiredPlainly).length]).toEqual([count, 0]);
  });
});
