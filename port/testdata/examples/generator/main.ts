// A generator that does not leak: when the context ends, its goroutine ends too, and proves it.
// After the example of WithCancel in Go's context package.
import { chan, type Context, context, defer, go, main, type ReceiveChan, select, send } from "gocsp";

main(async () => {
  const ended = chan<void>();

  const gen = (ctx: Context): ReceiveChan<number> => {
    const dst = chan<number>();
    let n = 1;
    go(async () => {
      using _ = defer(() => ended.close());
      for (;;) {
        const op = await select({ done: ctx.done(), sent: send(dst, n) });
        switch (op.case) {
          case "done":
            return;
          case "sent":
            n++;
        }
      }
    });
    return dst;
  };

  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;

  for await (const n of gen(ctx)) {
    console.log(n);
    if (n === 5) {
      break;
    }
  }

  cancel();
  await ended.receive();
  console.log("generator ended");
});
