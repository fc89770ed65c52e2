// Everything derived from a context ends with it, with the same error and the same cause; only WithoutCancel cuts the
// tie. From the rule in Go's guide "Canceling in-progress operations": when the outer context is canceled, the derived
// one is too.
import { chan, type Context, context, defer, main } from "gocsp";
import { interned } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

class UserKey {}

main(async () => {
  const [outer, cancel] = context.withCancelCause(context.background());

  const [withCancel, cancel1] = context.withCancel(outer);
  using _ = cancel1;
  const [withCause, cancel2] = context.withCancelCause(outer);
  using _1 = defer(() => cancel2(undefined));
  const [withDeadline, cancel3] = context.withDeadline(outer, time.now().add(1 * time.hour));
  using _2 = cancel3;
  const [withTimeout, cancel4] = context.withTimeout(outer, 1 * time.hour);
  using _3 = cancel4;
  const withValue = context.withValue(outer, interned(new UserKey()), "gopher");
  const [grandchild, cancel5] = context.withTimeout(withValue, 1 * time.minute);
  using _4 = cancel5;
  const withoutCancel = context.withoutCancel(outer);

  const called = chan<Error | undefined>();
  context.afterFunc(grandchild, async () => await called.send(context.cause(grandchild)));

  const show = (name: string, ctx: Context) => {
    fmt.printf("%s: err %v, cause %v\n", name, ctx.err(), context.cause(ctx));
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
  fmt.println("afterFunc was called:", await called.receive());
});
