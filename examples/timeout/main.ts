// A limit for the whole conversation: time.after is made once, outside the loop, so every turn draws on the same time.
// When it is up, the context tells the talker to stop, and main waits until he has.
import { chan, context, type Context, main, select, send, type SendChan, sync, time } from "gocsp";

const talk = async (ctx: Context, words: SendChan<string>) => {
  for (;;) {
    const op = await select({ said: send(words, "bla"), done: ctx.done() });
    if (op.case === "done") return;
    await time.sleep(30 * time.millisecond);
  }
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const words = chan<string>();
  const talker = new sync.WaitGroup();
  talker.go(talk, ctx, words);
  console.log(await words.receive());
  const enough = time.after(100 * time.millisecond);
  for (;;) {
    const op = await select({ word: words, enough });
    if (op.case === "enough") break;
  }
  console.log("enough");
  cancel();
  await talker.wait();
  console.log("the talker has stopped");
});
