import { chan, context, errors, PanicError } from "gocsp";
import { numGoroutine } from "gocsp/runtime";
import * as signal from "gocsp/signal";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { alive, canceledPlainly, Embedding, endOf } from "../context/contexts.ts";
import { settle } from "../support/settle.ts";
import { expectNoListenersLeft, raise } from "./leaks.ts";

expectNoListenersLeft();

const background = context.background();

describe("the end", () => {
  test("comes at the first of the signals, with its name in the cause [N1] [N2]", () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGHUP", "SIGUSR2");
    using _ = stop;
    raise("SIGWINCH");
    expect(endOf(ctx)).toBe(alive);
    raise("SIGUSR2");
    raise("SIGHUP");
    expect(endOf(ctx)).toBe("context canceled, user defined signal 2 signal received, done closed");
    expect(ctx.err()).toBe(context.canceled);
  });

  test("by a real signal wakes its waiter [N1]", async () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGUSR2");
    using _ = stop;
    process.kill(process.pid, "SIGUSR2");
    await ctx.done().receive();
    expect(context.cause(ctx)?.message).toBe("user defined signal 2 signal received");
  });

  test("by a signal has a cause that counts as canceled [N2]", () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGINT");
    using _ = stop;
    raise("SIGINT");
    const cause = context.cause(ctx);
    expect(cause).toBeInstanceOf(Error);
    expect(cause).not.toBe(context.canceled);
    expect([errors.is(cause, context.canceled), errors.is(cause, context.deadlineExceeded)]).toEqual([true, false]);
  });

  test("comes at stop, as often as it is called [N1] [N3] [N5]", () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGHUP");
    for (let i = 0; i < 10; i++) stop();
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("is the same in calls of stop from many goroutines [N5]", async () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGHUP");
    await Promise.all(Array.from({ length: 10 }, () => settle().then(stop)));
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("comes with the parent's, whose cause it has [N1] [N3]", () => {
    const [parent, cancel] = context.withCancelCause(background);
    const [ctx, stop] = signal.notifyContext(parent, "SIGHUP");
    using _ = stop;
    cancel(new Error("the parent's"));
    expect(endOf(ctx)).toBe("context canceled, the parent's, done closed");
    raise("SIGHUP");
    expect(context.cause(ctx)?.message).toBe("the parent's");
  });

  test("is there at once if the parent has ended before, and starts no goroutine [N6]", () => {
    const [parent, cancel] = context.withCancel(background);
    cancel();
    const before = numGoroutine();
    const [ctx, stop] = signal.notifyContext(parent, "SIGHUP");
    expect([endOf(ctx), numGoroutine()]).toEqual([canceledPlainly, before]);
    stop();
  });

  test("reaches the children in the same step [N1]", () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGHUP");
    using _ = stop;
    const [child] = context.withCancel(context.withValue(ctx, "k", 1));
    raise("SIGHUP");
    expect(endOf(child)).toBe("context canceled, hangup signal received, done closed");
  });
});

describe("until stop", () => {
  test("signals are caught and do nothing [N4]", async () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGHUP");
    raise("SIGHUP");
    const cause = context.cause(ctx);
    for (let i = 0; i < 10; i++) raise("SIGHUP");
    expect([context.cause(ctx) === cause, process.listenerCount("SIGHUP")]).toEqual([true, 1]);
    stop();
    await settle();
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });

  test("so they are when the parent has ended [N4] [N6]", () => {
    const [parent, cancel] = context.withCancel(background);
    const [, stop] = signal.notifyContext(parent, "SIGHUP");
    cancel();
    expect(process.listenerCount("SIGHUP")).toBe(1);
    stop();
  });

  test("of one context, another one of the same signal is not stopped [N10]", () => {
    const [, stop] = signal.notifyContext(background, "SIGHUP");
    const [other, stopOther] = signal.notifyContext(background, "SIGHUP");
    stop();
    raise("SIGHUP");
    expect(other.err()).toBe(context.canceled);
    stopOther();
  });

  test("a channel that is stopped by what the context's end calls gets nothing [N10]", () => {
    const [ctx, stop] = signal.notifyContext(background, "SIGHUP");
    using _ = stop;
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGHUP");
    context.signal(ctx).addEventListener("abort", () => signal.stop(ch));
    raise("SIGHUP");
    expect(ch.length).toBe(0);
  });

  test("a disposed stop is a stop [N5]", async () => {
    let ctx;
    {
      const [inner, stop] = signal.notifyContext(background, "SIGHUP");
      using _ = stop;
      ctx = inner;
    }
    expect(endOf(ctx)).toBe(canceledPlainly);
    await settle();
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });
});

describe("as a context", () => {
  test("it has the values and the deadline of its parent [N8]", () =>
    synctest.test(async () => {
      const [parent] = context.withTimeout(context.withValue(background, "k", 7), 50);
      const [ctx, stop] = signal.notifyContext(parent, "SIGHUP");
      expect([ctx.value("k"), ctx.deadline()]).toEqual([7, parent.deadline()]);
      const ended = ctx.done().receive();
      await synctest.sleep(50);
      await ended;
      expect(ctx.err()).toBe(context.deadlineExceeded);
      stop();
    }));

  test("it prints as in Go [N7]", () => {
    const [parent, cancel] = context.withCancel(background);
    using _ = cancel;
    const [all, stopAll] = signal.notifyContext(background);
    using _1 = stopAll;
    const [some, stopSome] = signal.notifyContext(parent, "SIGHUP", "SIGINT", "SIGTERM");
    using _2 = stopSome;
    const [foreign, stopForeign] = signal.notifyContext(new Embedding(background), "SIGINT");
    using _3 = stopForeign;
    const [child, cancelChild] = context.withCancel(some);
    using _4 = cancelChild;
    const list = "[hangup interrupt terminated]";
    expect([all, some, foreign, child].map(String)).toEqual([
      "signal.NotifyContext(context.Background)",
      `signal.NotifyContext(context.Background.WithCancel, ${list})`,
      "signal.NotifyContext(Embedding, [interrupt])",
      `signal.NotifyContext(context.Background.WithCancel, ${list}).WithCancel`,
    ]);
  });

  test("it leaves nothing behind when one of its signals is refused [N12]", () => {
    const [parent, cancel] = context.withCancel(background);
    using _ = cancel;
    expect(() => signal.notifyContext(parent, "SIGHUP", "SIGKILL")).toThrow(
      new TypeError("signal: SIGKILL is no signal that can be received"),
    );
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });

  test.each([null, undefined])("it needs a parent: %s", (parent) => {
    expect(() => signal.notifyContext(parent as never, "SIGHUP")).toThrow(
      new PanicError("cannot create context from nil parent"),
    );
  });
});
