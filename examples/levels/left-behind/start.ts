// Main waits for a result, or for the user to give up.
import { chan, context, go, main, select } from "gocsp";

main(async () => {
  const [ctx, giveUp] = context.withCancel(context.background());
  const result = chan<string>();
  go(() => result.send("42"));
  go(() => giveUp());
  await select({ result, gaveUp: ctx.done() });
  console.log("end");
});
