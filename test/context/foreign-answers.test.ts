/** Users' contexts whose methods return what no type forbids, or do what is unexpected. */

import { type Chan, chan, type Context, context, type ReceiveChan, select, sync } from "gocsp";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { alive, Embedding, endOf, expectNothingLeft, OwnDone } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

/** Everything that depends on the end of a context, and how to see that end. */
const dependents: [name: string, depend: (ctx: Context) => () => boolean][] = [
  ["a child", (ctx) => ended(context.withCancel(ctx)[0])],
  ["a child with a deadline", (ctx) => ended(context.withTimeout(ctx, 60_000)[0])],
  ["a child of a value", (ctx) => ended(context.withCancel(context.withValue(ctx, "k", 1))[0])],
  ["a child of a signal", (ctx) => ended(context.fromSignal(ctx, new AbortController().signal)[0])],
  ["afterFunc", (ctx) => called((f) => context.afterFunc(ctx, f))],
  ["onEnd", (ctx) => called((f) => context.onEnd(ctx, f))],
  [
    "a signal",
    (ctx) =>
      (
        (signal) => () =>
          signal.aborted
      )(context.signal(ctx)),
  ],
  ["a receive", (ctx) => rejected(chan<number>().receive(ctx))],
  ["a send", (ctx) => rejected(chan<number>().send(1, ctx))],
];

function ended(ctx: Context): () => boolean {
  return () => ctx.err() !== undefined;
}

function called(register: (f: () => void) => unknown): () => boolean {
  const f = vi.fn();
  register(f);
  return () => f.mock.calls.length === 1;
}

function rejected(operation: Promise<unknown>): () => boolean {
  let done = false;
  operation.catch(() => (done = true));
  return () => done;
}

/** Closes its channel at the nth call of `done`. */
class EndsWhenAsked extends OwnDone {
  readonly nth: number;
  asked = 0;

  constructor(nth: number) {
    super(background);
    this.nth = nth;
  }

  override done(): ReceiveChan<never> {
    if (++this.asked === this.nth) this.end(new Error("asked"));
    return super.done();
  }
}

describe("a context that ends while it is asked", () => {
  test.each(dependents)("%s ends with it, whichever question it was [X69]", async (_, depend) => {
    for (let nth = 1; nth < 8; nth++) {
      const ctx = new EndsWhenAsked(nth);
      const hasEnded = depend(ctx);
      for (let more = ctx.asked; more < nth; more++) ctx.done();
      await settle();
      expect([nth, hasEnded()]).toEqual([nth, true]);
    }
  });

  test.each(dependents)("%s ends with one whose value() cancels what it embeds [X69]", async (_, depend) => {
    const [inner, cancel] = context.withCancel(background);
    class Spiteful extends Embedding {
      override value(key: unknown): never {
        cancel();
        return super.value(key) as never;
      }
    }
    const hasEnded = depend(new Spiteful(inner));
    cancel();
    await settle();
    expect(hasEnded()).toBe(true);
  });

  test.each(dependents)("%s ends with one that makes a channel each time it is asked [X69]", async (_, depend) => {
    class Forgetful extends Embedding {
      readonly channels: Chan<never>[] = [];
      error: Error | undefined = undefined;

      override done(): ReceiveChan<never> {
        const made = chan<never>();
        if (this.error !== undefined) made.close();
        this.channels.push(made);
        return made;
      }

      override err(): Error | undefined {
        return this.error;
      }

      end(): void {
        this.error = new Error("ended");
        for (const channel of this.channels.splice(0)) channel.close();
      }
    }
    const ctx = new Forgetful(background);
    const hasEnded = depend(ctx);
    await settle();
    expect(hasEnded()).toBe(false);
    ctx.end();
    await settle();
    expect(hasEnded()).toBe(true);
  });

  test.each(dependents.slice(0, 6))("%s asks each question once [X69]", (_, depend) => {
    const ctx = new OwnDone(background);
    const done = vi.spyOn(ctx, "done");
    const value = vi.spyOn(ctx, "value");
    depend(ctx);
    expect([done.mock.calls.length, value.mock.calls.length]).toEqual([1, 1]);
  });
});

test("what err() says first is the cause, also if it says nothing the next time [X69]", () => {
  const answers = [undefined, new Error("over")];
  class Fickle extends OwnDone {
    override err(): Error | undefined {
      return this.done().tryReceive() === undefined ? undefined : answers.pop();
    }
  }
  const parent = new Fickle(background);
  parent.end(new Error("another"));
  const [child] = context.withCancel(parent);
  expect(endOf(child)).toBe("over, over, done closed");
});

describe("a context with a method afterFunc", () => {
  test("may call back before it returns; then there is nothing to unregister [X69]", () => {
    const stop = vi.fn(() => false);
    class Eager extends OwnDone {
      afterFunc(f: () => void): () => boolean {
        this.end(new Error("eager"));
        f();
        return stop;
      }
    }
    const [child, cancel] = context.withCancel(new Eager(background));
    expect(child.err()?.message).toBe("eager");
    cancel();
    expect(stop).not.toHaveBeenCalled();
  });

  test("is refused if that returns no function [X69]", () => {
    class Silent extends OwnDone {
      afterFunc(): void {}
    }
    expect(() => context.withCancel(new Silent(background))).toThrow(
      new TypeError("context: afterFunc() of Silent must return a function, got undefined"),
    );
  });
});

class Answering extends OwnDone {
  readonly answer: () => unknown;

  constructor(answer: () => unknown) {
    super(background);
    this.answer = answer;
  }

  override err(): Error | undefined {
    return this.answer() as Error | undefined;
  }
}

describe("an err() that returns", () => {
  test.each([[null], [undefined]])("%o from err means that it has not ended, everywhere [X68]", async (nothing) => {
    const ctx = new Answering(() => nothing);
    const [child, cancel] = context.withCancel(ctx);
    const ch = chan<number>(1);
    await ch.send(1, ctx);
    expect([await ch.receive(ctx), endOf(child), context.cause(ctx)]).toEqual([1, alive, undefined]);
    using _ = await new sync.Mutex().lock(ctx);
    cancel();
  });

  test.each<[given: unknown, printed: string]>([
    ["too late", '"too late"'],
    [false, "false"],
    [0, "0"],
    [{ code: 1 }, "Object"],
  ])("%o says that it must be an error, in every place [X68]", async (given, printed) => {
    const ctx = new Answering(() => given);
    ctx.channel.close();
    const text = `err() of Answering must return an error or undefined, got ${printed}`;
    const [child] = context.withCancel(ctx);
    expect([child.err()?.message, context.cause(child)?.message]).toEqual([text, text]);
    expect((context.signal(ctx).reason as Error).message).toBe(text);
    await expect(chan<number>().receive(ctx)).rejects.toThrow(new TypeError(text));
    await expect(new sync.Mutex().lock(ctx)).rejects.toThrow(new TypeError(text));
  });

  test("an error of another realm is an error like any other [X68]", async () => {
    const { runInNewContext } = await import("node:vm");
    const foreign = runInNewContext("new RangeError('elsewhere')") as Error;
    const ctx = new Answering(() => foreign);
    ctx.channel.close();
    expect(context.withCancel(ctx)[0].err()).toBe(foreign);
    await expect(chan<number>().receive(ctx)).rejects.toBe(foreign);
  });
});

describe("an err() that throws", () => {
  const failure = new Error("broken");
  const broken = (): never => {
    throw failure;
  };

  test("throws to every caller [X68]", async () => {
    const ctx = new Answering(broken);
    ctx.channel.close();
    for (const depend of [context.withCancel, context.signal, context.cause]) {
      expect(() => depend(ctx) as unknown).toThrow(failure);
    }
    await expect(chan<number>().receive(ctx)).rejects.toBe(failure);
  });

  test("rejects the operation that waits, and leaves nothing behind [X68]", async () => {
    let fails = false;
    const ctx = new Answering(() => (fails ? broken() : undefined));
    const ch = chan<number>();
    const receiving = ch.receive(ctx);
    fails = true;
    ctx.channel.close();
    await expect(receiving).rejects.toBe(failure);
    expect(ch.trySend(1)).toBe(false);
  });
});

test("a done() that returns null never ends anything [X68]", async () => {
  class Endless extends Embedding {
    override done(): never {
      return null as never;
    }
  }
  const [inner, cancel] = context.withCancel(background);
  const ctx = new Endless(inner);
  const f = vi.fn();
  const stop = context.afterFunc(ctx, f);
  const [child] = context.withCancel(ctx);
  cancel();
  await settle();
  expect([endOf(child), f.mock.calls.length, stop()]).toEqual([alive, 0, true]);
});

/** A user's context that answers anything. */
class Foreign implements Context {
  readonly answers: Readonly<Record<"deadline" | "done" | "err" | "value", unknown>>;

  constructor(answers: Partial<Foreign["answers"]>) {
    this.answers = { deadline: undefined, done: undefined, err: undefined, value: undefined, ...answers };
  }

  deadline(): Date | undefined {
    return this.answers.deadline as Date | undefined;
  }

  done(): ReceiveChan<never> {
    return this.answers.done as ReceiveChan<never>;
  }

  err(): Error | undefined {
    return this.answers.err as Error | undefined;
  }

  value(): never {
    return this.answers.value as never;
  }
}

type Derivation = [name: string, derive: (ctx: Context) => Context];

/** The contexts that leave the end to their parent. */
const views: Derivation[] = [
  ["withValue", (ctx) => context.withValue(ctx, "k", 1)],
  ["withValue twice", (ctx) => context.withValue(context.withValue(ctx, "k", 1), "l", 2)],
  ["Embedded", (ctx) => new context.Embedded(ctx)],
  ["withValue of an Embedded", (ctx) => context.withValue(new context.Embedded(ctx), "k", 1)],
];

/** The contexts that have their parent's deadline. */
const heirs: Derivation[] = [
  ...views,
  ["withCancel", (ctx) => context.withCancel(ctx)[0]],
  ["withCancelCause", (ctx) => context.withCancelCause(ctx)[0]],
  ["fromSignal", (ctx) => context.fromSignal(ctx, new AbortController().signal)[0]],
  ["withCancel of withValue", (ctx) => context.withCancel(context.withValue(ctx, "k", 1))[0]],
  ["withValue of withCancel", (ctx) => context.withValue(context.withCancel(ctx)[0], "k", 1)],
];

const tomorrow = new Date(Date.now() + 86_400_000);

/** The contexts that compare their parent's deadline with one of their own. */
const deadlines: Derivation[] = [
  ["withDeadline", (ctx) => context.withDeadline(ctx, tomorrow)[0]],
  ["withDeadlineCause", (ctx) => context.withDeadlineCause(ctx, tomorrow, new Error("late"))[0]],
  ["withTimeout", (ctx) => context.withTimeout(ctx, 86_400_000)[0]],
  ["withTimeoutCause", (ctx) => context.withTimeoutCause(ctx, 86_400_000, new Error("late"))[0]],
  ["withTimeout of withValue", (ctx) => context.withTimeout(context.withValue(ctx, "k", 1), 86_400_000)[0]],
];

const derivations: Derivation[] = [...heirs, ...deadlines, ["withoutCancel", (ctx) => context.withoutCancel(ctx)]];

describe.each([[null], [undefined]])("of a context that answers %o to everything", (nothing) => {
  const foreign = new Foreign({ deadline: nothing, done: nothing, err: nothing, value: nothing });

  test.each(derivations)("%s answers as a context of this library that has not ended [X68]", async (_, derive) => {
    const ctx = derive(foreign);
    expect(ctx.err()).toBeUndefined();
    expect(context.cause(ctx)).toBeUndefined();
    expect(ctx.done().tryReceive()).toBeUndefined();
    expect((await select({ done: ctx.done(), default: true })).case).toBe("default");
    expect(ctx.value("another")).toBe(nothing);
    expect(ctx.done()).toBe(ctx.done());
  });

  test.each([...heirs, ["withoutCancel", context.withoutCancel] satisfies Derivation])(
    "%s has no deadline [X68]",
    (_, derive) => {
      expect(derive(foreign).deadline()).toBeUndefined();
    },
  );

  test.each(deadlines)("%s has its own deadline [X68]", (_, derive) => {
    expect(derive(foreign).deadline()?.getTime()).toBeGreaterThanOrEqual(tomorrow.getTime());
  });
});

describe("a deadline() that returns", () => {
  const wrong: [given: unknown, printed: string][] = [
    [new Date(Number.NaN), "an invalid Date"],
    ["tomorrow", '"tomorrow"'],
    ["", '""'],
    [0, "0"],
    [false, "false"],
    [{ getTime: () => 0 }, "Object"],
  ];
  const text = (printed: string): TypeError =>
    new TypeError(`deadline() of Foreign must return a valid Date or undefined, got ${printed}`);

  test.each(heirs)("what is no valid Date is refused by deadline() of %s [X68]", (_, derive) => {
    for (const [given, printed] of wrong) {
      const ctx = derive(new Foreign({ deadline: given }));
      expect(() => ctx.deadline()).toThrow(text(printed));
    }
  });

  test.each(deadlines)("what is no valid Date is refused by %s [X68]", (_, derive) => {
    for (const [given, printed] of wrong) {
      expect(() => derive(new Foreign({ deadline: given }))).toThrow(text(printed));
    }
  });

  test("a Date of another realm has that deadline in everything derived [X68]", async () => {
    const { runInNewContext } = await import("node:vm");
    const given = runInNewContext("new Date(1000)") as Date;
    const foreign = new Foreign({ deadline: given });
    for (const [name, derive] of [...heirs, ...deadlines])
      expect([name, derive(foreign).deadline()]).toEqual([name, given]);
  });
});

describe("what leaves the end to its parent refuses a wrong answer", () => {
  test.each(views)("of done(): %s [X68]", (_, derive) => {
    expect(() => derive(new Foreign({ done: 42 })).done()).toThrow(
      new TypeError("context: done() of Foreign must return a channel, got 42"),
    );
  });

  test.each(views)("of err(): %s [X68]", (_, derive) => {
    const text = "err() of Foreign must return an error or undefined, got 42";
    expect(derive(new Foreign({ err: 42 })).err()).toEqual(new TypeError(text));
  });
});
