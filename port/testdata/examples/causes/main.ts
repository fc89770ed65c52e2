// Why a context ended: the cause in all orders of parent and child, with and without a cause of one's own, and with
// timeouts. The rules of WithCancelCause in Go's context package: the first end counts, and what ends a parent ends its
// children.
import { type Context, context, main } from "gocsp";
import { interned } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

const parentCause = new Error("parent's cause");
const childCause = new Error("child's cause");
const late = new Error("too late");

class UserKey {}

/** A maker derives a context; the returned function cancels it, with the given cause if its kind takes one. */
type Maker = (arg: Context | undefined) => [Context, (arg: Error | undefined) => void];

function plain(parent: Context | undefined): [Context, (arg: Error | undefined) => void] {
  const [ctx, cancel] = context.withCancel(parent!);
  return [ctx, (_: Error | undefined) => cancel()];
}

function withCause(parent: Context | undefined): [Context, (arg: Error | undefined) => void] {
  const [ctx, cancel] = context.withCancelCause(parent!);
  return [ctx, (cause: Error | undefined) => cancel(cause)];
}

main(async () => {
  const makers: ({ name: string; make: Maker })[] = [{ name: "WithCancel", make: plain }, { name: "WithCancelCause", make: withCause }];

  for (const outer of makers) {
    for (const inner of makers) {
      let [parent, cancelParent] = outer.make(context.background());
      let [child, cancelChild] = inner.make(parent);
      cancelParent(parentCause);
      cancelChild(childCause);
      fmt.printf("%s > %s, parent first: %v / %v\n", outer.name, inner.name, context.cause(parent), context.cause(child));

      [parent, cancelParent] = outer.make(context.background());
      [child, cancelChild] = inner.make(parent);
      cancelChild(childCause);
      fmt.printf("%s > %s, child only: %v / %v\n", outer.name, inner.name, context.cause(parent), context.cause(child));
      cancelParent(parentCause);
      fmt.printf("%s > %s, then parent: %v / %v\n", outer.name, inner.name, context.cause(parent), context.cause(child));
    }
  }

  const show = (what: string, ctx: Context) => {
    fmt.printf("%s: %v, because: %v\n", what, ctx.err(), context.cause(ctx));
  };
  show("background", context.background());

  let [ctx, cancel] = context.withCancelCause(context.background());
  show("not ended yet", ctx);
  cancel(undefined);
  show("no cause given", ctx);
  cancel(late);
  show("second cause", ctx);

  [ctx, cancel] = context.withCancelCause(context.background());
  const value = context.withValue(ctx, interned(new UserKey()), "gopher");
  let [below, stop] = context.withCancel(value);
  cancel(parentCause);
  stop();
  show("value context", value);
  show("below it", below);

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
  [inner, stopInner] = context.withDeadlineCause(outer, time.now().add(-1 * time.second), childCause);
  show("deadline in the past", inner);
  show("its parent", outer);
  stopInner();
  stopOuter();
});
