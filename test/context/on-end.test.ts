import { context, go } from "gocsp";
import { attach } from "gocsp/runtime";
import * as synctest from "gocsp/synctest";
import { describe, expect, test, vi } from "vitest";
import { StandingClock } from "../support/clock.ts";
import { settle } from "../support/settle.ts";
import { endOf, expectNothingLeft, OwnDone, Registering } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

describe("onEnd", () => {
  test("calls synchronously, before cancel returns, when the whole tree has ended [X65]", () => {
    const [root, cancel] = context.withCancelCause(background);
    const [child] = context.withCancel(context.withValue(root, "k", 1));
    const seen: string[] = [];
    context.onEnd(child, () => seen.push(endOf(root), endOf(child)));
    context.onEnd(root, () => seen.push("root"));
    cancel(new Error("why"));
    expect(seen).toHaveLength(3);
    expect(seen.filter((text) => text === "context canceled, why, done closed")).toHaveLength(2);
    expect(seen).toContain("root");
  });

  test("calls once, before it returns, if the context has ended already [X65]", () => {
    const [ctx, cancel] = context.withCancel(background);
    cancel();
    const f = vi.fn();
    const stop = context.onEnd(ctx, f);
    expect([f.mock.calls.length, stop(), f.mock.calls.length]).toEqual([1, false, 1]);
  });

  test("calls at a deadline [X65]", () =>
    synctest.test(async () => {
      const [ctx] = context.withTimeout(background, 5);
      const f = vi.fn();
      context.onEnd(ctx, f);
      await synctest.sleep(4);
      expect(f).not.toHaveBeenCalled();
      await synctest.sleep(1);
      expect(f).toHaveBeenCalledOnce();
    }));

  test("stop prevents the call, once [X65]", () => {
    const [ctx, cancel] = context.withCancel(background);
    const f = vi.fn();
    const stop = context.onEnd(ctx, f);
    expect([stop(), stop()]).toEqual([true, false]);
    cancel();
    expect(f).not.toHaveBeenCalled();
  });

  test("stop does not call, nor does anyone after it, if the deadline has passed while the loop was busy [X65]", async () => {
    const clock = new StandingClock({ lazy: true });
    using _ = attach({ clock });
    const [ctx] = context.withTimeout(background, 1);
    const f = vi.fn();
    const stop = context.onEnd(ctx, f);
    clock.advance(3);
    expect([stop(), f.mock.calls.length]).toEqual([true, 0]);
    expect(ctx.err()).toBe(context.deadlineExceeded);
    await settle();
    expect([stop(), f.mock.calls.length]).toEqual([false, 0]);
  });

  test("a stop in the middle of the end keeps exactly its own function from being called [X65]", () => {
    for (const victim of [0, 1, 2, 3]) {
      const [root, cancel] = context.withCancel(background);
      const called: number[] = [];
      const results: boolean[] = [];
      const stops = [0, 1, 2, 3].map((i) =>
        context.onEnd(root, () => {
          called.push(i);
          if (called.length === 1) results.push((stops[victim] as () => boolean)());
        }),
      );
      cancel();
      const first = called[0];
      expect(called.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3].filter((i) => i === first || i !== victim));
      expect(results).toEqual([victim !== first]);
    }
  });

  test("one that stops itself while it is called is too late [X65]", () => {
    const [ctx, cancel] = context.withCancel(background);
    const results: boolean[] = [];
    const stop = context.onEnd(ctx, () => results.push(stop()));
    cancel();
    expect(results).toEqual([false]);
  });

  test("what a function throws is thrown by cancel, after all others were called [X65]", () => {
    const [ctx, cancel] = context.withCancel(background);
    const f = vi.fn();
    context.onEnd(ctx, f);
    context.onEnd(ctx, () => {
      throw new Error("from the listener");
    });
    context.onEnd(ctx, f);
    expect(cancel).toThrow("from the listener");
    expect([f.mock.calls.length, ctx.err()]).toEqual([2, context.canceled]);
  });

  test("a context that never ends never calls, and stop says so [X65]", async () => {
    const f = vi.fn();
    const stops = [background, context.withoutCancel(background)].map((ctx) => context.onEnd(ctx, f));
    await settle();
    expect([...stops.map((stop) => stop()), ...stops.map((stop) => stop())]).toEqual([true, true, false, false]);
    expect(f).not.toHaveBeenCalled();
  });

  test("a user's context with a channel of its own calls from a goroutine, soon [X65]", async () => {
    const ctx = new OwnDone(background);
    const f = vi.fn();
    context.onEnd(ctx, f);
    ctx.end(new Error("own"));
    expect(f).not.toHaveBeenCalled();
    await settle();
    expect(f).toHaveBeenCalledOnce();
  });

  test("one with a method afterFunc calls when that does [X65]", () => {
    const ctx = new Registering(background);
    const f = vi.fn();
    context.onEnd(ctx, f);
    ctx.end(new Error("own"));
    expect(f).toHaveBeenCalledOnce();
  });

  test("it leaves nothing on the context [X65]", () => {
    const [ctx, cancel] = context.withCancel(background);
    for (let i = 0; i < 1000; i++) context.onEnd(ctx, () => expect.unreachable())();
    cancel();
  });

  test("it refuses values that are not a context or not a function [X65]", () => {
    expect(() => context.onEnd(null as never, () => undefined)).toThrow(
      new TypeError("context.onEnd: the first argument must be a Context, got null"),
    );
    expect(() => context.onEnd(background, 42 as never)).toThrow(new TypeError("context.onEnd: 42 is not a function"));
  });
});

describe("cancelFunc", () => {
  test("calls its function once, synchronously [X66]", () => {
    const f = vi.fn();
    const cancel: context.CancelFunc = context.cancelFunc(f);
    cancel();
    cancel();
    expect(f).toHaveBeenCalledOnce();
  });

  test("using calls it at the end of the block [X66]", () => {
    const log: string[] = [];
    {
      using _ = context.cancelFunc(() => log.push("canceled"));
      log.push("body");
    }
    expect(log).toEqual(["body", "canceled"]);
  });

  test("it passes a cause on, and only the first [X66]", () => {
    const causes: unknown[] = [];
    const cancel: context.CancelCauseFunc = context.cancelFunc((cause?: Error | null) => causes.push(cause));
    cancel(context.canceled);
    cancel(new Error("later"));
    expect(causes).toEqual([context.canceled]);
  });

  test("one that calls itself is called once, and what it throws reaches the caller [X66]", () => {
    let calls = 0;
    const cancel = context.cancelFunc(() => {
      calls++;
      cancel();
      throw new Error("no");
    });
    expect(cancel).toThrow("no");
    cancel();
    expect(calls).toBe(1);
  });

  test("it refuses a value that is not a function [X66]", () => {
    expect(() => context.cancelFunc(42 as never)).toThrow(new TypeError("context.cancelFunc: 42 is not a function"));
  });

  test("a function of the user's own serves where a CancelFunc is wanted [X66]", async () => {
    const derive = (parent: context.Context): [context.Context, context.CancelFunc] => {
      const [ctx, cancel] = context.withCancel(parent);
      return [ctx, context.cancelFunc(() => cancel())];
    };
    const [ctx, cancel] = derive(background);
    go(cancel);
    await ctx.done().receive();
    expect(ctx.err()).toBe(context.canceled);
  });
});
