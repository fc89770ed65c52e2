// A limit for the whole conversation: time.After is made once, outside the loop, so every turn draws on the same time.
// When it is up, the context tells the talker to stop, and main waits until he has.
import { chan, type Context, context, main, select, send, type SendChan, sync, time } from "gocsp";

async function talk(ctx: Context, words: SendChan<string>): Promise<void> {
  for (;;) {
    const op = await select({ sent: send(words, "bla"), done: ctx.done() });
    if (op.case === "done") {
      return;
    }
    await time.sleep(30 * time.millisecond);
  }
}

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const words = chan<string>();
  const talker = new sync.WaitGroup();
  talker.go(async () => await talk(ctx, words));
  console.log((await words.receive()) ?? "");
  const enough = time.after(100 * time.millisecond);
  for (let listening = true; listening;) {
    const op = await select({ words, enough });
    if (op.case === "enough") {
      listening = false;
    }
  }
  console.log("enough");
  cancel();
  await talker.wait();
  console.log("the talker has stopped");
});
