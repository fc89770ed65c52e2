import { type Context, context, go, nilChan } from "gocsp";
import type { Site } from "../../src/runtime/sites.ts";
import { numGoroutine } from "gocsp/runtime";
import { describe, expect, test, vi } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { alive, canceledPlainly, Embedding, endOf, expectNothingLeft, OwnDone, Registering } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

/** Every way to derive something that watches its parent. */
const derivations: [name: string, derive: (parent: Context) => [Context, () => unknown]][] = [
  ["withCancel", (parent) => context.withCancel(parent)],
  ["withCancelCause", (parent) => context.withCancelCause(parent)],
  ["withTimeout", (parent) => context.withTimeout(parent, 60_000)],
  ["withDeadline", (parent) => context.withDeadline(parent, new Date(Date.now() + 60_000))],
  ["fromSignal", (parent) => context.fromSignal(parent, new AbortController().signal)],
  ["withCancel of withValue", (parent) => context.withCancel(context.withValue(parent, "k", 1))],
];

describe("one that embeds another context", () => {
  test.each(derivations)("%s below it ends with what is embedded, synchronously [X55]", (_, derive) => {
    const [inner, cancelInner] = context.withCancelCause(background);
    const before = numGoroutine();
    const [child, cancel] = derive(new Embedding(new Embedding(inner)));
    expect(numGoroutine()).toBe(before);
    cancelInner(new Error("inner"));
    expect(endOf(child)).toBe("context canceled, inner, done closed");
    cancel();
  });

  test("a child leaves it without a trace, also before anybody asked for a channel [X55]", () => {
    const [inner, cancelInner] = context.withCancel(background);
    const [child, cancel] = context.withCancel(new Embedding(inner));
    cancel();
    expect([child.err(), inner.err()]).toEqual([context.canceled, undefined]);
    cancelInner();
  });

  test("a deadline of its own counts for what is derived [X28]", () => {
    class Hurried extends Embedding {
      override deadline(): Date {
        return new Date(1000);
      }
    }
    const [child, cancel] = context.withTimeout(new Hurried(background), 60_000);
    expect([child.deadline(), String(child)]).toEqual([new Date(1000), "Hurried.WithCancel"]);
    cancel();
  });

  test("its own error is not the one of a child that ends with it, but of one that is derived later [X57]", () => {
    const mine = new Error("mine");
    class Translating extends Embedding {
      override err(): Error | undefined {
        return this.inner.err() === undefined ? undefined : mine;
      }
    }
    const [inner, cancelInner] = context.withCancelCause(background);
    const parent = new Translating(inner);
    const [before] = context.withCancel(parent);
    cancelInner(new Error("why"));
    const [after, cancelAfter] = context.withCancel(parent);
    cancelAfter();
    expect([endOf(before), endOf(after)]).toEqual(["context canceled, why, done closed", "mine, why, done closed"]);
  });
});

describe("one with a channel of its own", () => {
  test.each(derivations)("%s below it ends when that channel closes, and not before [X56]", async (_, derive) => {
    const [inner, cancelInner] = context.withCancelCause(background);
    const parent = new OwnDone(inner);
    const before = numGoroutine();
    const [child, cancel] = derive(parent);
    expect(numGoroutine()).toBe(before);
    cancelInner(new Error("inner"));
    await settle();
    expect(endOf(child)).toBe(alive);
    parent.end(new Error("own"));
    await child.done().receive();
    expect([child.err()?.message, context.cause(child)?.message]).toEqual(["own", "inner"]);
    cancel();
  });

  test.each(derivations)("%s below one that has ended is born ended, with its error [X57]", (_, derive) => {
    const parent = new OwnDone(background);
    parent.end(new Error("out of paper"));
    const [child, cancel] = derive(parent);
    cancel();
    expect(endOf(child)).toBe("out of paper, out of paper, done closed");
  });

  test("an error that is set in the same step as the close, after it, is the one that counts [X57]", async () => {
    const parent = new OwnDone(background);
    const [child] = context.withCancel(parent);
    parent.channel.close();
    parent.error = new Error("set afterwards");
    await child.done().receive();
    expect(child.err()).toBe(parent.error);
  });

  test.each(derivations)("%s below one that is closed but has no error panics [X57]", (_, derive) => {
    const parent = new OwnDone(background);
    parent.end(undefined);
    expect(() => derive(parent)).toThrow(/^context: internal error: missing cancel error$/);
  });

  test("afterFunc and signal below one that is closed but has no error panic [X57]", () => {
    const parent = new OwnDone(background);
    parent.end(undefined);
    expect(() => context.afterFunc(parent, () => undefined)).toThrow(/^context: internal error: missing cancel error$/);
    expect(() => context.signal(parent)).toThrow(/^context: internal error: missing cancel error$/);
  });

  test("one that has an error but is open has not ended [X56]", async () => {
    const parent = new OwnDone(background);
    parent.error = new Error("early");
    const f = vi.fn();
    const stop = context.afterFunc(parent, f);
    const [child, cancel] = context.withCancel(parent);
    await settle();
    expect([f.mock.calls.length, endOf(child), context.signal(parent).aborted]).toEqual([0, alive, false]);
    parent.channel.close();
    await settle();
    expect([f.mock.calls.length, child.err(), stop()]).toEqual([1, parent.error, false]);
    expect(context.signal(parent).reason).toBe(parent.error);
    cancel();
  });

  test("a child that is canceled removes its watcher [X56]", async () => {
    const parent = new OwnDone(background);
    for (let i = 0; i < 100; i++) {
      const [, cancel] = context.withCancel(parent);
      const [, cancelTimed] = context.withTimeout(parent, 60_000);
      const stop = context.afterFunc(parent, () => undefined);
      cancel();
      cancelTimed();
      stop();
    }
    await settle();
    const site = parent.channel as unknown as Site;
    expect(site.queues().map(([queue]) => queue?.first)).toEqual([undefined, undefined]);
    parent.end(context.canceled);
  });

  test("canceling a child with a cause does not touch it [X58]", () => {
    const parent = new OwnDone(background);
    const [child, cancel] = context.withCancelCause(parent);
    cancel(new Error("child's"));
    expect([endOf(child), endOf(parent)]).toEqual(["context canceled, child's, done closed", alive]);
    parent.end(context.canceled);
    expect([context.cause(child)?.message, context.cause(parent)]).toEqual(["child's", context.canceled]);
  });

  test("it may cancel its child in the middle of its own end [X59]", () => {
    const parent = new OwnDone(background);
    const [child, cancelChild] = context.withCancel(parent);
    const end = (): void => {
      cancelChild();
      parent.end(context.deadlineExceeded);
      cancelChild();
    };
    end();
    expect([endOf(child), parent.err()]).toEqual([canceledPlainly, context.deadlineExceeded]);
  });

  test("one that can never end has children that live, whatever else it has [X56]", async () => {
    class Endless extends Registering {
      override done(): never {
        return nilChan() as never;
      }
    }
    const parent = new Endless(background);
    const [child, cancel] = context.withCancel(parent);
    expect([endOf(child), parent.registered.length]).toEqual([alive, 0]);
    cancel();
  });

  test("an operation that waits with it throws its error [X57]", async () => {
    const parent = new OwnDone(background);
    const receive = follow(nilChan<number>().receive(parent));
    await settle();
    parent.end(new Error("own"));
    await settle();
    expect((receive.error as Error).message).toBe("own");
  });
});

describe("one with a method afterFunc", () => {
  test.each([
    ...derivations.slice(0, 5),
    ["afterFunc", (parent: Context) => [background, context.afterFunc(parent, () => undefined)]],
  ] as typeof derivations)("%s registers once and takes that back when canceled or stopped [X53]", (_, derive) => {
    const parent = new Registering(background);
    const [, cancel] = derive(parent);
    expect([parent.registered.length, parent.stops]).toEqual([1, 0]);
    cancel();
    cancel();
    expect([parent.registered.length, parent.stops]).toEqual([0, 1]);
  });

  test("its children end with it, with no goroutine and no call of stop [X53]", async () => {
    const parent = new Registering(background);
    const before = numGoroutine();
    const [child, cancel] = context.withCancel(parent);
    const [timed] = context.withTimeout(parent, 60_000);
    const f = vi.fn();
    context.afterFunc(parent, f);
    expect([parent.registered.length, numGoroutine()]).toEqual([3, before]);
    parent.end(context.deadlineExceeded);
    expect([child.err(), timed.err()]).toEqual([context.deadlineExceeded, context.deadlineExceeded]);
    await settle();
    expect(f).toHaveBeenCalledOnce();
    cancel();
    expect(parent.stops).toBe(0);
  });

  test("the end of a grandparent unregisters it [X53]", () => {
    const parent = new Registering(background);
    const [child] = context.withCancel(parent);
    const [grandchild, cancelGrandchild] = context.withCancel(child);
    cancelGrandchild();
    expect([parent.stops, child.err(), grandchild.err()]).toEqual([0, undefined, context.canceled]);
    parent.end(context.canceled);
  });

  test("one that passes a channel of ours on is recognized instead of asked [X53]", () => {
    const [inner, cancelInner] = context.withCancel(background);
    class Passing extends Registering {
      override done(): ReturnType<Context["done"]> {
        return inner.done();
      }
    }
    const parent = new Passing(inner);
    const [child] = context.withCancel(parent);
    expect(parent.registered.length).toBe(0);
    cancelInner();
    expect(endOf(child)).toBe(canceledPlainly);
  });
});

test("a user's context canceled by afterFunc of its parent ends as Go's example does [X57]", async () => {
  const [outer, cancelOuter] = context.withCancelCause(background);
  const custom = new OwnDone(outer);
  context.afterFunc(outer, () => custom.end(outer.err()));
  const [child] = context.withCancel(custom);
  cancelOuter(new Error("outer"));
  go(() => child.done().receive());
  await settle();
  expect(endOf(child)).toBe("context canceled, outer, done closed");
});
