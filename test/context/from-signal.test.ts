import { getEventListeners } from "node:events";
import { context } from "gocsp";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { alive, canceledPlainly, endOf, expectNothingLeft, expiredPlainly } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

describe("a context from a signal", () => {
  test("it ends when the signal aborts, synchronously, with the reason as its cause [X64]", () => {
    const controller = new AbortController();
    const [ctx, cancel] = context.fromSignal(background, controller.signal);
    const [child] = context.withCancel(ctx);
    expect(endOf(child)).toBe(alive);
    const reason = new Error("the user left");
    controller.abort(reason);
    expect([ctx.err(), context.cause(ctx), context.cause(child)]).toEqual([context.canceled, reason, reason]);
    expect(context.cause(ctx)).toBe(reason);
    expect(endOf(child)).toBe("context canceled, the user left, done closed");
    cancel();
  });

  test("abort without a reason has the host's AbortError as its cause [X64]", () => {
    const controller = new AbortController();
    const [ctx] = context.fromSignal(background, controller.signal);
    controller.abort();
    expect(context.cause(ctx)).toBe(controller.signal.reason);
    expect(context.cause(ctx)?.name).toBe("AbortError");
  });

  test("a signal that has aborted already yields a context that has ended [X64]", () => {
    const reason = new Error("before");
    const signal = AbortSignal.abort(reason);
    const [ctx, cancel] = context.fromSignal(background, signal);
    expect(endOf(ctx)).toBe("context canceled, before, done closed");
    expect(listeners(signal)).toBe(0);
    cancel();
    expect(context.cause(ctx)).toBe(reason);
  });

  const odd: unknown = Object.create(null);
  test.each<[kind: string, reason: unknown, text: string]>([
    ["a string", "enough", 'the signal was aborted: "enough"'],
    ["a number", 42, "the signal was aborted: 42"],
    ["null", null, "the signal was aborted: null"],
    ["a symbol", Symbol("s"), "the signal was aborted: Symbol(s)"],
    ["zero", 0, "the signal was aborted: 0"],
    ["an object", { code: 1 }, "the signal was aborted: "],
    ["an object without a prototype", odd, "the signal was aborted: "],
    ["an object that cannot be printed", { toString: () => Symbol("no") }, "the signal was aborted: "],
    ["a function", () => undefined, "the signal was aborted: "],
  ])("%s as the reason becomes an error that has it as its cause [X64]", (_, reason, text) => {
    const controller = new AbortController();
    const [late] = context.fromSignal(background, controller.signal);
    controller.abort(reason);
    const [early] = context.fromSignal(background, controller.signal);
    for (const ctx of [late, early]) {
      const cause = context.cause(ctx) as Error;
      expect(ctx.err()).toBe(context.canceled);
      expect(cause).toBeInstanceOf(Error);
      expect(cause.message.startsWith(text)).toBe(true);
      expect(Object.is(cause.cause, reason)).toBe(true);
    }
  });

  test("the signal's own timeout is a cause, not a deadline [X64]", async () => {
    const signal = AbortSignal.timeout(1);
    const [ctx, cancel] = context.fromSignal(background, signal);
    const keepAlive = setTimeout(() => undefined, 60_000);
    await ctx.done().receive();
    clearTimeout(keepAlive);
    expect([ctx.err(), context.cause(ctx)?.name, ctx.deadline()]).toEqual([
      context.canceled,
      "TimeoutError",
      undefined,
    ]);
    cancel();
  });

  test("canceled first, it ends as canceled and removes its listener from the signal [X64]", () => {
    const controller = new AbortController();
    const [ctx, cancel] = context.fromSignal(background, controller.signal);
    expect(listeners(controller.signal)).toBe(1);
    cancel();
    expect(listeners(controller.signal)).toBe(0);
    controller.abort(new Error("too late"));
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("its cancel function ignores the event that it is called with [X64]", () => {
    for (const argument of [false, "SIGINT", new Event("close"), new Error("x")]) {
      const [ctx, cancel] = context.fromSignal(background, new AbortController().signal);
      const listener = cancel as (argument: unknown) => void;
      listener(argument);
      expect(endOf(ctx)).toBe(canceledPlainly);
    }
  });

  test("an earlier end of the parent removes the listener too [X64]", () =>
    synctest.test(async () => {
      const controller = new AbortController();
      const [parent] = context.withTimeout(background, 10);
      const [ctx] = context.fromSignal(context.withValue(parent, "k", 1), controller.signal);
      expect(ctx.deadline()).toEqual(parent.deadline());
      await synctest.sleep(10);
      expect([listeners(controller.signal), endOf(ctx)]).toEqual([0, expiredPlainly]);
      controller.abort();
      expect([endOf(parent), endOf(ctx)]).toEqual([expiredPlainly, expiredPlainly]);
    }));

  test("below a parent that has ended it never listens, and the parent's cause counts [X64]", () => {
    const [parent, cancelParent] = context.withCancelCause(background);
    cancelParent(new Error("parent"));
    for (const controller of [new AbortController(), new AbortController()]) {
      const [ctx] = context.fromSignal(parent, controller.signal);
      expect(listeners(controller.signal)).toBe(0);
      controller.abort(new Error("signal"));
      expect(context.cause(ctx)?.message).toBe("parent");
      expect(context.cause(context.fromSignal(parent, controller.signal)[0])?.message).toBe("parent");
    }
  });

  test("the abort removes the listener [X64]", () => {
    const controller = new AbortController();
    context.fromSignal(background, controller.signal);
    context.fromSignal(background, controller.signal);
    controller.abort();
    expect(listeners(controller.signal)).toBe(0);
  });

  test("an abort listener that came before it finds it alive, one that came later finds it ended [X64]", () => {
    const controller = new AbortController();
    const log: string[] = [];
    controller.signal.addEventListener("abort", () => log.push(endOf(ctx)));
    const [ctx] = context.fromSignal(background, controller.signal);
    controller.signal.addEventListener("abort", () => log.push(endOf(ctx)));
    controller.abort(new Error("x"));
    expect(log).toEqual([alive, "context canceled, x, done closed"]);
  });

  test("bridged to a signal and back, the cause arrives unchanged and in the same step [X64]", () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const [there] = context.fromSignal(background, context.signal(ctx));
    const [again] = context.fromSignal(background, context.signal(there));
    const cause = new Error("round trip");
    cancel(cause);
    expect(context.cause(again)).toBe(cause);
    expect(context.signal(again).reason).toBe(cause);
  });

  test("it takes anything that behaves as a signal [X64]", () => {
    const own: { aborted: boolean; reason: unknown; listener?: (() => void) | undefined } = {
      aborted: false,
      reason: 0,
    };
    const [ctx] = context.fromSignal(background, {
      get aborted() {
        return own.aborted;
      },
      get reason() {
        return own.reason;
      },
      addEventListener: (_type, listener) => void (own.listener = listener),
      removeEventListener: (_type, listener) => void (own.listener === listener && (own.listener = undefined)),
    });
    own.aborted = true;
    own.reason = new Error("own");
    own.listener?.();
    expect([endOf(ctx), own.listener]).toEqual(["context canceled, own, done closed", undefined]);
  });
});
