// Broken: the first stage looks at the context, the second does not. It may be left with a square that nobody takes.
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

const square = (input: ReceiveChan<number>): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    for await (const n of input) await out.send(n * n);
  });
  return out;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const squares = square(count(ctx));
  console.log(await squares.receive());
  cancel();
});
