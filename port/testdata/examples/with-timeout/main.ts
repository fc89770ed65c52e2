// A context with a timeout: first in a select, then around a slow operation that is in time once and late once.
// After the two examples of WithTimeout in Go's context package.
import { type CancelFunc, type Context, context, main, select, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

const shortDuration = 1 * time.millisecond;

export type Result = number;

async function slowOperation(ctx: Context, work: number): Promise<[Result, Error | undefined]> {
  const op = await select({ after: time.after(work), done: ctx.done() });
  switch (op.case) {
    case "after":
      return [42, undefined];
    case "done":
      return [0, ctx.err()];
  }
}

async function slowOperationWithTimeout(ctx: Context, work: number): Promise<[Result, Error | undefined]> {
  let cancel: CancelFunc;
  [ctx, cancel] = context.withTimeout(ctx, 100 * time.millisecond);
  using _ = cancel; // frees the timer if slowOperation is in time
  return await slowOperation(ctx, work);
}

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), shortDuration);
  using _ = cancel;

  const op = await select({ after: time.after(1 * time.second), done: ctx.done() });
  switch (op.case) {
    case "after":
      console.log("overslept");
      break;
    case "done":
      fmt.println(ctx.err());
  }

  for (const work of [shortDuration, 1 * time.hour]) {
    const [result, err] = await slowOperationWithTimeout(context.background(), work);
    if (err !== undefined) {
      fmt.println("gave up:", err);
      continue;
    }
    fmt.println("in time:", result);
  }
});
