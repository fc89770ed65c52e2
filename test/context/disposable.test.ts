import { chan, type Context, context, defer } from "gocsp";
import { describe, expect, test } from "vitest";
import { canceledPlainly, endOf, expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

const derivations: [name: string, derive: () => [Context, Disposable & (() => void)]][] = [
  ["withCancel", () => context.withCancel(background)],
  ["withCancelCause", () => context.withCancelCause(background)],
  ["withTimeout", () => context.withTimeout(background, 60_000)],
  ["withTimeoutCause", () => context.withTimeoutCause(background, 60_000, new Error("no"))],
  ["withDeadline", () => context.withDeadline(background, new Date(Date.now() + 60_000))],
  ["withDeadlineCause", () => context.withDeadlineCause(background, new Date(Date.now() + 60_000), undefined)],
  ["fromSignal", () => context.fromSignal(background, new AbortController().signal)],
];

describe.each(derivations)("the cancel function of %s", (_, derive) => {
  test("it is called at the end of a block that uses it [X10]", () => {
    let seen: Context | undefined;
    {
      const [ctx, cancel] = derive();
      using _ = cancel;
      seen = ctx;
      expect(ctx.err()).toBeUndefined();
    }
    expect(endOf(seen)).toBe(canceledPlainly);
  });

  test("it is called when the block is left by an error or a return [X10]", () => {
    const left: Context[] = [];
    const leave = (how: "throw" | "return"): string => {
      const [ctx, cancel] = derive();
      using _ = cancel;
      left.push(ctx);
      if (how === "throw") throw new Error("out");
      return "returned";
    };
    expect(leave("return")).toBe("returned");
    expect(() => leave("throw")).toThrow("out");
    expect(left.map(endOf)).toEqual([canceledPlainly, canceledPlainly]);
  });

  test("it can be called, disposed and called again [X10]", () => {
    const [ctx, cancel] = derive();
    cancel[Symbol.dispose]();
    cancel();
    cancel[Symbol.dispose]();
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("it needs no receiver: it can be passed as a callback [X10]", () => {
    const [ctx, cancel] = derive();
    const { [Symbol.dispose]: dispose } = cancel;
    dispose();
    expect(endOf(ctx)).toBe(canceledPlainly);
  });
});

test("several of one block are called in reverse order [X10]", () => {
  const log: string[] = [];
  {
    const [first, cancelFirst] = context.withCancel(background);
    using _1 = cancelFirst;
    const [second, cancelSecond] = context.withCancel(first);
    using _2 = cancelSecond;
    using _3 = defer(() => log.push("deferred"));
    context.signal(first).addEventListener("abort", () => log.push("first"));
    context.signal(second).addEventListener("abort", () => log.push("second"));
  }
  expect(log).toEqual(["deferred", "second", "first"]);
});

test("a function that awaits keeps its context until it returns [X10]", async () => {
  const gate = chan<void>();
  let seen: Context | undefined;
  const work = async (): Promise<string> => {
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    seen = ctx;
    await gate.receive();
    return ctx.err() === undefined ? "alive at the end" : "ended too early";
  };
  const result = work();
  gate.close();
  expect(await result).toBe("alive at the end");
  expect(endOf(seen as unknown as Context)).toBe(canceledPlainly);
});

test("an await using and a DisposableStack take it as well [X10]", async () => {
  const [first, cancelFirst] = context.withCancel(background);
  const [second, cancelSecond] = context.withCancelCause(background);
  {
    await using _ = cancelFirst;
    using stack = new DisposableStack();
    stack.use(cancelSecond);
    expect([first.err(), second.err()]).toEqual([undefined, undefined]);
  }
  expect([endOf(first), endOf(second)]).toEqual([canceledPlainly, canceledPlainly]);
});

test("a cause that was set before stays when the block ends [X21]", () => {
  const cause = new Error("failed half-way");
  let seen: Context | undefined;
  {
    const [ctx, cancel] = context.withCancelCause(background);
    using _ = cancel;
    seen = ctx;
    cancel(cause);
  }
  expect(context.cause(seen)).toBe(cause);
});
