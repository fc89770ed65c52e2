// Compiled only: what the types of contexts allow and refuse.
import {
  type CancelCauseFunc,
  type CancelFunc,
  chan,
  type Context,
  context,
  errors,
  type Key,
  type ReceiveChan,
  select,
  time,
} from "gocsp";
import type { AbortSignalLike, HostAbortSignal } from "gocsp/context";
import { check, type Equal } from "../support/types.ts";

const background = context.background();
check<Equal<typeof background, Context>>();

// Deriving: a pair of a context and its cancel function, whose members can be named [X6].
export const [ctx, cancel] = context.withCancel(background);
check<Equal<typeof ctx, Context>>();
check<Equal<typeof cancel, CancelFunc>>();
check<Equal<ReturnType<typeof context.withTimeout>, [ctx: Context, cancel: CancelFunc]>>();
check<Equal<ReturnType<typeof context.withDeadline>, [ctx: Context, cancel: CancelFunc]>>();
check<Equal<ReturnType<typeof context.fromSignal>, [ctx: Context, cancel: CancelFunc]>>();
check<Equal<ReturnType<typeof context.withCancelCause>, [ctx: Context, cancel: CancelCauseFunc]>>();
check<Equal<ReturnType<typeof context.withoutCancel>, Context>>();
context.withTimeout(ctx, 5 * time.second);
context.withDeadline(ctx, new Date());
// @ts-expect-error a duration is a number
context.withTimeout(ctx, "5s");
// @ts-expect-error a deadline is a Date
context.withDeadline(ctx, Date.now());
// @ts-expect-error there is no context without a parent
context.withCancel();
// @ts-expect-error nil is not a parent
context.withCancel(null);
// @ts-expect-error the pair is not a context
context.withCancel(context.withCancel(background));
// @ts-expect-error a cause is an error
context.withTimeoutCause(ctx, 1, "too slow");
context.withTimeoutCause(ctx, 1, new Error("too slow"));
context.withTimeoutCause(ctx, 1, undefined);

// A cancel function is a plain function and a disposable [X10].
export const asFunction: () => void = cancel;
export const asDisposable: Disposable = cancel;
check<Equal<ReturnType<CancelFunc>, void>>();
export const asListener: (event: Event) => void = cancel;
// @ts-expect-error it takes no cause
cancel(new Error("why"));
export const [, cancelCause] = context.withCancelCause(background);
cancelCause();
cancelCause(new Error("why"));
cancelCause(null);
cancelCause(context.cause(ctx));
// @ts-expect-error a cause is an error
cancelCause("why");
export const withoutCause: CancelFunc = cancelCause;
// @ts-expect-error but not the other way round
export const withCause: { (cause: Error): void; readonly never: 1 } = cancel;

// The channel can be received from, and nothing else [X6].
check<Equal<ReturnType<Context["done"]>, ReceiveChan<never>>>();
export const done: ReceiveChan<string> = ctx.done();
// @ts-expect-error done is receive-only
void ctx.done().send(undefined);
// @ts-expect-error and only the end closes it
ctx.done().close();
check<Equal<ReturnType<Context["err"]>, Error | undefined>>();
check<Equal<ReturnType<Context["deadline"]>, Date | undefined>>();
check<Equal<ReturnType<typeof context.cause>, Error | undefined>>();

export async function selects(values: ReceiveChan<number>): Promise<number> {
  const op = await select({ done: ctx.done(), values });
  if (op.case === "done") {
    check<Equal<typeof op.value, undefined>>();
    check<Equal<typeof op.ok, false>>();
    throw ctx.err() ?? context.canceled;
  }
  await chan<number>().send(1, ctx);
  await time.sleep(ctx, 1);
  return (await values.receive(ctx)) ?? 0;
}

// Typed keys: the value's type goes in and comes out [X42].
interface User {
  readonly id: number;
}
export const user = context.key<User>("user");
export const maybe = context.key<string | undefined>("maybe");
check<Equal<typeof user, Key<User>>>();
context.withValue(ctx, user, { id: 7 });
check<Equal<ReturnType<typeof found>, User | undefined>>();
export function found() {
  return ctx.value(user);
}
check<Equal<ReturnType<typeof foundMaybe>, string | undefined>>();
export function foundMaybe() {
  return ctx.value(maybe);
}
// @ts-expect-error the value has the wrong type
context.withValue(ctx, user, "seven");
// @ts-expect-error a member is missing
context.withValue(ctx, user, {});
// @ts-expect-error undefined is not a user
context.withValue(ctx, user, undefined);
context.withValue(ctx, maybe, undefined);
// @ts-expect-error what is found may be missing
found().id satisfies number;
// @ts-expect-error keys of different types are different types
export const otherKey: Key<number> = user;
// @ts-expect-error neither wider
export const wider: Key<User | string> = user;
// @ts-expect-error nor narrower
export const narrower: Key<User & { readonly name: string }> = user;

// Any other key has values of unknown type [X38].
context.withValue(ctx, "name", 1);
context.withValue(ctx, Symbol("name"), "anything");
context.withValue(ctx, 42, { any: "thing" });
export const untyped: unknown = ctx.value("name");
// @ts-expect-error so they must be checked before use
ctx.value(42).toFixed();

// afterFunc: any function, and a stop that answers [X47].
export const stop: () => boolean = context.afterFunc(ctx, () => undefined);
context.afterFunc(ctx, async () => chan<void>().receive());
// @ts-expect-error f gets no arguments
context.afterFunc(ctx, (n: number) => n);

// Signals: what fetch and every other web API takes, and back [X64].
export const init: RequestInit = { signal: context.signal(ctx) };
export const signal: AbortSignal = context.signal(ctx);
check<Equal<HostAbortSignal, AbortSignal>>();
export const like: AbortSignalLike = signal;
context.fromSignal(ctx, signal);
context.fromSignal(ctx, new AbortController().signal);
context.fromSignal(ctx, AbortSignal.timeout(5));
// @ts-expect-error the controller is not its signal
context.fromSignal(ctx, new AbortController());

// The two errors [X3].
export const canceled: Error = context.canceled;
export const late: boolean = context.deadlineExceeded.timeout() && context.deadlineExceeded.temporary();
// @ts-expect-error canceled has no timeout method
context.canceled.timeout();
check<Equal<ReturnType<typeof errors.as<TypeError>>, TypeError | undefined>>();
check<Equal<ReturnType<typeof errors.join>, AggregateError | undefined>>();

// Users implement Context [X55].
export class Tracing implements Context {
  readonly #inner: Context;

  constructor(inner: Context) {
    this.#inner = inner;
  }

  deadline(): Date | undefined {
    return this.#inner.deadline();
  }

  done(): ReceiveChan<never> {
    return this.#inner.done();
  }

  err(): Error | undefined {
    return this.#inner.err();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.#inner.value(key);
  }
}
context.withCancel(new Tracing(ctx));
export const literal: Context = {
  deadline: () => undefined,
  done: () => chan<never>(),
  err: () => undefined,
  value: () => undefined,
};
// @ts-expect-error a context has four methods
export const partial: Context = { done: () => chan<never>(), err: () => undefined };
// @ts-expect-error a channel of numbers could deliver
export const delivering: Context = { ...literal, done: () => chan<number>() };
