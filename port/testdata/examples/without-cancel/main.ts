// WithoutCancel: what has to be finished after the request is over keeps the request's values, but not its end.
// A log entry is written on behalf of a canceled request, with a deadline of its own.
import { type CancelFunc, type Context, context, main, nilChan } from "gocsp";
import { interned } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

class RequestID {}

function writeLog(ctx: Context, line: string): Error | undefined {
  let cancel: CancelFunc;
  [ctx, cancel] = context.withTimeout(context.withoutCancel(ctx), 1 * time.hour);
  using _ = cancel;
  const err = ctx.err();
  if (err !== undefined) {
    return err;
  }
  fmt.printf("[%v] %s\n", ctx.value(interned(new RequestID())), line);
  return undefined;
}

main(() => {
  const [ctx, cancel] = context.withCancelCause(context.withValue(context.background(), interned(new RequestID()), "r-17"));
  const detached = context.withoutCancel(ctx);
  cancel(new Error("client went away"));

  fmt.println("request:", ctx.err(), "/", context.cause(ctx), "/", ctx.value(interned(new RequestID())));
  fmt.println("detached:", detached.err(), "/", context.cause(detached), "/", detached.value(interned(new RequestID())));
  const [, hasDeadline] = time.deadline(detached);
  console.log("detached has a done channel, a deadline:", detached.done() !== nilChan(), hasDeadline);
  fmt.println("log:", writeLog(ctx, "canceled by its client"));

  // What is derived from it can end again, for reasons of its own.
  const [below, cancelBelow] = context.withCancelCause(detached);
  cancelBelow(new Error("second thoughts"));
  fmt.println("below:", below.err(), "/", context.cause(below));
  fmt.println("detached:", detached.err());

  // It never ends, so a function to be called at its end is never called.
  const stop = context.afterFunc(detached, () => {
    console.log("never printed");
  });
  console.log("stop:", stop(), stop());
});
