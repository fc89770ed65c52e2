// A context with a deadline tells a waiting function to give up at a point in time.
// After the example of WithDeadline in Go's context package.
import { context, main, select, time } from "gocsp";

const shortDuration = 1 * time.millisecond;

main(async () => {
  const d = new Date(Date.now() + shortDuration);
  const [ctx, cancel] = context.withDeadline(context.background(), d);
  using _ = cancel;

  const op = await select({ late: time.after(1 * time.second), done: ctx.done() });
  switch (op.case) {
    case "late":
      console.log("overslept");
      break;
    case "done":
      console.log(ctx.err()?.message);
  }
});
