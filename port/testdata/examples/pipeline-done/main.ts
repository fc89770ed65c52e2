// A pipeline whose reader stops early: every stage sends in a select with ctx.Done(), so the end of the context ends all.
// Each stage owns its output and closes it; main waits until both have gone.
import { chan, type Context, context, defer, main, type ReceiveChan, select, send, sync } from "gocsp";

const stages = new sync.WaitGroup();

function count(ctx: Context): ReceiveChan<number> {
  const out = chan<number>();
  stages.go(async () => {
    using _ = defer(() => out.close());
    for (let n = 1; ; n++) {
      const op = await select({ sent: send(out, n), done: ctx.done() });
      if (op.case === "done") {
        return;
      }
    }
  });
  return out;
}

function square(ctx: Context, input: ReceiveChan<number>): ReceiveChan<number> {
  const out = chan<number>();
  stages.go(async () => {
    using _ = defer(() => out.close());
    for await (const n of input) {
      const op = await select({ sent: send(out, n * n), done: ctx.done() });
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
  const squares = square(ctx, count(ctx));
  for (let i = 0; i < 2; i++) {
    console.log((await squares.receive()) ?? 0);
  }
  cancel();
  await stages.wait();
  console.log("both stages have ended");
});
