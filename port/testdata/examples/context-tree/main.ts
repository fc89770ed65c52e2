// A tree of contexts: the client leaves, and the cancel runs from its request down to the query and the cache, each with the
// cause. What must be done all the same, the audit, has cut itself off.
import { type Context, context, defer, main, sync, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";
import * as slices from "gocsp/golib/slices";

// mu: no section of this mutex waits, so nobody needs it here.
let lines: string[] = [];

async function work(ctx: Context, name: string): Promise<void> {
  await ctx.done().receive();
  lines.push(fmt.sprintf("%s ends: %v", name, context.cause(ctx)));
}

main(async () => {
  const [request, leave] = context.withCancelCause(context.background());
  using _ = defer(() => leave(undefined));
  const [query, cancelQuery] = context.withTimeout(request, 30 * time.second);
  using _1 = cancelQuery;
  const [cache, cancelCache] = context.withTimeout(query, 1 * time.second);
  using _2 = cancelCache;
  const audit = context.withoutCancel(request);

  const both = new sync.WaitGroup();
  both.go(async () => await work(query, "query"));
  both.go(async () => await work(cache, "cache"));
  leave(new Error("the client has left"));
  await both.wait();
  slices.sort(lines);
  for (const line of lines) {
    console.log(line);
  }
  console.log("audit goes on:", audit.err() === undefined);
});
