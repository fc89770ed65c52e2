// Jobs that are delivered until they are done: one fails and is tried again, one is canceled while it runs, one is no use.
// The queue is in memory, see queue.go; river and asynq have it in PostgreSQL and in Redis.
import { chan, type Context, context, main, time } from "gocsp";
import { boxError } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import { newQueue, RejectedValue } from "./queue.ts";

main(async () => {
  const ctx = context.background();
  const jobs = newQueue(3, time.millisecond);

  for (const name of ["fine", "flaky", "endless", "broken"]) {
    await jobs.send(name);
  }

  const begun = chan<string>(1);
  const [working, stop] = context.withCancel(ctx);
  let left = 4;
  const handled = jobs.handle(working, async (ctx: Context, name: string, attempt: number): Promise<Error | undefined> => {
    console.log(`${name}: attempt ${attempt}`);
    if (name === "flaky" && attempt === 1) {
      return new Error("no luck");
    }
    let err: Error | undefined;
    if (name === "endless") {
      await begun.send(name);
      await ctx.done().receive();
      fmt.printf("%s: topic: %v\n", name, context.cause(ctx));
      err = ctx.err();
    } else if (name === "broken") {
      err = boxError(RejectedValue, "it is no image");
    }
    // What is canceled or rejected is not tried again.
    left--;
    if (left === 0) {
      stop();
    }
    return err;
  });

  await begun.receive();
  jobs.cancel("endless", "the user closed the tab");
  await handled.receive();

  for (const d of jobs.dead) {
    console.log(`dead: ${d.id}: ${d.reason}`);
  }
});
