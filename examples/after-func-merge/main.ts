// Two contexts merged into one that ends with whichever ends first, and says which one it was.
// The idea of the AfterFunc (merge) example of Go's context package, written anew.
import { context, type Context, main } from "gocsp";

/** Derives a context from `a` that also ends when `b` does. */
const merge = (a: Context, b: Context): [Context, () => void] => {
  const [ctx, cancel] = context.withCancelCause(a);
  const stop = context.afterFunc(b, () => cancel(context.cause(b)));
  return [
    ctx,
    () => {
      stop();
      cancel();
    },
  ];
};

main(async () => {
  const [request, endRequest] = context.withCancelCause(context.background());
  const [server, endServer] = context.withCancelCause(context.background());

  // The second parent ends: its goroutine passes the cause on.
  let [ctx, cancel] = merge(request, server);
  endServer(new Error("server shuts down"));
  await ctx.done().receive();
  console.log(ctx.err()?.message, "/", context.cause(ctx)?.message);
  console.log("request is alive:", request.err() === undefined);

  // The first parent ends: the merged context ends with it, before cancel returns.
  [ctx, cancel] = merge(request, context.background());
  endRequest(new Error("client went away"));
  console.log(ctx.err()?.message, "/", context.cause(ctx)?.message);

  // Neither ends: the merged context can still be canceled by itself.
  [ctx, cancel] = merge(context.background(), context.todo());
  cancel();
  console.log(ctx.err()?.message, "/", context.cause(ctx)?.message);
});
