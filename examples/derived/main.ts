// Everything derived from a context ends with it, with the same error and the same cause; only withoutCancel cuts the
// tie. From the rule in Go's guide "Canceling in-progress operations": when the outer context is canceled, the derived
// one is too.
import { chan, context, type Context, main, time } from "gocsp";

const userKey = context.key<string>("user");

main(async () => {
  const [outer, cancel] = context.withCancelCause(context.background());

  const [withCancel, cancel1] = context.withCancel(outer);
  using _1 = cancel1;
  const [withCause, cancel2] = context.withCancelCause(outer);
  using _2 = cancel2;
  const [withDeadline, cancel3] = context.withDeadline(outer, new Date(Date.now() + 1 * time.hour));
  using _3 = cancel3;
  const [withTimeout, cancel4] = context.withTimeout(outer, 1 * time.hour);
  using _4 = cancel4;
  const withValue = context.withValue(outer, userKey, "gopher");
  const [grandchild, cancel5] = context.withTimeout(withValue, 1 * time.minute);
  using _5 = cancel5;
  const withoutCancel = context.withoutCancel(outer);

  const called = chan<Error | undefined>();
  context.afterFunc(grandchild, () => called.send(context.cause(grandchild)));

  const text = (err: Error | undefined) => err?.message ?? "<nil>";
  const show = (name: string, ctx: Context) => {
    console.log(`${name}: err ${text(ctx.err())}, cause ${text(context.cause(ctx))}`);
  };
  const showAll = () => {
    show("outer", outer);
    show("withCancel", withCancel);
    show("withCancelCause", withCause);
    show("withDeadline", withDeadline);
    show("withTimeout", withTimeout);
    show("withValue", withValue);
    show("grandchild", grandchild);
    show("withoutCancel", withoutCancel);
  };

  showAll();
  cancel(new Error("the client went away"));
  console.log("--- canceled ---");
  showAll();
  console.log("afterFunc was called:", text(await called.receive()));
});
