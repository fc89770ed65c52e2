// Why a context ended: the cause in all orders of parent and child, with and without an explicit cause, and with
// timeouts. The rules of WithCancelCause in Go's context package: the first end counts, and what ends a parent ends its
// children.
import { context, type Context, main, time } from "gocsp";

const parentCause = new Error("parent's cause");
const childCause = new Error("child's cause");
const late = new Error("too late");

const userKey = context.key<string>("user");

/** A Maker derives a context; the returned function cancels it, with the given cause if its kind takes one. */
type Maker = (parent: Context) => [Context, (cause: Error) => void];

const plain: Maker = (parent) => {
  const [ctx, cancel] = context.withCancel(parent);
  return [ctx, () => cancel()];
};

const withCause: Maker = (parent) => {
  const [ctx, cancel] = context.withCancelCause(parent);
  return [ctx, (cause) => cancel(cause)];
};

const text = (err: Error | undefined) => err?.message ?? "<nil>";
const cause = (ctx: Context) => text(context.cause(ctx));

main(async () => {
  const makers = [
    { name: "WithCancel", make: plain },
    { name: "WithCancelCause", make: withCause },
  ];

  for (const outer of makers) {
    for (const inner of makers) {
      let [parent, cancelParent] = outer.make(context.background());
      let [child, cancelChild] = inner.make(parent);
      cancelParent(parentCause);
      cancelChild(childCause);
      console.log(`${outer.name} > ${inner.name}, parent first: ${cause(parent)} / ${cause(child)}`);

      [parent, cancelParent] = outer.make(context.background());
      [child, cancelChild] = inner.make(parent);
      cancelChild(childCause);
      console.log(`${outer.name} > ${inner.name}, child only: ${cause(parent)} / ${cause(child)}`);
      cancelParent(parentCause);
      console.log(`${outer.name} > ${inner.name}, then parent: ${cause(parent)} / ${cause(child)}`);
    }
  }

  const show = (what: string, ctx: Context) => {
    console.log(`${what}: ${text(ctx.err())}, because: ${cause(ctx)}`);
  };
  show("background", context.background());

  let [ctx, cancel] = context.withCancelCause(context.background());
  show("not ended yet", ctx);
  cancel();
  show("no cause given", ctx);
  cancel(late);
  show("second cause", ctx);

  [ctx, cancel] = context.withCancelCause(context.background());
  const value = context.withValue(ctx, userKey, "gopher");
  const [below, stopBelow] = context.withCancel(value);
  cancel(parentCause);
  stopBelow();
  show("value context", value);
  show("below it", below);

  let stop: () => void;
  [ctx, stop] = context.withTimeoutCause(context.background(), 1 * time.millisecond, late);
  await ctx.done().receive();
  show("timeout with a cause", ctx);
  stop();

  [ctx, stop] = context.withTimeoutCause(context.background(), 1 * time.hour, late);
  stop();
  show("timeout canceled before", ctx);

  [ctx, stop] = context.withTimeout(context.background(), 1 * time.millisecond);
  await ctx.done().receive();
  show("timeout without a cause", ctx);
  stop();

  let [outer, stopOuter] = context.withTimeoutCause(context.background(), 1 * time.millisecond, parentCause);
  let [inner, stopInner] = context.withTimeoutCause(outer, 1 * time.hour, childCause);
  await inner.done().receive();
  show("inner timeout, ended by the outer", inner);
  stopInner();
  stopOuter();

  [outer, stopOuter] = context.withTimeoutCause(context.background(), 1 * time.hour, parentCause);
  [inner, stopInner] = context.withDeadlineCause(outer, new Date(Date.now() - 1 * time.second), childCause);
  show("deadline in the past", inner);
  show("its parent", outer);
  stopInner();
  stopOuter();
});
