// Jobs that are delivered until they are done: one fails and is tried again, one is canceled while it runs, one is rejected.
// The topic is in memory; on PostgreSQL or NATS sender and worker are processes of their own.
import { chan, context, main } from "gocsp";
import * as topic from "gocsp/topic";

main(async () => {
  const ctx = context.background();
  await using broker = await topic.open(ctx, topic.memory());
  const jobs = broker.topic<string>("images", { maxAttempts: 3, backoff: () => 1 });

  for (const name of ["fine", "flaky", "endless", "broken"]) await jobs.send(ctx, name, { id: name });

  const begun = chan<string>(1);
  const [working, stop] = context.withCancel(ctx);
  let left = 4;
  const handled = jobs.handle(working, { concurrency: 1 }, async (ctx, name, d) => {
    console.log(`${name}: attempt ${d.attempt}`);
    if (name === "flaky" && d.attempt === 1) throw new Error("no luck");
    let err: Error | undefined;
    if (name === "endless") {
      await begun.send(name);
      await ctx.done().receive();
      console.log(`${name}: ${context.cause(ctx)?.message}`);
      err = ctx.err();
    } else if (name === "broken") {
      await d.reject("it is no image");
    }
    // A job that is canceled or rejected is not retried.
    if (--left === 0) stop();
    if (err !== undefined) throw err;
  });

  await begun.receive();
  await jobs.cancel(ctx, "endless", "the user closed the tab");
  await handled;

  for await (const { id, reason } of jobs.dead(ctx)) console.log(`dead: ${id}: ${reason}`);
});
