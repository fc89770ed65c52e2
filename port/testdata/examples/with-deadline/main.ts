// A context with a deadline tells a waiting function to give up at a point in time.
// After the example of WithDeadline in Go's context package.
import { context, main, select } from "gocsp";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

const shortDuration = 1 * time.millisecond;

main(async () => {
  const d = time.now().add(shortDuration);
  const [ctx, cancel] = context.withDeadline(context.background(), d);
  using _ = cancel;

  const op = await select({ after: time.after(1 * time.second), done: ctx.done() });
  switch (op.case) {
    case "after":
      console.log("overslept");
      break;
    case "done":
      fmt.println(ctx.err());
  }
});
