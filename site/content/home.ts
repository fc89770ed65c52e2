import { chan, context, go, main, select, send, time } from "gocsp";

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 70);
  using _ = cancel;

  const results = chan<string>();
  const search = async (name: string, pause: number) => {
    const [own, stop] = context.withCancel(ctx);
    using _ = stop;
    for (let n = 1; ; n++) {
      const tick = time.after(pause);
      const op = await select({ tick, done: own.done() });
      if (op.case === "done") return;
      const out = await select({ sent: send(results, `${name} ${n}`), done: own.done() });
      if (out.case === "done") return;
    }
  };
  go(search, "web", 20);
  go(search, "image", 30);
  go(search, "video", 45);

  for (;;) {
    const op = await select({ result: results, done: ctx.done() });
    if (op.case === "done") break;
    console.log(op.value);
  }
  console.log(ctx.err()?.message);
  await time.sleep(1);
});
