// Repaired: both stages look at the context while they send.
import { chan, context, type Context, defer, go, main, type ReceiveChan, select, send } from "gocsp";

const count = (ctx: Context): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    for (let n = 1; ; n++) {
      const op = await select({ sent: send(out, n), done: ctx.done() });
      if (op.case === "done") return;
    }
  });
  return out;
};

const square = (ctx: Context, input: ReceiveChan<number>): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    for await (const n of input) {
      const op = await select({ sent: send(out, n * n), done: ctx.done() });
      if (op.case === "done") return;
    }
  });
  return out;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const squares = square(ctx, count(ctx));
  console.log(await squares.receive());
  cancel();
});
