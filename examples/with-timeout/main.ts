// A context with a timeout: first in a select, then around a slow operation that is in time once and late once.
// After the two examples of WithTimeout in Go's context package.
import { context, type Context, main, select, time } from "gocsp";

const shortDuration = 1 * time.millisecond;

type Result = number;

const slowOperation = async (ctx: Context, work: number): Promise<Result> => {
  const op = await select({ worked: time.after(work), done: ctx.done() });
  switch (op.case) {
    case "worked":
      return 42;
    case "done":
      throw ctx.err();
  }
};

const slowOperationWithTimeout = async (parent: Context, work: number): Promise<Result> => {
  const [ctx, cancel] = context.withTimeout(parent, 100 * time.millisecond);
  using _ = cancel; // frees the timer if slowOperation is in time
  return await slowOperation(ctx, work);
};

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), shortDuration);
  using _ = cancel;

  const op = await select({ late: time.after(1 * time.second), done: ctx.done() });
  switch (op.case) {
    case "late":
      console.log("overslept");
      break;
    case "done":
      console.log(ctx.err()?.message);
  }

  for (const work of [shortDuration, 1 * time.hour]) {
    try {
      const result = await slowOperationWithTimeout(context.background(), work);
      console.log("in time:", result);
    } catch (err) {
      console.log("gave up:", (err as Error).message);
    }
  }
});
