import { context, nilChan } from "gocsp";
import * as synctest from "gocsp/synctest";
import { expect, test } from "vitest";
import { alive, endOf, expectNothingLeft, expiredPlainly } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

test("it never ends and has no deadline, no cause and no channel [X54]", () => {
  const [parent, cancel] = context.withTimeoutCause(background, 60_000, new Error("too slow"));
  const ctx = context.withoutCancel(parent);
  const look = (): unknown[] => [ctx.err(), ctx.deadline(), context.cause(ctx), ctx.done() === nilChan()];
  const nothing = [undefined, undefined, undefined, true];
  expect(look()).toEqual(nothing);
  cancel();
  expect(look()).toEqual(nothing);
});

test("it has its parent's values [X54]", () => {
  const key = context.key<string>("k");
  const [parent, cancel] = context.withCancel(context.withValue(background, key, "kept"));
  cancel();
  const ctx = context.withoutCancel(parent);
  expect([ctx.value(key), ctx.value("other")]).toEqual(["kept", undefined]);
  expect(context.withValue(ctx, key, "hidden").value(key)).toBe("hidden");
});

test("made from a context that has ended it is alive [X54]", () => {
  const [parent, cancel] = context.withCancelCause(background);
  cancel(new Error("over"));
  const [child, cancelChild] = context.withCancel(context.withoutCancel(parent));
  expect(endOf(child)).toBe(alive);
  cancelChild();
});

test("its descendants can get later deadlines and causes of their own [X54]", () =>
  synctest.test(async () => {
    const [parent] = context.withTimeout(background, 10);
    const [child] = context.withTimeoutCause(context.withoutCancel(parent), 50, new Error("too slow too"));
    await synctest.sleep(49);
    expect([endOf(parent), endOf(child)]).toEqual([expiredPlainly, alive]);
    await synctest.sleep(1);
    expect(endOf(child)).toBe("context deadline exceeded, too slow too, done closed");
  }));

test("a value context over it has no cause either, though an ancestor has one [X54]", () => {
  const [parent, cancel] = context.withCancelCause(background);
  const ctx = context.withValue(context.withoutCancel(context.withValue(parent, "a", 1)), "b", 2);
  cancel(new Error("over"));
  expect([ctx.err(), context.cause(ctx), ctx.value("a"), ctx.value("b")]).toEqual([undefined, undefined, 1, 2]);
});
