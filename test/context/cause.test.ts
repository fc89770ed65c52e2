import { type Context, context, go, gosched } from "gocsp";
import { describe, expect, test } from "vitest";
import { settle, turn } from "../support/settle.ts";
import { Embedding, endOf, expectNothingLeft, OwnDone } from "./contexts.ts";

expectNothingLeft();

const background = context.background();
const parentCause = new Error("parentCause");
const childCause = new Error("childCause");
const forever = 1e9;

test("the cause is the error given to cancel, err is still canceled [X20]", () => {
  const [ctx, cancel] = context.withCancelCause(background);
  cancel(parentCause);
  expect([ctx.err(), context.cause(ctx)]).toEqual([context.canceled, parentCause]);
  expect(context.cause(ctx)).toBe(parentCause);
});

test.each([
  ["undefined", (cancel: (cause?: Error | null) => void) => cancel(undefined)],
  ["null", (cancel: (cause?: Error | null) => void) => cancel(null)],
  ["nothing", (cancel: (cause?: Error | null) => void) => cancel()],
])("cancel with %s has the cause canceled [X20]", (_, call) => {
  const [ctx, cancel] = context.withCancelCause(background);
  call(cancel);
  expect([ctx.err(), context.cause(ctx)]).toEqual([context.canceled, context.canceled]);
});

test("only the first cancellation sets the cause [X21]", () => {
  const [ctx, cancel] = context.withCancelCause(background);
  cancel();
  cancel(parentCause);
  expect(context.cause(ctx)).toBe(context.canceled);
  const [other, cancelOther] = context.withCancelCause(background);
  cancelOther(parentCause);
  cancelOther(childCause);
  cancelOther();
  expect(context.cause(other)).toBe(parentCause);
});

test("there is no cause before the end, and the background never has one [X22]", () => {
  const [ctx, cancel] = context.withCancelCause(background);
  expect(context.cause(ctx)).toBeUndefined();
  expect(context.cause(background)).toBeUndefined();
  expect(context.cause(context.todo())).toBeUndefined();
  expect(context.cause(context.withValue(background, "k", 1))).toBeUndefined();
  cancel();
});

describe("all orders of parent and child, each with and without a cause [X23]", () => {
  type Kind = "withCancel" | "withCancelCause";
  const derive = (kind: Kind, parent: Context, cause: Error): [Context, () => void] => {
    if (kind === "withCancel") return context.withCancel(parent);
    const [ctx, cancel] = context.withCancelCause(parent);
    return [ctx, () => cancel(cause)];
  };
  const plain = context.canceled;
  test.each<[parent: Kind, child: Kind, first: "parent" | "child", parents: Error, childs: Error]>([
    ["withCancel", "withCancel", "parent", plain, plain],
    ["withCancel", "withCancel", "child", plain, plain],
    ["withCancel", "withCancelCause", "parent", plain, plain],
    ["withCancel", "withCancelCause", "child", plain, childCause],
    ["withCancelCause", "withCancel", "parent", parentCause, parentCause],
    ["withCancelCause", "withCancel", "child", parentCause, plain],
    ["withCancelCause", "withCancelCause", "parent", parentCause, parentCause],
    ["withCancelCause", "withCancelCause", "child", parentCause, childCause],
  ])("%s over %s, the %s first [X23]", (parentKind, childKind, first, parents, childs) => {
    const [parent, cancelParent] = derive(parentKind, background, parentCause);
    const [child, cancelChild] = derive(childKind, parent, childCause);
    for (const cancel of first === "parent" ? [cancelParent, cancelChild] : [cancelChild, cancelParent]) cancel();
    expect([context.cause(parent), context.cause(child)]).toEqual([parents, childs]);
    expect([parent.err(), child.err()]).toEqual([context.canceled, context.canceled]);
  });
});

describe("with deadlines [X30]", () => {
  const tooSlow = new Error("tooSlow");
  const finishedEarly = new Error("finishedEarly");
  test.each<[name: string, make: () => Context, err: Error | undefined, cause: Error | undefined]>([
    ["an expired timeout", () => timeout(0, undefined), context.deadlineExceeded, context.deadlineExceeded],
    ["a timeout canceled before", () => timeout(forever, undefined), context.canceled, context.canceled],
    ["an expired timeout with a cause", () => timeout(0, tooSlow), context.deadlineExceeded, tooSlow],
    ["a timeout with a cause, canceled before", () => timeout(forever, tooSlow), context.canceled, context.canceled],
    ["an expired timeout below a cancel", () => stacked(0), context.deadlineExceeded, tooSlow],
    ["a timeout below a cancel with a cause", () => stacked(forever), context.canceled, finishedEarly],
    ["withoutCancel above nothing", () => context.withoutCancel(background), undefined, undefined],
    ["withoutCancel of a timeout", () => context.withoutCancel(timeout(0, tooSlow)), undefined, undefined],
  ])("%s has its error and cause [X30]", (_, make, err, cause) => {
    const ctx = make();
    expect([ctx.err(), context.cause(ctx)]).toEqual([err, cause]);
  });

  function timeout(duration: number, cause: Error | undefined): Context {
    const [ctx, cancel] = context.withTimeoutCause(background, duration, cause);
    cancel();
    return ctx;
  }

  function stacked(duration: number): Context {
    const [parent, cancel] = context.withCancelCause(background);
    const [ctx] = context.withTimeoutCause(parent, duration, tooSlow);
    cancel(finishedEarly);
    return ctx;
  }
});

test("a wrapper has the cause of the nearest ancestor that can be canceled [X24]", () => {
  const [outer, cancelOuter] = context.withCancelCause(background);
  const [inner, cancelInner] = context.withCancelCause(context.withValue(outer, "k", 1));
  const wrapped = context.withValue(new Embedding(context.withValue(inner, "l", 2)), "m", 3);
  cancelInner(childCause);
  cancelOuter(parentCause);
  expect([context.cause(wrapped), context.cause(outer)]).toEqual([childCause, parentCause]);
});

test("the cause of a user's context without an ancestor of ours is its error [X25]", () => {
  const ctx = new OwnDone(background);
  expect(context.cause(ctx)).toBeUndefined();
  const error = new Error("out of paper");
  ctx.end(error);
  expect(context.cause(ctx)).toBe(error);
});

test("a user's context that lives has no cause, though its ancestor has ended [X25]", () => {
  const [inner, cancel] = context.withCancelCause(background);
  const ctx = new OwnDone(inner);
  cancel(parentCause);
  expect(ctx.err()).toBeUndefined();
  expect(context.cause(ctx)).toBeUndefined();
  ctx.end(new Error("its own"));
  expect(context.cause(ctx)).toBe(parentCause);
});

test("polling the cause yields undefined until it yields the final one [X26]", async () => {
  const [parent, cancel] = context.withCancelCause(background);
  const [ctx] = context.withCancel(parent);
  const seen = new Set<Error | undefined>();
  go(async () => {
    while (ctx.err() === undefined) {
      seen.add(context.cause(ctx));
      await gosched();
    }
    seen.add(context.cause(ctx));
  });
  for (let turns = 0; turns < 3; turns++) await turn();
  go(() => cancel(parentCause));
  await ctx.done().receive();
  await settle();
  expect([...seen]).toEqual([undefined, parentCause]);
});

test("an error without a message, or of a class of its own, is a cause like any other [X27]", () => {
  class Empty extends Error {}
  for (const cause of [new Error(""), new Empty(), Object.assign(new Error("x"), { message: undefined })]) {
    const [ctx, cancel] = context.withCancelCause(background);
    cancel(cause);
    expect(context.cause(ctx)).toBe(cause);
  }
});

test("a cause may be one of the two errors themselves [X27]", () => {
  const [ctx, cancel] = context.withCancelCause(background);
  cancel(context.deadlineExceeded);
  expect(endOf(ctx)).toBe("context canceled, context deadline exceeded, done closed");
});
