// The reader leaves, and the query goes on for a minute: somebody has cut it off. Hang it into the tree.
import { context, type Context, main, sync, time } from "gocsp";

const query = async (ctx: Context) => {
  await ctx.done().receive();
  console.log("query ends:", context.cause(ctx)?.message);
};

const handle = async (parent: Context) => {
  const [ctx, cancel] = context.withTimeout(context.withoutCancel(parent), 1 * time.minute);
  using _ = cancel;
  await query(ctx);
};

main(async () => {
  const [request, leave] = context.withCancelCause(context.background());
  const handlers = new sync.WaitGroup();
  handlers.go(handle, request);
  leave(new Error("the reader has left"));
  await handlers.wait();
});
