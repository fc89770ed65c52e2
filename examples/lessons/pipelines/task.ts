// Main wants only the first line that is long enough, and leaves the reader behind. It must hear of the end while it waits.
import { chan, context, type Context, defer, go, main, type ReceiveChan } from "gocsp";

const lines = (ctx: Context): ReceiveChan<string> => {
  const out = chan<string>();
  go(async () => {
    using _ = defer(() => out.close());
    for (const line of ["a", "abc", "abcdef", "ab"]) {
      if (ctx.err() !== undefined) return;
      await out.send(line);
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
