import { chan, type Context, context, select } from "gocsp";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";
import { Embedding, expectNothingLeft, isClosed, OwnDone, spin } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

describe("the signal of a context", () => {
  test("it aborts when the context is canceled, synchronously, with the cause as its reason [X64]", () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const signal = context.signal(ctx);
    const log: unknown[] = [];
    signal.addEventListener("abort", (event) => log.push(event.type, signal.reason));
    expect([signal instanceof AbortSignal, signal.aborted, signal.reason]).toEqual([true, false, undefined]);
    const cause = new Error("the user left");
    cancel(cause);
    expect(log).toEqual(["abort", cause]);
    expect([signal.aborted, signal.reason]).toEqual([true, cause]);
    expect(() => signal.throwIfAborted()).toThrow("the user left");
  });

  test("without a cause the reason is the error itself [X64]", () =>
    synctest.test(async () => {
      const [plain, cancel] = context.withCancel(background);
      const [timed] = context.withTimeout(background, 10);
      const signals = [context.signal(plain), context.signal(timed)];
      cancel();
      await synctest.sleep(10);
      expect(signals.map((signal) => signal.reason as unknown)).toEqual([context.canceled, context.deadlineExceeded]);
      expect(signals[1]?.reason).toBe(context.deadlineExceeded);
    }));

  test("it aborts with an ancestor, whose cause is the reason [X64]", () => {
    const [parent, cancel] = context.withCancelCause(background);
    const [child, cancelChild] = context.withTimeout(context.withValue(parent, "k", 1), 60_000);
    const signal = context.signal(child);
    cancel(new Error("parent"));
    expect((signal.reason as Error).message).toBe("parent");
    cancelChild();
    expect((signal.reason as Error).message).toBe("parent");
  });

  test("of a context that has ended it is aborted from the start [X64]", () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const cause = new Error("before");
    cancel(cause);
    expect([context.signal(ctx).aborted, context.signal(ctx).reason]).toEqual([true, cause]);
    expect(context.signal(context.withTimeout(background, 0)[0]).reason).toBe(context.deadlineExceeded);
  });

  test("of a context that never ends it never aborts [X64]", async () => {
    for (const ctx of [background, context.todo(), context.withoutCancel(context.withTimeout(background, 0)[0])]) {
      expect(context.signal(ctx).aborted).toBe(false);
    }
    await settle();
    expect(context.signal(context.withValue(background, "k", 1)).aborted).toBe(false);
  });

  test("the same context yields the same signal, and so do values derived from it [X64]", () => {
    const [ctx, cancel] = context.withCancel(background);
    const signal = context.signal(ctx);
    const value = context.withValue(new Embedding(context.withValue(ctx, "a", 1)), "b", 2);
    expect(
      [context.signal(ctx), context.signal(value), context.signal(new Embedding(value))].map((s) => s === signal),
    ).toEqual([true, true, true]);
    const [child, cancelChild] = context.withCancel(value);
    expect(context.signal(child)).not.toBe(signal);
    cancelChild();
    cancel();
    expect([context.signal(ctx) === signal, context.signal(value) === signal]).toEqual([true, true]);
  });

  test("values over a user's context share its signal too [X64]", async () => {
    const ctx = new OwnDone(background);
    const signal = context.signal(ctx);
    expect(context.signal(context.withValue(ctx, "k", 1))).toBe(signal);
    ctx.end(new Error("own"));
    await settle();
    expect((signal.reason as Error).message).toBe("own");
  });

  test("listeners come and go as on every signal: by function and phase, of whatever type, or null [X64]", () => {
    const [ctx, cancel] = context.withCancel(background);
    const signal = context.signal(ctx);
    const heard: string[] = [];
    const hears =
      (name: string) =>
      ({ type }: Event): number =>
        heard.push(`${name} ${type}`);
    const [plain, capturing, both, object, other, again] = [
      hears("plain"),
      hears("capturing"),
      hears("both"),
      { handleEvent: hears("object") },
      hears("other"),
      hears("again"),
    ];
    signal.addEventListener("abort", plain);
    signal.removeEventListener("abort", plain, true);
    signal.removeEventListener("abort", plain, { capture: true });
    signal.addEventListener("abort", capturing, { capture: true });
    signal.addEventListener("abort", capturing, true);
    signal.removeEventListener("abort", capturing);
    signal.addEventListener("abort", both);
    signal.addEventListener("abort", both, true);
    signal.removeEventListener("abort", both, { capture: false });
    signal.addEventListener("abort", object);
    signal.addEventListener("abort", object);
    signal.addEventListener("abort", null as never);
    signal.removeEventListener("abort", null as never);
    signal.addEventListener("other", other);
    signal.dispatchEvent(new Event("other"));
    signal.removeEventListener("other", other);
    signal.dispatchEvent(new Event("other"));
    for (let i = 0; i < 2; i++) {
      signal.addEventListener("abort", again);
      signal.removeEventListener("abort", again);
    }
    signal.onabort = 5 as never;
    expect(signal.onabort).toBeNull();
    const handler = hears("handler");
    signal.onabort = handler;
    expect(signal.onabort).toBe(handler);
    cancel();
    const want = ["other other", "plain abort", "capturing abort", "both abort", "object abort", "handler abort"];
    expect(heard.toSorted()).toEqual(want.toSorted());
  });

  test("users' contexts that share a channel do not share a signal: each has its own reason [X64]", async () => {
    const done = chan<never>();
    const contexts = ["one", "two"].map((name): Context => {
      const error = new Error(name);
      return {
        deadline: () => undefined,
        done: () => done,
        err: () => (done.tryReceive() === undefined ? undefined : error),
        value: () => undefined,
      };
    });
    const signals = contexts.map((ctx) => context.signal(ctx));
    done.close();
    await settle();
    expect(signals.map(({ reason }) => (reason as Error).message)).toEqual(["one", "two"]);
  });

  test("one that never aborts is kept by nobody: each call makes another one [X64]", () => {
    expect(context.signal(background)).not.toBe(context.signal(background));
    const values = context.withValue(context.withoutCancel(background), "k", 1);
    expect(context.signal(values)).not.toBe(context.signal(values));
  });

  test("err, cause and done are those of the end in every listener, on every context of the tree [Z9]", () => {
    const [root, cancel] = context.withCancelCause(background);
    const tree: Context[] = [root];
    for (let i = 1; i < 40; i++) tree.push(context.withCancel(tree[(i - 1) >> 1] as Context)[0]);
    const seen = new Set<string>();
    const look = (): void => {
      for (const ctx of tree) {
        const { aborted } = context.signal(ctx);
        seen.add(`${ctx.err()?.message} ${context.cause(ctx)?.message} ${isClosed(ctx.done())}`);
        if (aborted) seen.add(`reason ${(context.signal(ctx).reason as Error).message}`);
      }
    };
    for (const ctx of tree.toReversed()) context.signal(ctx).addEventListener("abort", look);
    cancel(new Error("enough"));
    expect([...seen].toSorted()).toEqual(["context canceled enough true", "reason enough"]);
  });

  test("err is there exactly when done is closed inside functions of afterFunc [Z9]", async () => {
    const [root, cancel] = context.withCancelCause(background);
    const [child] = context.withTimeout(root, 60_000);
    const seen: string[] = [];
    for (const ctx of [root, child]) {
      context.afterFunc(ctx, () => {
        for (const one of [root, child]) seen.push(`${one.err()?.message} ${isClosed(one.done())}`);
      });
    }
    cancel(new Error("enough"));
    await settle();
    expect(seen).toEqual(Array(4).fill("context canceled true"));
  });

  test("a listener that throws does not keep other contexts from ending [X64]", async () => {
    const [root, cancel] = context.withCancel(background);
    const [first] = context.withCancel(root);
    const [second] = context.withCancel(root);
    const reported: unknown[] = [];
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => reported.push(error.message));
    context.signal(first).addEventListener("abort", () => {
      throw new Error("listener");
    });
    const signal = context.signal(second);
    cancel();
    expect([first.err(), second.err(), signal.aborted]).toEqual([context.canceled, context.canceled, true]);
    await settle();
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other);
    expect(reported).toEqual(["listener"]);
  });

  test("a listener that empties a channel in the middle of a select does not fool the select [X64]", async () => {
    for (let round = 0; round < 20; round++) {
      const [ctx] = context.withTimeout(background, 0.5);
      const [other, cancelOther] = context.withCancel(background);
      context.signal(ctx).addEventListener("abort", () => cancelOther());
      spin(1);
      const op = await select({ other: other.done(), done: ctx.done() });
      expect(["other", "done"]).toContain(op.case);
    }
  });

  test("AbortSignal.any combines it with others [X64]", () => {
    const [first, cancel] = context.withCancelCause(background);
    const [second, cancelSecond] = context.withCancel(background);
    const any = AbortSignal.any([context.signal(first), context.signal(second)]);
    cancel(new Error("first"));
    expect((any.reason as Error).message).toBe("first");
    cancelSecond();
  });
});
