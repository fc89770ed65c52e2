// withoutCancel: what has to be finished after the request is over keeps the request's values, but not its end.
// A log entry is written on behalf of a canceled request, with a deadline of its own.
import { context, type Context, main, nilChan, time } from "gocsp";

const requestID = context.key<string>("request id");

const writeLog = (parent: Context, line: string) => {
  const [ctx, cancel] = context.withTimeout(context.withoutCancel(parent), 1 * time.hour);
  using _ = cancel;
  if (ctx.err()) throw ctx.err();
  console.log(`[${ctx.value(requestID)}] ${line}`);
};

const text = (err: Error | undefined) => err?.message ?? "<nil>";

main(async () => {
  const [ctx, cancel] = context.withCancelCause(context.withValue(context.background(), requestID, "r-17"));
  const detached = context.withoutCancel(ctx);
  cancel(new Error("client went away"));

  console.log("request:", text(ctx.err()), "/", text(context.cause(ctx)), "/", ctx.value(requestID));
  console.log("detached:", text(detached.err()), "/", text(context.cause(detached)), "/", detached.value(requestID));
  const hasDeadline = detached.deadline() !== undefined;
  console.log("detached has a done channel, a deadline:", detached.done() !== nilChan(), hasDeadline);
  writeLog(ctx, "canceled by its client");
  console.log("log:", text(undefined));

  // What is derived from it can end again, for reasons of its own.
  const [below, cancelBelow] = context.withCancelCause(detached);
  cancelBelow(new Error("second thoughts"));
  console.log("below:", text(below.err()), "/", text(context.cause(below)));
  console.log("detached:", text(detached.err()));

  // It never ends, so a function to be called at its end is never called.
  const stop = context.afterFunc(detached, () => console.log("never printed"));
  console.log("stop:", stop(), stop());
});
