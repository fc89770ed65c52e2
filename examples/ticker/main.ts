// Requests at a steady rate, with bursts of two: a ticker puts a token into a bucket, a request takes one out.
// A token that finds the bucket full is dropped, so the ticker's goroutine never waits for a request.
import { chan, context, type Context, defer, main, select, type SendChan, sync, time } from "gocsp";

const fill = async (ctx: Context, bucket: SendChan<void>) => {
  const ticker = time.newTicker(10 * time.millisecond);
  using _ = defer(() => ticker.stop());
  for (;;) {
    const op = await select({ done: ctx.done(), tick: ticker.c });
    if (op.case === "done") return;
    bucket.trySend();
  }
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const bucket = chan<void>(2);
  await bucket.send();
  await bucket.send();
  const filler = new sync.WaitGroup();
  filler.go(fill, ctx, bucket);
  for (let request = 1; request <= 4; request++) {
    await bucket.receive();
    console.log("request", request);
  }
  cancel();
  await filler.wait();
  console.log("the ticker has stopped");
});
