import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { chan, type Context, context, select } from "gocsp";
import { describe, expect, test } from "vitest";
import { settle, turn } from "../support/settle.ts";
import { Embedding, expectNothingLeft, OwnDone } from "./contexts.ts";

expectNothingLeft();

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const background = context.background();
const rounds = 100_000;
const patience = 120_000;

async function heapUsed(): Promise<number> {
  await settle();
  for (let i = 0; i < 3; i++) {
    collect();
    await turn();
  }
  return process.memoryUsage().heapUsed;
}

/** Runs `use` many times and returns how many bytes each run retains. */
async function retained(use: (round: number) => unknown, times = rounds): Promise<number> {
  const some = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const pending = use(i);
      if (pending instanceof Promise) await pending;
      if (i % 10_000 === 9999) await turn();
    }
  };
  await some(1000);
  const before = await heapUsed();
  await some(times);
  return ((await heapUsed()) - before) / times;
}

/** The most bytes that a measurement may show without a leak, for compiled code and grown tables. */
const nothing = 20;

describe("a parent that lives on keeps nothing", () => {
  test.each<[what: string, use: (parent: Context) => unknown]>([
    ["canceled children", (parent) => context.withCancel(parent)[1]()],
    [
      "children that were asked for everything",
      (parent) => {
        const [ctx, cancel] = context.withCancelCause(context.withValue(parent, "k", 1));
        void [ctx.done(), ctx.err(), ctx.deadline(), ctx.value("l"), String(ctx)];
        cancel(new Error("done"));
      },
    ],
    ["canceled timeouts", (parent) => context.withTimeout(parent, 3_600_000)[1]()],
    ["expired timeouts", (parent) => context.withTimeout(parent, 0)],
    [
      "canceled grandchildren, and their parents",
      (parent) => {
        const [child, cancel] = context.withCancel(parent);
        context.withTimeout(child, 3_600_000);
        context.withCancel(context.withValue(new Embedding(child), "k", 1));
        cancel();
      },
    ],
    ["stopped functions of afterFunc", (parent) => context.afterFunc(parent, () => undefined)()],
    [
      "uses of its signal",
      (parent) => {
        const signal = context.signal(parent);
        const listener = (): void => undefined;
        signal.addEventListener("abort", listener);
        signal.removeEventListener("abort", listener);
      },
    ],
    [
      "signals of canceled children",
      (parent) => {
        const [child, cancel] = context.withCancel(parent);
        context.signal(child);
        cancel();
      },
    ],
    ["values that nobody holds", (parent) => context.withValue(parent, {}, [1, 2, 3]).value("k")],
    ["contexts without cancel", (parent) => context.withoutCancel(parent)],
  ])("%s leave nothing behind [X11]", { timeout: patience }, async (_, use) => {
    const [parent, cancel] = context.withCancel(background);
    expect(await retained(() => use(parent))).toBeLessThan(nothing);
    expect(parent.err()).toBeUndefined();
    cancel();
  });

  test("receives and selects that lost leave no waiter on done [X11]", { timeout: patience }, async () => {
    const [parent, cancel] = context.withTimeout(background, 3_600_000);
    const use = async (): Promise<void> => {
      const ch = chan<number>();
      const receive = ch.receive(parent);
      const chosen = select({ ch, done: parent.done() });
      await ch.send(1);
      await ch.send(2);
      await Promise.all([receive, chosen]);
    };
    expect(await retained(use, 20_000)).toBeLessThan(nothing);
    cancel();
  });

  test("contexts from a long-lived signal leave it when canceled [X64]", { timeout: patience }, async () => {
    const { signal } = new AbortController();
    expect(await retained(() => context.fromSignal(background, signal)[1]())).toBeLessThan(nothing);
    expect(getEventListeners(signal, "abort").length).toBe(0);
  });

  test("a user's context with a channel of its own keeps no watcher [X56]", { timeout: patience }, async () => {
    const parent = new OwnDone(background);
    const use = (): void => {
      context.withCancel(parent)[1]();
      context.afterFunc(parent, () => undefined)();
    };
    expect(await retained(use)).toBeLessThan(nothing);
    parent.end(context.canceled);
  });

  test("signals of the background are not remembered [X64]", { timeout: patience }, async () => {
    expect(await retained(() => context.signal(background).addEventListener("abort", () => undefined))).toBeLessThan(
      nothing,
    );
  });
});

describe("what is collected", () => {
  /** Returns how many of the objects that `make` made survive a collection. */
  async function survivors(make: () => WeakKey, count: number): Promise<number> {
    const refs = Array.from({ length: count }, () => new WeakRef(make()));
    await heapUsed();
    return refs.filter((ref) => ref.deref() !== undefined).length;
  }

  test.each<[what: string, make: (parent: Context) => WeakKey]>([
    ["a canceled child", (parent) => ended(context.withCancel(parent))],
    ["a canceled timeout", (parent) => ended(context.withTimeout(parent, 3_600_000))],
    ["a canceled child of a value context", (parent) => ended(context.withCancel(context.withValue(parent, "k", 1)))],
    [
      "a function whose registration was stopped",
      (parent) => {
        const f = (): void => void parent;
        context.afterFunc(parent, f)();
        return f;
      },
    ],
    [
      "a cause that nobody holds",
      (parent) => {
        const [, cancel] = context.withCancelCause(parent);
        const cause = new Error("gone");
        cancel(cause);
        return cause;
      },
    ],
    [
      "the signal of a canceled child",
      (parent) => {
        const [child, cancel] = context.withCancel(parent);
        const signal = context.signal(child);
        cancel();
        return signal;
      },
    ],
  ])("%s is free while its parent lives [X11]", async (_, make) => {
    const [parent, cancel] = context.withCancel(background);
    expect(await survivors(() => make(parent), 1000)).toBeLessThan(10);
    cancel();
  });

  test("descendants of a parent that has ended are free while it is still held [X12]", async () => {
    const [parent, cancel] = context.withCancel(background);
    const refs = Array.from({ length: 1000 }, () => new WeakRef(context.withTimeout(parent, 3_600_000)[0]));
    cancel();
    await heapUsed();
    expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(10);
    expect(parent.err()).toBe(context.canceled);
  });

  test("a context costs less than half a kilobyte before anybody asks for its channel [X60]", async () => {
    const [parent, cancel] = context.withCancel(background);
    const kept: unknown[] = [];
    const bytes = await retained(() => kept.push(context.withCancel(parent)), 20_000);
    expect(bytes).toBeLessThan(512);
    cancel();
  });

  function ended([ctx, cancel]: [Context, () => void]): Context {
    cancel();
    return ctx;
  }
});
