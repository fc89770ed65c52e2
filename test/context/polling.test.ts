import { type Context, context, go, gosched, select } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import {
  canceledPlainly,
  Embedding,
  endOf,
  expectNothingLeft,
  expiredPlainly,
  isClosed,
  OwnDone,
  Registering,
  spin,
} from "./contexts.ts";
import { StandingClock } from "../support/clock.ts";

expectNothingLeft();

const background = context.background();

/** Spins until something holds, so that the event loop cannot turn in between; gives up after ten seconds. */
function spinUntil(holds: () => boolean): boolean {
  const limit = performance.now() + 10_000;
  while (!holds()) if (performance.now() > limit) return false;
  return true;
}

describe("without a turn of the event loop", () => {
  test.each<[what: string, look: (ctx: Context) => boolean]>([
    ["err", (ctx) => ctx.err() !== undefined],
    ["done", (ctx) => isClosed(ctx.done())],
    ["cause", (ctx) => context.cause(ctx) !== undefined],
    ["err of a value context", (ctx) => context.withValue(ctx, "k", 1).err() !== undefined],
    ["err of an embedding context", (ctx) => new Embedding(ctx).err() !== undefined],
    ["the birth of a child", (ctx) => context.withCancel(ctx)[0].err() !== undefined],
    ["the birth of a signal", (ctx) => context.signal(new Embedding(ctx)).aborted || ctx.err() !== undefined],
  ])("a busy loop on %s sees the deadline of the context, or of one above [Z9]", (_, look) => {
    const [own] = context.withTimeout(background, 3);
    expect(spinUntil(() => look(own))).toBe(true);
    expect(endOf(own)).toBe(expiredPlainly);
    const [outer] = context.withTimeout(background, 3);
    const [inner, cancelInner] = context.withCancel(context.withValue(outer, "k", 1));
    expect(spinUntil(() => look(inner))).toBe(true);
    expect([endOf(outer), endOf(inner)]).toEqual([expiredPlainly, expiredPlainly]);
    cancelInner();
  });

  test("err and done never disagree while the deadline passes [X8]", () => {
    for (let round = 0; round < 50; round++) {
      const [ctx] = context.withTimeout(background, 0.2);
      const done = ctx.done();
      const disagreed: boolean[] = [];
      spinUntil(() => {
        const before = ctx.err() !== undefined;
        const closed = isClosed(done);
        if (before && !closed) disagreed.push(closed);
        return closed;
      });
      expect([disagreed, ctx.err()]).toEqual([[], context.deadlineExceeded]);
    }
  });

  test("the end that is found so reaches the whole tree, synchronously [X7]", () => {
    const clock = new StandingClock({ lazy: true });
    using _ = attach({ clock });
    const [parent] = context.withTimeout(background, 1);
    const [child] = context.withCancelCause(parent);
    const signal = context.signal(child);
    clock.advance(3);
    expect(signal.aborted).toBe(false);
    parent.err();
    expect([signal.aborted, signal.reason]).toEqual([true, context.deadlineExceeded]);
  });

  test("an inner deadline that came first keeps its own cause, whichever context is asked first [X30]", () => {
    const clock = new StandingClock({ lazy: true });
    using _ = attach({ clock });
    const [parent] = context.withTimeoutCause(background, 4, new Error("outer"));
    const [child] = context.withTimeoutCause(parent, 1, new Error("inner"));
    clock.advance(8);
    expect([parent.err(), context.cause(parent)?.message]).toEqual([context.deadlineExceeded, "outer"]);
    expect(context.cause(child)?.message).toBe("inner");
  });

  test("cancel after the deadline comes too late [X33]", () => {
    const [ctx, cancel] = context.withTimeoutCause(background, 1, new Error("too slow"));
    spin(5);
    cancel();
    expect(endOf(ctx)).toBe("context deadline exceeded, too slow, done closed");
  });

  test("so does the cancel of a parent that has no deadline itself [X33]", () => {
    const [parent, cancelParent] = context.withCancelCause(background);
    const [child] = context.withTimeoutCause(parent, 1, new Error("too slow"));
    spin(5);
    cancelParent(new Error("parent"));
    expect(endOf(child)).toBe("context deadline exceeded, too slow, done closed");
    expect(context.cause(parent)?.message).toBe("parent");
  });

  test("so does the cancel of a child, if the deadline above reaches it through a context of the user's [X33]", () => {
    const clock = new StandingClock({ lazy: true });
    using _ = attach({ clock });
    const [outer] = context.withTimeout(background, 1);
    const between = new Registering(outer);
    context.signal(outer).addEventListener("abort", () => between.end(context.deadlineExceeded));
    const [inner, cancelInner] = context.withCancel(context.withCancel(between)[0]);
    clock.advance(3);
    cancelInner();
    expect(endOf(inner)).toBe(expiredPlainly);
  });

  test("or through a signal [X33]", () => {
    const clock = new StandingClock({ lazy: true });
    using _ = attach({ clock });
    const [outer] = context.withTimeoutCause(background, 1, new Error("too slow"));
    const [bridged] = context.fromSignal(background, context.signal(outer));
    const [inner, cancelInner] = context.withCancel(bridged);
    clock.advance(3);
    cancelInner();
    expect([inner.err(), context.cause(inner)?.message]).toEqual([context.canceled, "too slow"]);
  });

  test("and the abort of a signal [X33]", () => {
    const controller = new AbortController();
    const [parent] = context.fromSignal(background, controller.signal);
    const [child] = context.withTimeout(parent, 1);
    spin(5);
    controller.abort(new Error("signal"));
    expect([endOf(child), context.cause(parent)?.message]).toEqual([expiredPlainly, "signal"]);
  });

  test("and the end of a user's context [X33]", async () => {
    const parent = new OwnDone(background);
    const registering = new Registering(background);
    const [child] = context.withTimeout(parent, 1);
    const [other] = context.withTimeout(registering, 1);
    spin(5);
    parent.end(new Error("own"));
    registering.end(new Error("own"));
    await settle();
    expect([endOf(child), endOf(other)]).toEqual([expiredPlainly, expiredPlainly]);
  });

  test("a block that took too long ends its context as late, not as canceled [X33]", () => {
    const seen: Context[] = [];
    {
      const [ctx, cancel] = context.withTimeout(background, 1);
      using _ = cancel;
      seen.push(ctx);
      spin(5);
    }
    expect(seen.map(endOf)).toEqual([expiredPlainly]);
  });

  test("a deadline that has not come is not disturbed by looking [X30]", async () => {
    // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
    vi.useFakeTimers();
    const [ctx, cancel] = context.withTimeout(background, 10);
    for (let i = 0; i < 1000; i++) ctx.err();
    expect(vi.getTimerCount()).toBe(1);
    cancel();
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("a select takes the closed case of a deadline that has passed [X30]", async () => {
    const [ctx] = context.withTimeout(background, 1);
    spin(3);
    const op = await select({ done: ctx.done(), default: true });
    expect(op.case).toBe("done");
  });

  test("functions of afterFunc run, in their goroutines, after the loop that saw the end [X47]", async () => {
    const [ctx] = context.withTimeout(background, 1);
    const log: string[] = [];
    context.afterFunc(ctx, () => void log.push("f"));
    spin(3);
    log.push(ctx.err()?.message ?? "alive");
    await settle();
    expect(log).toEqual(["context deadline exceeded", "f"]);
  });
});

test("goroutines that only yield let the deadline fire [Z9]", async () => {
  const [ctx] = context.withTimeout(background, 5);
  const signal = context.signal(ctx);
  go(async () => {
    while (!signal.aborted) await gosched();
  });
  await ctx.done().receive();
  await settle();
  expect(endOf(ctx)).toBe(expiredPlainly);
});
