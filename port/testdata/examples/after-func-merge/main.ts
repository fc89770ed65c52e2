// Two contexts merged into one that ends with whichever ends first, and says which one it was.
// The idea of the AfterFunc (merge) example of Go's context package, written anew.
import { type CancelFunc, type Context, context, defer, main } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

/** merge derives a context from a that also ends when b does. */
function merge(a: Context, b: Context): [Context, CancelFunc] {
  const [ctx, cancel] = context.withCancelCause(a);
  const stop = context.afterFunc(b, () => cancel(context.cause(b)));
  return [ctx, context.cancelFunc(() => {
    stop();
    cancel(undefined);
  })];
}

main(async () => {
  const [request, endRequest] = context.withCancelCause(context.background());
  const [server, endServer] = context.withCancelCause(context.background());

  // The second parent ends: its goroutine passes the cause on.
  let [ctx, cancel] = merge(request, server);
  using _ = defer(cancel);
  endServer(new Error("server shuts down"));
  await ctx.done().receive();
  fmt.println(ctx.err(), "/", context.cause(ctx));
  console.log("request is alive:", request.err() === undefined);

  // The first parent ends: the merged context ends with it, before cancel returns.
  [ctx, cancel] = merge(request, context.background());
  using _1 = defer(cancel);
  endRequest(new Error("client went away"));
  fmt.println(ctx.err(), "/", context.cause(ctx));

  // Neither ends: the merged context can still be canceled by itself.
  [ctx, cancel] = merge(context.background(), context.todo());
  cancel();
  fmt.println(ctx.err(), "/", context.cause(ctx));
});
