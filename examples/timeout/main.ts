// A limit for the whole conversation: time.after is made once, outside the loop, so every turn draws on the same time.
// When it is up, the context tells the talker to stop.
import { chan, context, type Context, defer, go, main, type ReceiveChan, select, send, time } from "gocsp";

const talk = (ctx: Context): ReceiveChan<string> => {
  const words = chan<string>();
  go(async () => {
    using _ = defer(() => words.close());
    for (;;) {
      const op = await select({ said: send(words, "bla"), done: ctx.done() });
      if (op.case === "done") return;
      await time.sleep(30 * time.millisecond);
    }
  });
  return words;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const words = talk(ctx);
  console.log(await words.receive());
  const enough = time.after(100 * time.millisecond);
  for (;;) {
    const op = await select({ word: words, enough });
    if (op.case === "enough") break;
  }
  console.log("enough");
  cancel();
  for await (const _ of words);
  console.log("the talker has stopped");
});
