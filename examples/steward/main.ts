// A steward and his ward: the ward shows by a heartbeat that it is alive. When it falls silent, the steward cancels it, waits
// until it has gone, and starts another. The beats are only offered: the heart must never wait for a receiver.
import { chan, context, type Context, defer, go, main, select, send, type SendChan, time } from "gocsp";

const interval = 5 * time.millisecond;

const ward = async (ctx: Context, life: number, beats: SendChan<void>, results: SendChan<number>) => {
  for (let i = 1; i <= 3; i++) {
    const op = await select({ done: ctx.done(), worked: time.after(interval) });
    if (op.case === "done") return;
    if (life === 1 && i === 2) await ctx.done().receive(); // hangs
    beats.trySend();
  }
  await select({ done: ctx.done(), sent: send(results, life) });
};

main(async () => {
  const results = chan<number>();
  for (let life = 1; ; life++) {
    console.log("life", life, "begins");
    const [ctx, cancel] = context.withCancel(context.background());
    const [beats, gone] = [chan<void>(1), chan<never>()];
    go(async () => {
      using _ = defer(() => gone.close());
      await ward(ctx, life, beats, results);
    });
    let silent = false;
    while (!silent) {
      const op = await select({ result: results, beat: beats, silence: time.after(40 * interval) });
      if (op.case === "result") {
        cancel();
        await gone.receive();
        console.log("done in life", op.value);
        return;
      }
      silent = op.case === "silence";
    }
    cancel();
    await gone.receive();
    console.log("life", life, "fell silent");
  }
});
