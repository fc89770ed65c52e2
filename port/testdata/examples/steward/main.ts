// A steward and his ward: the ward shows by a heartbeat that it is alive. When it falls silent, the steward cancels it, waits
// until it has gone, and starts another. The beats are only offered: a heart must not wait for somebody who listens.
import { chan, type Context, context, defer, go, main, select, send, type SendChan, time } from "gocsp";

const interval = 5 * time.millisecond;

async function ward(ctx: Context, life: number, beats: SendChan<void>, results: SendChan<number>): Promise<void> {
  for (let i = 1; i <= 3; i++) {
    const op = await select({ done: ctx.done(), after: time.after(interval) });
    if (op.case === "done") {
      return;
    }
    if (life === 1 && i === 2) {
      await ctx.done().receive(); // hangs
    }
    beats.trySend();
  }
  await select({ done: ctx.done(), sent: send(results, life) });
}

main(async () => {
  const results = chan<number>();
  for (let life = 1; ; life++) {
    console.log("life", life, "begins");
    const [ctx, cancel] = context.withCancel(context.background());
    const beats = chan<void>(1);
    const gone = chan<void>();
    go(async () => {
      using _ = defer(() => gone.close());
      await ward(ctx, life, beats, results);
    });
    let silent = false;
    while (!silent) {
      const op = await select({ results, beats, after: time.after(40 * interval) });
      switch (op.case) {
        case "results": {
          const result = op.value ?? 0;
          cancel();
          await gone.receive();
          console.log("done in life", result);
          return;
        }
        case "beats":
          break;
        case "after":
          silent = true;
      }
    }
    cancel();
    await gone.receive();
    console.log("life", life, "fell silent");
  }
});
