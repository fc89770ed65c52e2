// Room for the one result: the goroutine can put it down and go, whether somebody takes it or not.
import { chan, context, go, main, select } from "gocsp";

main(async () => {
  const [ctx, giveUp] = context.withCancel(context.background());
  const result = chan<string>(1);
  go(() => result.send("42"));
  go(() => giveUp());
  await select({ result, gaveUp: ctx.done() });
  console.log("end");
});
