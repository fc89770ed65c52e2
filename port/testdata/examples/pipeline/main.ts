// A pipeline of three stages whose consumer stops early: the context tells every stage to end, and none of them leaks.
// The classical shape: each stage owns its output channel, closes it when it is done, and never sends without looking
// at ctx.
import { chan, type Context, context, defer, go, main, type ReceiveChan, select, send } from "gocsp";

const ended = chan<string>();

function count(ctx: Context): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    await using _ = defer(async () => await ended.send("count"));
    using _1 = defer(() => out.close());
    for (let n = 1; ; n++) {
      const op = await select({ sent: send(out, n), done: ctx.done() });
      if (op.case === "done") {
        return;
      }
    }
  });
  return out;
}

/** mapped applies f to everything that comes in. */
function mapped(ctx: Context, name: string, in_: ReceiveChan<number>, f: (arg: number) => number): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    await using _ = defer(async () => await ended.send(name));
    using _1 = defer(() => out.close());
    for await (const n of in_) {
      const op = await select({ sent: send(out, f(n)), done: ctx.done() });
      if (op.case === "done") {
        return;
      }
    }
  });
  return out;
}

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;

  const squares = mapped(ctx, "square", count(ctx), (n: number) => n * n);
  for await (const n of mapped(ctx, "half", squares, (n: number) => Math.trunc(n / 2))) {
    if (n > 50) {
      break;
    }
    console.log(n);
  }

  cancel();
  const stages = new Map<string, boolean>();
  for (let i = 0; i < 3; i++) {
    stages.set((await ended.receive()) ?? "", true);
  }
  console.log("ended:", stages.get("count") ?? false, stages.get("square") ?? false, stages.get("half") ?? false);
});
