// Or-done: a channel that follows another one until that is closed or the context ends, so that a plain range can be
// left by cancel. The goroutine in between takes over the select that every consumer would have to write.
import { type Chan, chan, type Context, context, defer, go, main, type ReceiveChan, select, send } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

function orDone(ctx: Context, in_: ReceiveChan<number>): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    for (;;) {
      const op = await select({ done: ctx.done(), in: in_ });
      switch (op.case) {
        case "done":
          return;
        case "in": {
          const n = op.value ?? 0;
          const ok = op.ok;
          if (!ok) {
            return;
          }
          const op1 = await select({ sent: send(out, n), done: ctx.done() });
          if (op1.case === "done") {
            return;
          }
        }
      }
    }
  });
  return out;
}

main(async () => {
  // The source is closed: the range ends by itself.
  let source: Chan<number> = chan<number>(3);
  for (let n = 0; n < 3; n++) {
    await source.send(n);
  }
  source.close();
  for await (const n of orDone(context.background(), source)) {
    console.log("from the source:", n);
  }

  // The source falls silent for ever: the context ends the range.
  source = chan<number>(3);
  for (let n = 0; n < 3; n++) {
    await source.send(n);
  }
  const [ctx, cancel] = context.withCancel(context.background());
  for await (const n of orDone(ctx, source)) {
    console.log("from a silent source:", n);
    if (n === 2) {
      cancel();
    }
  }
  fmt.println(ctx.err());
});
