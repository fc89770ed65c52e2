import { chan, type Context, context, go, nilChan } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";
import { alive, canceledPlainly, Embedding, endOf, expectNothingLeft, isClosed } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

/** One context of each kind below `parent`, by name, with the functions that end them. */
function family(parent: Context): { members: Record<string, Context>; cancel: () => void } {
  const [child, cancel1] = context.withCancel(parent);
  const [caused, cancel2] = context.withCancelCause(context.withValue(child, "k", 1));
  const [timed, cancel3] = context.withTimeout(new Embedding(caused), 60_000);
  const [later, cancel4] = context.withTimeout(timed, 120_000);
  const [bridged, cancel5] = context.fromSignal(new Embedding(new Embedding(later)), new AbortController().signal);
  const embedding = new Embedding(bridged);
  const value = context.withValue(embedding, "l", 2);
  const members = { child, caused, timed, later, bridged, embedding, value };
  return { members, cancel: () => [cancel5, cancel4, cancel3, cancel2, cancel1].forEach((cancel) => cancel()) };
}

describe("a fresh context", () => {
  test("a fresh context has no error and an open channel of its own [X6]", () => {
    const [ctx, cancel] = context.withCancel(background);
    expect(endOf(ctx)).toBe(alive);
    expect(ctx.done()).not.toBe(nilChan());
    expect(ctx.done().capacity).toBe(0);
    cancel();
  });

  test("done returns the same channel every time, before and after the end [X6]", () => {
    const [ctx, cancel] = context.withCancel(background);
    const done = ctx.done();
    expect(ctx.done()).toBe(done);
    cancel();
    expect(ctx.done()).toBe(done);
    const [unasked, cancelUnasked] = context.withCancel(background);
    cancelUnasked();
    expect(unasked.done()).toBe(unasked.done());
  });
});

describe("cancel", () => {
  test("cancel ends every descendant before it returns [X7]", () => {
    const [root, cancel] = context.withCancel(background);
    const { members } = family(root);
    for (const ctx of Object.values(members)) expect(endOf(ctx)).toBe(alive);
    cancel();
    const ends = Object.entries({ root, ...members }).map(([name, ctx]) => `${name}: ${endOf(ctx)}`);
    expect(ends).toEqual(
      ["root", ...Object.keys(members)].map((name) => `${name}: context canceled, context canceled, done closed`),
    );
  });

  test("cancel finishes the whole tree with no microtask in between [Z8]", async () => {
    const log: string[] = [];
    const [root, cancel] = context.withCancel(background);
    const { members } = family(root);
    const listener = (): void => void log.push("listener");
    context.signal(members["later"] as Context).addEventListener("abort", listener);
    const earlier = Promise.resolve().then(() => log.push("microtask"));
    cancel();
    log.push(...Object.keys(members).filter((name) => (members[name] as Context).err() === undefined));
    log.push("returned");
    await earlier;
    expect(log).toEqual(["listener", "returned", "microtask"]);
  });

  test("err is there exactly when done is closed, also in callbacks during the end [X8]", () => {
    const [root, cancel] = context.withCancel(background);
    const { members } = family(root);
    const all = [root, ...Object.values(members)];
    const seen = new Set<string>();
    const look = (): void => {
      for (const ctx of all) seen.add(`${ctx.err()?.message ?? "alive"}, ${isClosed(ctx.done()) ? "closed" : "open"}`);
    };
    look();
    for (const ctx of all) context.signal(ctx).addEventListener("abort", look);
    expect([...seen]).toEqual(["alive, open"]);
    cancel();
    look();
    expect([...seen]).toEqual(["alive, open", "context canceled, closed"]);
  });

  test("once err is set, a receive from done does not wait [X8]", () => {
    const [ctx, cancel] = context.withCancel(background);
    cancel();
    expect(ctx.err()).toBe(context.canceled);
    expect(ctx.done().tryReceive()).toEqual({ value: undefined, ok: false });
  });

  test("the error never changes [X9]", () => {
    const [parent, cancelParent] = context.withCancelCause(background);
    const [ctx, cancel] = context.withCancel(parent);
    cancel();
    cancelParent(new Error("later"));
    cancel();
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("canceling again changes nothing [X10]", () => {
    const [ctx, cancel] = context.withCancel(background);
    let closes = 0;
    context.signal(ctx).addEventListener("abort", () => closes++);
    for (let i = 0; i < 10; i++) cancel();
    expect([closes, endOf(ctx)]).toEqual([1, canceledPlainly]);
  });

  test("canceling a child touches neither parent nor siblings [X11]", () => {
    const [parent, cancelParent] = context.withCancel(background);
    const children = [0, 1, 2].map(() => context.withCancel(parent));
    for (const index of [1, 0, 2]) {
      const [child, cancel] = children[index] as (typeof children)[number];
      cancel();
      expect(child.err()).toBe(context.canceled);
      expect(parent.err()).toBeUndefined();
      const alive = children.filter(([sibling]) => sibling.err() === undefined).length;
      expect(alive).toBe({ 1: 2, 0: 1, 2: 0 }[index]);
    }
    cancelParent();
  });

  test("canceling a parent reaches descendants of every kind, watchers included [X12]", async () => {
    const log: string[] = [];
    const [parent, cancel] = context.withCancel(background);
    const { members } = family(parent);
    for (const [name, ctx] of Object.entries(members)) context.afterFunc(ctx, () => void log.push(name));
    cancel();
    await settle();
    expect(log.toSorted()).toEqual(Object.keys(members).toSorted());
  });

  test("siblings end in any order, and each of them ends [X17]", async () => {
    const [parent, cancel] = context.withCancel(background);
    const ended = new Set<number>();
    for (let i = 0; i < 50; i++) {
      const [child] = context.withCancel(parent);
      context.signal(child).addEventListener("abort", () => ended.add(i));
    }
    cancel();
    expect(ended.size).toBe(50);
  });

  test("what hangs on a context ends in the order in which it came, so that a program repeats itself [X17]", () => {
    const [parent, cancel] = context.withCancel(background);
    const log: string[] = [];
    const stops: (() => boolean)[] = [];
    for (let i = 0; i < 6; i++) {
      stops.push(context.onEnd(parent, () => log.push(`watcher ${i}`)));
      const [child] = context.withCancel(parent);
      context.onEnd(child, () => log.push(`watcher of child ${i}`));
    }
    // From the middle, from the beginning and from the end of the list.
    for (const i of [2, 0, 5]) expect(stops[i]?.()).toBe(true);
    cancel();
    expect(log).toEqual([
      ...[1, 3, 4].map((i) => `watcher ${i}`),
      ...[0, 1, 2, 3, 4, 5].map((i) => `watcher of child ${i}`),
    ]);
  });

  test("cancel does not wait for the work that uses the context [X18]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const finish = chan<void>();
    const log: string[] = [];
    go(async () => {
      await ctx.done().receive();
      await finish.receive();
      log.push("worker done");
    });
    await settle();
    cancel();
    log.push("cancel returned");
    await settle();
    expect(log).toEqual(["cancel returned"]);
    finish.close();
    await settle();
    expect(log).toEqual(["cancel returned", "worker done"]);
  });
});

test("the hook sees each end once, with its cause [X12]", () => {
  const told: [object, Error][] = [];
  using _ = attach({ cancel: (ctx, cause) => void told.push([ctx, cause]) });
  const [root, cancel] = context.withCancelCause(background);
  const [child] = context.withTimeout(context.withValue(root, "k", 1), 60_000);
  const [other, cancelOther] = context.withCancel(root);
  cancelOther();
  const cause = new Error("why");
  cancel(cause);
  cancel();
  expect(told.map(([ctx, why]) => [[root, child, other].indexOf(ctx as Context), why])).toEqual([
    [2, context.canceled],
    [0, cause],
    [1, cause],
  ]);
});

describe("below a context that has ended", () => {
  test("a context derived from an ended one has ended, with the parent's error and cause [X13]", () => {
    const [parent, cancelParent] = context.withCancelCause(background);
    cancelParent(new Error("closed for today"));
    const { members } = family(parent);
    for (const ctx of Object.values(members)) {
      expect(endOf(ctx)).toBe("context canceled, closed for today, done closed");
    }
  });

  test("a context derived after a deadline is born ended with its error [X13]", () => {
    const [parent] = context.withTimeoutCause(background, 0, new Error("too slow"));
    const [child, cancel] = context.withCancel(parent);
    cancel();
    expect(endOf(child)).toBe("context deadline exceeded, too slow, done closed");
  });
});
