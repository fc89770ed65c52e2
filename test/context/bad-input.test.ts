import { chan, type Context, context, PanicError } from "gocsp";
import { describe, expect, test } from "vitest";
import { endOf, expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

/** Calls with arguments that the types forbid. */
const untyped = context as unknown as Record<string, (...args: unknown[]) => unknown>;

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

function text(call: () => unknown): string {
  const error = thrown(call);
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

const derivations: [name: string, ...rest: unknown[]][] = [
  ["withCancel"],
  ["withCancelCause"],
  ["withDeadline", new Date(0)],
  ["withDeadlineCause", new Date(0), undefined],
  ["withTimeout", 10],
  ["withTimeoutCause", 10, undefined],
  ["withValue", "k", "v"],
  ["withoutCancel"],
  ["fromSignal", new AbortController().signal],
];

const noContexts: [given: unknown, printed: string][] = [
  [42, "42"],
  [true, "true"],
  ["ctx", '"ctx"'],
  [{}, "Object"],
  // Each lacks one of the four methods.
  ...["deadline", "done", "err", "value"].map((lacks): [object, string] => [
    Object.fromEntries(
      ["deadline", "done", "err", "value"].map((name) => [name, name !== lacks && ((): null => null)]),
    ),
    "Object",
  ]),
  [[], "Array"],
  [chan(), "Channel"],
  [new AbortController().signal, "AbortSignal"],
  [context.withCancel, "function withCancel"],
  [context.withCancel(background), "Array"],
  [{ done: () => undefined, err: () => undefined }, "Object"],
  [{ done: 1, err: 1, value: 1, deadline: 1 }, "Object"],
];

describe("a parent", () => {
  test.each(derivations)("%s of a nil parent panics with Go's text [X5]", (name, ...rest) => {
    for (const nil of [null, undefined]) {
      const error = thrown(() => untyped[name]?.(nil, ...rest));
      expect(error).toBeInstanceOf(PanicError);
      expect((error as Error).message).toBe("cannot create context from nil parent");
    }
  });

  test.each(derivations)("%s of a value that is not a context names the value [X5]", (name, ...rest) => {
    for (const [given, printed] of noContexts) {
      expect(text(() => untyped[name]?.(given, ...rest))).toBe(
        `TypeError: context.${name}: the parent must be a Context, got ${printed}`,
      );
    }
  });
});

describe("a context", () => {
  test.each([
    ["afterFunc", "afterFunc: the first argument", [() => undefined]],
    ["cause", "cause: the argument", []],
    ["signal", "signal: the argument", []],
  ])("%s of something that is none names what it was given [X5]", (name, what, rest) => {
    for (const [given, printed] of [...noContexts, [null, "null"], [undefined, "undefined"]]) {
      expect(text(() => untyped[name]?.(given, ...rest))).toBe(
        `TypeError: context.${what} must be a Context, got ${String(printed)}`,
      );
    }
  });
});

describe("other arguments", () => {
  const noNumbers: [given: unknown, printed: string][] = [
    [NaN, "NaN"],
    ["10", '"10"'],
    [10n, "10"],
    [null, "null"],
    [undefined, "undefined"],
    [{}, "Object"],
    [new Date(0), "Date"],
  ];
  test.each(["withTimeout", "withTimeoutCause"])("%s takes numbers only [X37]", (name) => {
    for (const [given, printed] of noNumbers) {
      expect(text(() => untyped[name]?.(background, given))).toBe(
        `TypeError: context.${name}: the duration must be a number of milliseconds, got ${printed}`,
      );
    }
  });

  const noDates: [given: unknown, printed: string][] = [
    [new Date(NaN), "an invalid Date"],
    [0, "0"],
    ["2026-01-01", '"2026-01-01"'],
    [null, "null"],
    [undefined, "undefined"],
    [{ getTime: () => "0" }, "Object"],
  ];
  test.each(["withDeadline", "withDeadlineCause"])("%s takes valid dates only [X28]", (name) => {
    for (const [given, printed] of noDates) {
      expect(text(() => untyped[name]?.(background, given))).toBe(
        `TypeError: context.${name}: the deadline must be a valid Date, got ${printed}`,
      );
    }
  });

  const noErrors: [given: unknown, printed: string][] = [
    ["why", '"why"'],
    [0, "0"],
    [false, "false"],
    [{}, "Object"],
    [{ message: "looks like one" }, "Object"],
    [() => undefined, "function"],
    [new Event("close"), "Event"],
  ];
  test("a cause that is not an error is refused, and nothing ends [X20]", () => {
    const [ctx, cancel] = context.withCancelCause(background);
    for (const [given, printed] of noErrors) {
      const expected = `TypeError: context: the cause must be an error, got ${printed}`;
      expect(text(() => (cancel as (cause: unknown) => void)(given))).toBe(expected);
      expect(text(() => untyped["withTimeoutCause"]?.(background, 10, given))).toBe(expected);
      expect(text(() => untyped["withDeadlineCause"]?.(background, new Date(), given))).toBe(expected);
    }
    expect(ctx.err()).toBeUndefined();
    cancel();
  });

  test("an error of another realm is a cause like any other [X20]", async () => {
    const { runInNewContext } = await import("node:vm");
    const foreign = runInNewContext("new TypeError('from elsewhere')") as Error;
    expect(foreign).not.toBeInstanceOf(Error);
    const [ctx, cancel] = context.withCancelCause(background);
    cancel(foreign);
    expect(context.cause(ctx)).toBe(foreign);
    expect(context.cause(context.withTimeoutCause(background, 0, foreign)[0])).toBe(foreign);
    expect(context.cause(context.fromSignal(background, AbortSignal.abort(foreign))[0])).toBe(foreign);
  });

  test("a missing cause of a deadline may be null too [X27]", () => {
    const [ctx] = context.withTimeoutCause(background, 0, null as never);
    expect(context.cause(ctx)).toBe(context.deadlineExceeded);
  });

  test("afterFunc takes functions only [X47]", () => {
    for (const [given, printed] of [
      [null, "null"],
      [undefined, "undefined"],
      [42, "42"],
      [{}, "Object"],
    ] as const) {
      expect(text(() => untyped["afterFunc"]?.(background, given))).toBe(
        `TypeError: context.afterFunc: ${printed} is not a function`,
      );
    }
  });

  test("fromSignal takes signals only [X64]", () => {
    for (const [given, printed] of [
      ...noContexts.filter(([given]) => !(given instanceof AbortSignal)),
      [null, "null"],
    ]) {
      expect(text(() => untyped["fromSignal"]?.(background, given))).toBe(
        `TypeError: context.fromSignal: the second argument must be an AbortSignal, got ${String(printed)}`,
      );
    }
    expect(text(() => untyped["fromSignal"]?.(background, new EventTarget()))).toMatch(/got EventTarget$/);
    expect(text(() => untyped["fromSignal"]?.(background, new AbortController()))).toMatch(/got AbortController$/);
  });

  test("a user's context whose done is not a channel is refused by name [X56]", () => {
    class Wrong implements Context {
      deadline = (): undefined => undefined;
      err = (): undefined => undefined;
      value = (): undefined => undefined;
      done(): never {
        return new AbortController().signal as never;
      }
    }
    const expected = "TypeError: context: done() of Wrong must return a channel, got AbortSignal";
    expect(text(() => context.withCancel(new Wrong()))).toBe(expected);
    expect(text(() => context.afterFunc(new Wrong(), () => undefined))).toBe(expected);
    expect(text(() => context.signal(new Wrong()))).toBe(expected);
  });

  test("a user's context may say nil in either way [X56]", () => {
    const ctx = { deadline: () => null, err: () => null, value: () => null, done: () => null } as unknown as Context;
    const [child, cancel] = context.withTimeout(ctx, 60_000);
    cancel();
    expect([endOf(child).split(",")[0], context.cause(ctx), context.signal(ctx).aborted]).toEqual([
      "context canceled",
      undefined,
      false,
    ]);
  });
});
