// Broken: the query's context has no parent but the background. The cancel does not reach it: it works until its own limit.
import { context, type Context, main, sync, time } from "gocsp";

const work = async (ctx: Context, name: string) => {
  await ctx.done().receive();
  console.log(`${name} ends: ${context.cause(ctx)?.message}`);
};

main(async () => {
  const [request, leave] = context.withCancelCause(context.background());
  using _ = leave;
  const [query, cancelQuery] = context.withTimeout(context.background(), 30 * time.second);
  using _1 = cancelQuery;
  const [cache, cancelCache] = context.withTimeout(request, 1 * time.second);
  using _2 = cancelCache;

  const both = new sync.WaitGroup();
  both.go(work, query, "query");
  both.go(work, cache, "cache");
  leave(new Error("the client has left"));
  const left = Date.now();
  await both.wait();
  const late = Date.now() - left;
  if (late > 0) throw new Error(`the query went on for ${late} ms after the client had left`);
});
