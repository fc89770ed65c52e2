import { chan, context, go, gosched } from "gocsp";
import { numGoroutine } from "gocsp/runtime";
import * as synctest from "gocsp/synctest";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { alive, endOf, expectNothingLeft, spin } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

describe("the call", () => {
  test("f runs once, in a goroutine, after the context has been canceled [X47]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const log: string[] = [];
    context.afterFunc(ctx, (...args: unknown[]) => void log.push(`f(${args.length}) ${ctx.err()?.message}`));
    await settle();
    expect(log).toEqual([]);
    cancel();
    log.push("cancel returned");
    cancel();
    await settle();
    expect(log).toEqual(["cancel returned", "f(0) context canceled"]);
  });

  test("f runs after a timeout [X47]", () =>
    synctest.test(async () => {
      const [ctx] = context.withTimeout(background, 50);
      const f = vi.fn();
      context.afterFunc(context.withValue(ctx, "k", 1), f);
      await synctest.sleep(49);
      expect(f).not.toHaveBeenCalled();
      await synctest.sleep(1);
      expect(f).toHaveBeenCalledOnce();
    }));

  test("f runs soon if the context has ended already, but not on the caller's stack [X47]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    cancel();
    const log: string[] = [];
    const stop = context.afterFunc(ctx, () => void log.push("f"));
    log.push("returned");
    expect(stop()).toBe(false);
    await settle();
    expect(log).toEqual(["returned", "f"]);
  });

  test("a registration is not a goroutine; the call is one [X47]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const before = numGoroutine();
    const finish = chan<void>();
    for (let i = 0; i < 10; i++) context.afterFunc(ctx, () => finish.receive());
    expect(numGoroutine()).toBe(before);
    cancel();
    await settle();
    expect(numGoroutine()).toBe(before + 10);
    finish.close();
  });

  test("cancel does not wait for f, which may wait for the canceler [X48]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const ready = chan<string>();
    context.afterFunc(ctx, () => ready.send("from f"));
    cancel();
    expect(await ready.receive()).toBe("from f");
  });

  test("several registrations on one context are independent [X51]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const log: number[] = [];
    const f = (i: number) => () => void log.push(i);
    const stops = [0, 1, 2, 3].map((i) => context.afterFunc(ctx, f(i)));
    const same = f(9);
    context.afterFunc(ctx, same);
    context.afterFunc(ctx, same);
    expect([stops[1]?.(), stops[3]?.()]).toEqual([true, true]);
    cancel();
    await settle();
    expect(log.toSorted((a, b) => a - b)).toEqual([0, 2, 9, 9]);
    expect(stops.map((stop) => stop())).toEqual([false, false, false, false]);
  });

  test.each([
    ["the background", () => background],
    ["withoutCancel", () => context.withoutCancel(context.withTimeout(background, 0)[0])],
    ["a value over the background", () => context.withValue(background, "k", 1)],
  ])("on %s f never runs, and stop is true once [X52]", async (_, make) => {
    const f = vi.fn();
    const stop = context.afterFunc(make(), f);
    await settle();
    expect([stop(), stop(), stop()]).toEqual([true, false, false]);
    expect(f).not.toHaveBeenCalled();
  });
});

describe("stop", () => {
  test("it is true if it prevented the call, and false from then on [X49]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const f = vi.fn();
    const stop = context.afterFunc(ctx, f);
    expect([stop(), stop()]).toEqual([true, false]);
    cancel();
    await settle();
    expect(stop()).toBe(false);
    expect(f).not.toHaveBeenCalled();
  });

  test("it is false once the context has ended, even before f has begun to run [X49]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const f = vi.fn();
    const stop = context.afterFunc(ctx, f);
    cancel();
    expect([stop(), f.mock.calls.length]).toEqual([false, 0]);
    await settle();
    expect([stop(), f.mock.calls.length]).toEqual([false, 1]);
  });

  test("it is false once the time has come, though the event loop had no turn yet [X49]", async () => {
    const [ctx] = context.withTimeout(background, 1);
    const f = vi.fn();
    const stop = context.afterFunc(ctx, f);
    spin(5);
    const stopped = stop();
    expect(ctx.err()).toBe(context.deadlineExceeded);
    await settle();
    expect([stopped, f.mock.calls.length]).toEqual([false, 1]);
  });

  test("either stop returns true or f runs, whichever comes first [X49]", async () => {
    for (let round = 0; round < 150; round++) {
      const [ctx, cancel] = context.withCancel(background);
      let runs = 0;
      let prevented = 0;
      const stop = context.afterFunc(ctx, () => runs++);
      const contenders = [cancel, () => (prevented += stop() ? 1 : 0), () => (prevented += stop() ? 1 : 0)];
      for (let i = 0; i < contenders.length; i++) {
        go(async () => {
          for (let delay = (round * (i + 1)) % 5; delay > 0; delay--) await gosched();
          contenders[(round + i) % contenders.length]?.();
        });
      }
      await settle();
      expect(runs + prevented).toBe(1);
    }
  });

  test("it does not wait for f, and does not cancel the context [X50]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const stop = context.afterFunc(ctx, () => undefined);
    stop();
    expect(endOf(ctx)).toBe(alive);
    const finish = chan<void>();
    const running = context.afterFunc(ctx, () => finish.receive());
    cancel();
    await settle();
    expect(running()).toBe(false);
    finish.close();
  });

  test("it may be called in the middle of the context's own end, too late [X49]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const results: boolean[] = [];
    const f = vi.fn();
    context.signal(ctx).addEventListener("abort", () => results.push(stop()));
    const stop = context.afterFunc(ctx, f);
    cancel();
    await settle();
    expect([results, f.mock.calls.length]).toEqual([[false], 1]);
  });
});
