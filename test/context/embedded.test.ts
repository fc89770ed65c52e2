import { inspect } from "node:util";
import { chan, type Context, context, PanicError, type ReceiveChan } from "gocsp";
import { numGoroutine } from "gocsp/runtime";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { alive, canceledPlainly, endOf, expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

const background = context.background();
const tenant = context.key<string>("tenant");

class WithTenant extends context.Embedded {
  readonly tenant: string;

  constructor(ctx: Context, name: string) {
    super(ctx);
    this.tenant = name;
  }

  protected override lookUp(key: unknown): unknown {
    return key === tenant ? this.tenant : super.lookUp(key);
  }
}

describe("a class that embeds a context", () => {
  test("passes everything on, and adds values with one override [X67]", () => {
    const at = new Date(Date.now() + 60_000);
    const [inner, cancel] = context.withDeadline(context.withValue(background, "k", 7), at);
    const ctx = new WithTenant(inner, "acme");
    expect(ctx.value(tenant)).toBe("acme");
    expectTypeOf(ctx.value(tenant)).toEqualTypeOf<string | undefined>();
    expectTypeOf(ctx.value("k")).toEqualTypeOf<unknown>();
    expect([ctx.value("k"), ctx.value("other"), ctx.deadline(), ctx.err()]).toEqual([7, undefined, at, undefined]);
    expect(ctx.done()).toBe(inner.done());
    cancel();
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test.each<[string, (parent: Context) => Context]>([
    ["withCancel", (parent) => context.withCancel(parent)[0]],
    ["withTimeout", (parent) => context.withTimeout(parent, 60_000)[0]],
    ["withCancel of withValue", (parent) => context.withCancel(context.withValue(parent, "k", 1))[0]],
    ["fromSignal", (parent) => context.fromSignal(parent, new AbortController().signal)[0]],
    ["one embedded again", (parent) => context.withCancel(new WithTenant(new context.Embedded(parent), "b"))[0]],
  ])("%s below it ends with the embedded one, synchronously, without a goroutine or a channel [X67]", (_, derive) => {
    const [inner, cancel] = context.withCancelCause(background);
    const done = vi.spyOn(inner, "done");
    const before = numGoroutine();
    const child = derive(new WithTenant(inner, "acme"));
    expect([numGoroutine(), done.mock.calls.length]).toEqual([before, 0]);
    cancel(new Error("inner"));
    expect(endOf(child)).toBe("context canceled, inner, done closed");
    expect(child.value(tenant)).toBeDefined();
  });

  test("its end calls functions and aborts signals, and tells the cause [X67]", () => {
    const [inner, cancel] = context.withCancelCause(background);
    const ctx = new WithTenant(inner, "acme");
    const f = vi.fn();
    context.onEnd(ctx, f);
    const signal = context.signal(ctx);
    expect(context.signal(inner)).toBe(signal);
    cancel(new Error("why"));
    expect([f.mock.calls.length, signal.aborted, context.cause(ctx)?.message]).toEqual([1, true, "why"]);
  });

  test("one that hides all values still ends with what it embeds, with its cause [X67]", () => {
    class Closed extends context.Embedded {
      protected override lookUp(): unknown {
        return undefined;
      }
    }
    const [inner, cancel] = context.withCancelCause(context.withValue(background, "k", 7));
    const ctx = new Closed(inner);
    const [child] = context.withCancel(ctx);
    cancel(new Error("why"));
    expect([child.value("k"), endOf(child), context.cause(ctx)?.message]).toEqual([
      undefined,
      "context canceled, why, done closed",
      "why",
    ]);
  });

  test("one with a channel of its own ends by that [X67]", async () => {
    class Own extends context.Embedded {
      readonly channel = chan<never>();
      override done(): ReceiveChan<never> {
        return this.channel;
      }
      override err(): Error | undefined {
        return this.channel.tryReceive() === undefined ? undefined : new Error("own");
      }
    }
    const [inner, cancel] = context.withCancel(background);
    const ctx = new Own(inner);
    const [child] = context.withCancel(ctx);
    cancel();
    await settle();
    expect(endOf(child)).toBe(alive);
    ctx.channel.close();
    await settle();
    expect(child.err()?.message).toBe("own");
  });

  test("a deadline that it overrides counts for what is derived [X67]", () => {
    class Hurried extends context.Embedded {
      override deadline(): Date {
        return new Date(1000);
      }
    }
    const [child, cancel] = context.withTimeout(new Hurried(background), 60_000);
    expect(child.deadline()).toEqual(new Date(1000));
    cancel();
  });

  test("what it embeds may say null where it has no deadline, no channel and no error [X67] [X68]", () => {
    const inner = { deadline: () => null, done: () => null, err: () => null, value: () => undefined };
    const ctx = new WithTenant(inner as never, "acme");
    expect([ctx.deadline(), ctx.err()]).toEqual([undefined, undefined]);
    expect(context.withCancel(ctx)[0].deadline()).toBeUndefined();
  });

  test("it prints as the name of its class, in a chain too, and shows no value of what it embeds [X67]", () => {
    const ctx = new WithTenant(context.withValue(background, "password", "hunter2"), "acme");
    expect(String(context.withCancel(ctx)[0])).toBe("WithTenant.WithCancel");
    expect(inspect(ctx) + JSON.stringify({ ctx })).not.toContain("hunter2");
  });

  test("it takes the place of what it embeds in a thousand levels [X67]", () => {
    const [inner, cancel] = context.withCancel(background);
    let ctx: Context = inner;
    for (let i = 0; i < 1000; i++) ctx = new WithTenant(context.withValue(ctx, i, i), `t${i}`);
    const [child] = context.withCancel(ctx);
    expect([ctx.value(0), ctx.value(tenant)]).toEqual([0, "t999"]);
    cancel();
    expect(child.err()).toBe(context.canceled);
  });

  test("embedding undefined panics with Go's text; a value that is not a context is refused by name [X67]", () => {
    expect(() => new context.Embedded(null as never)).toThrow(new PanicError("cannot create context from nil parent"));
    expect(() => new context.Embedded({} as never)).toThrow(
      new TypeError("context.Embedded: the parent must be a Context, got Object"),
    );
  });
});
