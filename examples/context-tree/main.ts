// A tree of contexts: the client leaves, and the cancel runs from its request down to the query and the cache, each with the
// cause. The audit, which must be completed anyway, is cut off from the tree.
import { context, type Context, main, sync, time } from "gocsp";

const lines: string[] = [];

const work = async (ctx: Context, name: string) => {
  await ctx.done().receive();
  lines.push(`${name} ends: ${context.cause(ctx)?.message}`);
};

main(async () => {
  const [request, leave] = context.withCancelCause(context.background());
  using _ = leave;
  const [query, cancelQuery] = context.withTimeout(request, 30 * time.second);
  using _1 = cancelQuery;
  const [cache, cancelCache] = context.withTimeout(query, 1 * time.second);
  using _2 = cancelCache;
  const audit = context.withoutCancel(request);

  const both = new sync.WaitGroup();
  both.go(work, query, "query");
  both.go(work, cache, "cache");
  leave(new Error("the client has left"));
  await both.wait();
  for (const line of lines.sort()) console.log(line);
  console.log("audit goes on:", audit.err() === undefined);
});
