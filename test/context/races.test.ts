import { type Context, context, go, gosched, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { canceledPlainly, Embedding, endOf, expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

/** Pseudo-random numbers below `limit`, the same in every run. */
function* scattered(limit: number, seed: number): Generator<number, never> {
  for (let x = seed * 2654435761 + 1; ; x = (x * 1103515245 + 12345) % 2 ** 31) yield (x >>> 8) % limit;
}

describe("goroutines that cancel", () => {
  test("a tree of 100 contexts canceled by 100 goroutines in any order ends completely [X16]", async () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = scattered(1000, seed);
      const [root, cancelRoot] = context.withCancel(background);
      const nodes: [Context, () => void][] = [[root, cancelRoot]];
      while (nodes.length < 100) {
        const [parent] = nodes[((random.next().value * nodes.length) / 1000) | 0] as [Context, () => void];
        nodes.push(context.withCancel(nodes.length % 5 === 0 ? new Embedding(parent) : parent));
      }
      for (const [, cancel] of nodes) {
        const delay = random.next().value % 7;
        go(async () => {
          for (let i = 0; i < delay; i++) await gosched();
          cancel();
        });
      }
      for (const [ctx] of nodes) await ctx.done().receive();
      expect(new Set(nodes.map(([ctx]) => endOf(ctx)))).toEqual(new Set([canceledPlainly]));
    }
  });

  test("one cancel function called by many at the same time counts once [X10]", async () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const causes = Array.from({ length: 50 }, (_, i) => new Error(`cause ${i}`));
    const first: (Error | undefined)[] = [];
    for (const cause of causes) {
      go(() => {
        cancel(cause);
        first.push(context.cause(ctx));
      });
    }
    await settle();
    expect(new Set(first)).toEqual(new Set([context.cause(ctx)]));
    expect(causes).toContain(context.cause(ctx));
  });

  test("a child that is made while the parent is being canceled never misses it [X14]", async () => {
    for (let round = 0; round < 100; round++) {
      const [parent, cancelParent] = context.withCancel(background);
      go(cancelParent);
      for (let i = round % 4; i > 0; i--) await gosched();
      const [child] = context.withCancel(parent);
      const [timed] = context.withTimeout(new Embedding(parent), 60_000);
      await child.done().receive();
      await timed.done().receive();
      expect([endOf(child), endOf(timed)]).toEqual([canceledPlainly, canceledPlainly]);
    }
  });

  test("a goroutine cancels the child as reaction to the parent's end [X15]", async () => {
    const [parent, cancelParent] = context.withCancel(background);
    const [child, cancelChild] = context.withCancel(parent);
    go(async () => {
      await parent.done().receive();
      cancelChild();
    });
    cancelParent();
    await child.done().receive();
    expect(endOf(child)).toBe(canceledPlainly);
  });
});

describe("listeners that act while the tree is ending", () => {
  test("one that cancels parent, siblings, children and itself changes nothing [X15]", () => {
    const [root, cancelRoot] = context.withCancelCause(background);
    const cancels = [cancelRoot as () => void];
    const nodes: Context[] = [root];
    for (let i = 1; i < 15; i++) {
      const [ctx, cancel] = context.withCancelCause(nodes[(i - 1) >> 1] as Context);
      nodes.push(ctx);
      cancels.push(() => cancel(new Error(`node ${i}`)));
    }
    let calls = 0;
    for (const node of nodes) {
      context.signal(node).addEventListener("abort", () => {
        calls++;
        for (const cancel of cancels) cancel();
      });
    }
    cancelRoot(new Error("root"));
    expect(calls).toBe(nodes.length);
    expect(new Set(nodes.map(endOf))).toEqual(new Set(["context canceled, root, done closed"]));
  });

  test("a hook that cancels what is ending just now changes nothing either [X15]", () => {
    const [root, cancelRoot] = context.withCancelCause(background);
    const [child, cancelChild] = context.withCancelCause(root);
    const [grandchild] = context.withCancel(child);
    using _ = attach({ cancel: (ctx) => void (ctx === child && cancelChild(new Error("child"))) });
    cancelRoot(new Error("root"));
    expect([root, child, grandchild].map(endOf)).toEqual(
      ["root", "root", "root"].map((cause) => `context canceled, ${cause}, done closed`),
    );
  });

  test("one that cancels a sibling's other tree ends that one, within the same call [X15]", () => {
    const [first, cancelFirst] = context.withCancel(background);
    const [second, cancelSecond] = context.withCancelCause(background);
    const [third] = context.withCancel(second);
    context.signal(first).addEventListener("abort", () => cancelSecond(new Error("chained")));
    let seen = "";
    context.signal(third).addEventListener("abort", () => (seen = `${endOf(first)}; ${endOf(second)}`));
    cancelFirst();
    expect(seen).toBe(`${canceledPlainly}; context canceled, chained, done closed`);
  });

  test("one that derives children gets ended ones [X13]", () => {
    const [root, cancelRoot] = context.withCancelCause(background);
    const [child] = context.withTimeout(root, 60_000);
    const born: string[] = [];
    for (const parent of [root, child]) {
      context.signal(parent).addEventListener("abort", () => {
        for (const ctx of [
          context.withCancel(root)[0],
          context.withTimeout(child, 10)[0],
          context.fromSignal(context.withValue(child, "k", 1), new AbortController().signal)[0],
        ]) {
          born.push(endOf(ctx), String(context.signal(ctx).aborted));
        }
      });
    }
    cancelRoot(new Error("root"));
    expect(born).toEqual(
      Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? "context canceled, root, done closed" : "true")),
    );
  });

  test("one that registers and stops functions is right about them [X49]", async () => {
    const [root, cancelRoot] = context.withCancel(background);
    const log: string[] = [];
    const stops = [context.afterFunc(root, () => void log.push("before"))];
    context.signal(root).addEventListener("abort", () => {
      for (const stop of stops) log.push(`stop ${stop()}`);
      const stop = context.afterFunc(root, () => void log.push("during"));
      log.push(`stop ${stop()}`);
    });
    stops.push(context.afterFunc(root, () => void log.push("after")));
    cancelRoot();
    expect(log).toEqual(["stop false", "stop false", "stop false"]);
    await settle();
    expect(log.slice(3).toSorted()).toEqual(["after", "before", "during"]);
  });

  test("a stop in the middle of the end keeps no other function from running [X49]", async () => {
    for (let victim = 0; victim < 4; victim++) {
      const [root, cancelRoot] = context.withCancel(background);
      const ran: number[] = [];
      const stops = [0, 1, 2, 3].map((i) => {
        if (i === victim) context.signal(root).addEventListener("abort", () => stops.forEach((stop) => stop()));
        return context.afterFunc(root, () => void ran.push(i));
      });
      cancelRoot();
      await settle();
      expect(ran.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    }
  });

  test("one that runs at a deadline may cancel and derive as well [X30]", () => {
    // Fake timers, not a bubble: time moves in the middle of a step, where a bubble's stands still.
    vi.useFakeTimers();
    const [root, cancelRoot] = context.withTimeout(background, 1);
    const [child] = context.withTimeout(root, 60_000);
    const seen: string[] = [];
    context.signal(child).addEventListener("abort", () => {
      cancelRoot();
      seen.push(endOf(root), endOf(context.withTimeout(child, 5)[0]));
    });
    vi.advanceTimersByTime(1);
    expect(seen).toEqual(Array(2).fill("context deadline exceeded, context deadline exceeded, done closed"));
  });
});

test("a waiter that is woken by the end sees it, and so does every goroutine that it wakes [Z9]", async () => {
  const [root, cancelRoot] = context.withCancel(background);
  const [child] = context.withTimeout(root, 1 * time.hour);
  const seen: string[] = [];
  for (const ctx of [root, child, root, child]) {
    go(async () => {
      await ctx.done().receive();
      seen.push(endOf(root), endOf(child));
    });
  }
  await settle();
  cancelRoot();
  await settle();
  expect(seen).toEqual(Array(8).fill(canceledPlainly));
});
