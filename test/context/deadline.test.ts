import { context, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { alive, canceledPlainly, endOf, expectNothingLeft, expiredPlainly } from "./contexts.ts";

expectNothingLeft();

const background = context.background();
const late = new Error("too late");

beforeEach(() => {
  // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});

afterEach(() => {
  vi.restoreAllMocks();
});

function inMilliseconds(delay: number): Date {
  return new Date(Date.now() + delay);
}

test("below a parent that has ended no alarm is set [X32]", () => {
  const alarm = vi.fn();
  const [parent, cancel] = context.withCancel(background);
  cancel();
  using _ = attach({ alarm });
  const [ctx] = context.withTimeout(parent, 1000);
  expect([endOf(ctx), alarm.mock.calls.length, vi.getTimerCount()]).toEqual([canceledPlainly, 0, 0]);
  using _1 = context.withTimeout(background, 1000)[1];
  expect(alarm.mock.calls.length).toBe(1);
});

describe("deadline", () => {
  test("it is the given time [X28]", () => {
    const at = inMilliseconds(50);
    const [ctx, cancel] = context.withDeadline(background, at);
    expect(ctx.deadline()).toEqual(at);
    cancel();
  });

  test("it is the given time even if the clock moves on during the call [X28]", () => {
    let now = Date.now();
    const at = new Date(now + 1000);
    vi.spyOn(Date, "now").mockImplementation(() => now++);
    const [parent, cancelParent] = context.withDeadline(background, at);
    const [child, cancelChild] = context.withDeadlineCause(parent, at, late);
    expect(parent.deadline()).toEqual(at);
    expect(child.deadline()).toEqual(at);
    expect(String(child)).toMatch(/WithDeadline\(.*WithDeadline\(/);
    cancelChild();
    cancelParent();
  });

  test("it is the earlier one of the context's own and the parent's [X28]", () => {
    const [parent, cancelParent] = context.withDeadline(background, inMilliseconds(50));
    const [earlier, cancelEarlier] = context.withDeadline(parent, inMilliseconds(20));
    const [later, cancelLater] = context.withDeadline(parent, inMilliseconds(80));
    expect(earlier.deadline()).toEqual(inMilliseconds(20));
    expect(later.deadline()).toEqual(inMilliseconds(50));
    for (const cancel of [cancelLater, cancelEarlier, cancelParent]) cancel();
  });

  test("below an earlier one a context is a plain withCancel, whose own cause never applies [X28]", async () => {
    const [parent] = context.withDeadline(background, inMilliseconds(20));
    const [child, cancel] = context.withDeadlineCause(context.withValue(parent, "k", 1), inMilliseconds(21), late);
    expect(String(child)).toMatch(/\.WithValue\(k, number\)\.WithCancel$/);
    await vi.advanceTimersByTimeAsync(21);
    expect(endOf(child)).toBe(expiredPlainly);
    cancel();
  });

  test("with an equal one it is a context with a deadline of its own [X28]", () => {
    const at = inMilliseconds(20);
    const [parent, cancelParent] = context.withDeadline(background, at);
    const [child, cancel] = context.withDeadlineCause(parent, new Date(at), late);
    expect(String(child)).toMatch(/\.WithDeadline\([^()]*\)\.WithDeadline\([^()]*\)$/);
    cancel();
    cancelParent();
  });

  test("it is inherited through every kind of context but withoutCancel [X28]", () => {
    const at = inMilliseconds(50);
    const [parent, cancel] = context.withDeadline(background, at);
    const [child, cancelChild] = context.withCancel(context.withValue(parent, "k", 1));
    expect(child.deadline()).toEqual(at);
    expect(context.withoutCancel(child).deadline()).toBeUndefined();
    cancelChild();
    cancel();
  });

  test("it stays the same after expiry and after cancel [X29]", async () => {
    const at = inMilliseconds(10);
    const [expired] = context.withDeadline(background, at);
    const [canceled, cancel] = context.withDeadline(background, at);
    cancel();
    await vi.advanceTimersByTimeAsync(30);
    expect([expired.deadline(), canceled.deadline()]).toEqual([at, at]);
  });

  test("changing the Date that was passed, or one that was returned, does not change the deadline [X29]", async () => {
    const given = inMilliseconds(10);
    const at = new Date(given);
    const [ctx, cancel] = context.withDeadline(background, given);
    given.setTime(0);
    expect(ctx.deadline()).toEqual(at);
    ctx.deadline()?.setTime(0);
    expect(ctx.deadline()).toEqual(at);
    cancel();
  });
});

describe("expiry", () => {
  test("at its deadline a context ends with deadline exceeded, and not before [X30]", async () => {
    const [ctx] = context.withDeadline(background, inMilliseconds(50));
    await vi.advanceTimersByTimeAsync(49);
    expect(endOf(ctx)).toBe(alive);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(ctx)).toBe(expiredPlainly);
    expect(ctx.err()).toBe(context.deadlineExceeded);
  });

  test("the cause is the one given for the deadline [X30]", async () => {
    const [first] = context.withDeadlineCause(background, inMilliseconds(10), late);
    const [second] = context.withTimeoutCause(background, 10, late);
    const [third] = context.withTimeoutCause(background, 10, undefined);
    await vi.advanceTimersByTimeAsync(10);
    expect([first, second, third].map((ctx) => context.cause(ctx))).toEqual([late, late, context.deadlineExceeded]);
  });

  test.each([0, -1, -1e12, -Infinity])("a timeout of %d ms ends the context before it is returned [X31]", (timeout) => {
    const [ctx, cancel] = context.withTimeout(background, timeout);
    expect(endOf(ctx)).toBe(expiredPlainly);
    expect(ctx.deadline()).toBeInstanceOf(Date);
    cancel();
    expect(endOf(ctx)).toBe(expiredPlainly);
  });

  test.each([0, -1, -1e12])("a deadline %d ms from now ends the context before it is returned [X31]", (delay) => {
    const [ctx, cancel] = context.withDeadlineCause(background, inMilliseconds(delay), late);
    expect(endOf(ctx)).toBe("context deadline exceeded, too late, done closed");
    expect(ctx.deadline()).toEqual(inMilliseconds(delay));
    cancel();
    expect(context.cause(ctx)).toBe(late);
  });

  test("a parent that has ended wins over a deadline in the past [X32]", () => {
    const [parent, cancelParent] = context.withCancelCause(background);
    cancelParent(new Error("parentCause"));
    const [ctx, cancel] = context.withDeadlineCause(parent, new Date(0), late);
    cancel();
    expect(endOf(ctx)).toBe("context canceled, parentCause, done closed");
    expect(ctx.deadline()).toEqual(new Date(0));
  });

  test("canceled before, a context stays canceled after its deadline [X33]", async () => {
    const [ctx, cancel] = context.withTimeoutCause(background, 10, late);
    await vi.advanceTimersByTimeAsync(9);
    cancel();
    await vi.advanceTimersByTimeAsync(10);
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("an outer deadline ends inner contexts with later ones, with the outer cause [X34]", async () => {
    const [outer] = context.withTimeoutCause(background, 10, late);
    const [middle] = context.withTimeoutCause(context.withValue(outer, "k", 1), 20, new Error("not this one"));
    const [inner] = context.withCancelCause(middle);
    await vi.advanceTimersByTimeAsync(10);
    for (const ctx of [outer, middle, inner]) {
      expect(endOf(ctx)).toBe("context deadline exceeded, too late, done closed");
    }
  });

  test("an inner deadline that is earlier ends the inner context alone [X34]", async () => {
    const [outer, cancel] = context.withTimeout(background, 20);
    const [inner] = context.withTimeoutCause(outer, 10, late);
    await vi.advanceTimersByTimeAsync(10);
    expect([endOf(outer), context.cause(inner)]).toEqual([alive, late]);
    await vi.advanceTimersByTimeAsync(10);
    expect([endOf(outer), context.cause(inner)]).toEqual([expiredPlainly, late]);
    cancel();
  });

  test("a later deadline below an earlier one sets no timer and never fires by itself [X35]", async () => {
    const [outer, cancelOuter] = context.withTimeout(background, 30);
    const before = vi.getTimerCount();
    const [inner] = context.withTimeoutCause(outer, 60, late);
    expect(vi.getTimerCount()).toBe(before);
    cancelOuter();
    await vi.advanceTimersByTimeAsync(100);
    expect(endOf(inner)).toBe(canceledPlainly);
  });

  test.each(["the context", "its parent"])("the end of %s stops the timer [X36]", async (who) => {
    const [parent, cancelParent] = context.withCancel(background);
    const [, cancel] = context.withTimeout(parent, 60_000);
    expect(vi.getTimerCount()).toBe(1);
    if (who === "the context") cancel();
    await settle();
    if (who === "the context") expect(vi.getTimerCount()).toBe(0);
    cancelParent();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("the end of a context with the earliest deadline leaves the others on time [X36]", async () => {
    const [, cancelFirst] = context.withTimeout(background, 10);
    const [second] = context.withTimeout(background, 20);
    cancelFirst();
    await vi.advanceTimersByTimeAsync(19);
    expect(endOf(second)).toBe(alive);
    await vi.advanceTimersByTimeAsync(1);
    expect(endOf(second)).toBe(expiredPlainly);
  });
});

test("a deadline races with time.after and wins if it is earlier [X30]", async () => {
  const [ctx] = context.withTimeout(background, 50);
  const log: string[] = [];
  const wait = time.sleep(ctx, 1 * time.second).catch((err: Error) => log.push(err.message));
  await vi.advanceTimersByTimeAsync(50);
  await wait;
  expect(log).toEqual(["context deadline exceeded"]);
});
