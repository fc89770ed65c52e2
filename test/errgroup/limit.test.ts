import { chan, context, go } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe("under a limit", () => {
  test.each([1, 2, 7])("of %i never more functions are active, and the limit is reached [E9]", async (limit) => {
    const group = new errgroup.Group();
    group.setLimit(limit);
    let active = 0;
    let most = 0;
    let runs = 0;
    for (let i = 0; i < 50; i++) {
      await group.go(async () => {
        most = Math.max(most, ++active);
        runs++;
        await settle();
        active--;
      });
    }
    await group.wait();
    expect([most, runs, active]).toEqual([limit, 50, 0]);
  });

  test("go parks while the group is full, and resumes when a function has returned [E9]", async () => {
    const group = new errgroup.Group();
    group.setLimit(1);
    const gate = chan<void>();
    const log: string[] = [];
    await group.go(() => gate.receive());
    const started = follow(group.go(() => log.push("second")));
    await settle();
    expect([started.state, log]).toEqual(["waits", []]);
    gate.close();
    await settle();
    expect([started.state, log]).toEqual(["returned", ["second"]]);
    await group.wait();
  });

  test("tryGo says no while the group is full, and does not start the function [E9]", async () => {
    const group = new errgroup.Group();
    group.setLimit(2);
    const gate = chan<void>();
    let runs = 0;
    const f = async (): Promise<void> => {
      runs++;
      await gate.receive();
    };
    expect([group.tryGo(f), group.tryGo(f), group.tryGo(f)]).toEqual([true, true, false]);
    await settle();
    expect(runs).toBe(2);
    gate.close();
    await group.wait();
    expect([group.tryGo(f), runs]).toEqual([true, 2]);
    await group.wait();
    expect(runs).toBe(3);
  });

  test("calls of go that are not awaited are started in order and waited for [E9]", async () => {
    const group = new errgroup.Group();
    group.setLimit(1);
    const order: number[] = [];
    for (let i = 0; i < 5; i++) void group.go(() => settle().then(() => order.push(i)));
    await group.wait();
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test("tryGo does not get ahead of a go that waits [E9]", async () => {
    const group = new errgroup.Group();
    group.setLimit(1);
    const gates = [chan<void>(), chan<void>()] as const;
    await group.go(() => gates[0].receive());
    const waiting = follow(group.go(() => gates[1].receive()));
    gates[0].close();
    await settle();
    expect([waiting.state, group.tryGo(() => undefined)]).toEqual(["returned", false]);
    gates[1].close();
    await group.wait();
  });

  test("of zero nothing ever starts, until the limit is lifted [E10]", async () => {
    const group = new errgroup.Group();
    group.setLimit(0);
    expect(group.tryGo(() => undefined)).toBe(false);
    group.setLimit(1);
    expect(group.tryGo(() => undefined)).toBe(true);
    await group.wait();
  });

  test("a negative limit is none [E10]", async () => {
    const group = new errgroup.Group();
    group.setLimit(1);
    group.setLimit(-1);
    const gate = chan<void>();
    for (let i = 0; i < 20; i++) expect(group.tryGo(() => gate.receive())).toBe(true);
    gate.close();
    await group.wait();
  });

  test("functions may start others in the same group [E13]", async () => {
    const group = new errgroup.Group();
    let leaves = 0;
    const split = (depth: number) => async (): Promise<void> => {
      if (depth === 0) {
        leaves++;
        return;
      }
      await group.go(split(depth - 1));
      await group.go(split(depth - 1));
    };
    await group.go(split(6));
    await group.wait();
    expect(leaves).toBe(64);
  });

  test("a function that starts another one in a full group waits for itself [E13]", async () => {
    const group = new errgroup.Group();
    group.setLimit(1);
    const [ctx, cancel] = context.withCancel(context.background());
    let outcome: unknown;
    await group.go(async () => {
      const inner = follow(group.go(() => undefined));
      await ctx.done().receive();
      outcome = inner.state;
    });
    await settle();
    cancel();
    await group.wait();
    expect(outcome).toBe("waits");
  });

  test.each([
    ["returns", () => undefined],
    ["throws", () => Promise.reject(new Error("x"))],
  ])("a slot comes free when the function %s [E12]", async (_, f) => {
    const group = new errgroup.Group();
    group.setLimit(1);
    for (let i = 0; i < 10; i++) await group.go(f);
    await group.wait().catch(() => undefined);
    expect(group.tryGo(() => undefined)).toBe(true);
    await settle();
  });
});

describe("setLimit", () => {
  test.each([1, 3])("refuses while %i functions are active under a limit [E11]", async (active) => {
    const group = new errgroup.Group();
    group.setLimit(4);
    const gate = chan<void>();
    for (let i = 0; i < active; i++) await group.go(() => gate.receive());
    expect(() => group.setLimit(9)).toThrow(
      new Error(`errgroup: modify limit while ${active} goroutines in the group are still active`),
    );
    gate.close();
    await group.wait();
    group.setLimit(9);
  });

  test("does not notice functions that were started without a limit [E11]", async () => {
    const group = new errgroup.Group();
    const gate = chan<void>();
    await group.go(() => gate.receive());
    group.setLimit(1);
    await group.go(() => gate.receive());
    const third = follow(group.go(() => undefined));
    await settle();
    expect(third.state).toBe("waits");
    go(async () => gate.close());
    await group.wait();
    expect(third.state).toBe("returned");
  });

  test.each([
    [0.5, "0.5"],
    [Number.NaN, "NaN"],
    [Infinity, "Infinity"],
    ["4", '"4"'],
    [undefined, "undefined"],
  ] as [never, string][])("refuses %s", (limit, printed) => {
    expect(() => new errgroup.Group().setLimit(limit)).toThrow(
      new TypeError(`errgroup: the limit must be an integer, got ${printed}`),
    );
  });
});
