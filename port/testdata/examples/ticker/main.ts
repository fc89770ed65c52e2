// Requests at a steady rate, with bursts of two: a ticker puts a token into a bucket, a request takes one out.
// A token that finds the bucket full is dropped, so the ticker's goroutine never waits for a request.
import { chan, type Context, context, defer, main, select, type SendChan, sync, time } from "gocsp";

async function fill(ctx: Context, bucket: SendChan<void>): Promise<void> {
  const ticker = time.newTicker(10 * time.millisecond);
  using _ = defer(() => ticker.stop());
  for (;;) {
    const op = await select({ done: ctx.done(), ticker: ticker.c });
    switch (op.case) {
      case "done":
        return;
      case "ticker": {
        bucket.trySend();
      }
    }
  }
}

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const bucket = chan<void>(2);
  await bucket.send();
  await bucket.send();
  const filler = new sync.WaitGroup();
  filler.go(async () => await fill(ctx, bucket));
  for (let request = 1; request <= 4; request++) {
    await bucket.receive();
    console.log("request", request);
  }
  cancel();
  await filler.wait();
  console.log("the ticker has stopped");
});
