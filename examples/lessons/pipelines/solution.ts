// The send is a case beside ctx.done(). Main's deferred cancel ends the reader, wherever main leaves its loop.
import { chan, context, type Context, defer, go, main, type ReceiveChan, select, send } from "gocsp";

const lines = (ctx: Context): ReceiveChan<string> => {
  const out = chan<string>();
  go(async () => {
    using _ = defer(() => out.close());
    for (const line of ["a", "abc", "abcdef", "ab"]) {
      const op = await select({ sent: send(out, line), done: ctx.done() });
      if (op.case === "done") return;
    }
  });
  return out;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  for await (const line of lines(ctx)) {
    if (line.length < 3) continue;
    console.log("found:", line);
    break;
  }
});
