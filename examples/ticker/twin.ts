// Broken: stopping a ticker does not close its channel. The goroutine that ranges over the ticks waits for one more.
import { chan, go, main, time } from "gocsp";

main(async () => {
  const bucket = chan<void>(2);
  const ticker = time.newTicker(10 * time.millisecond);
  go(async () => {
    for await (const _ of ticker.c) bucket.trySend();
    console.log("the ticker has stopped");
  });
  for (let request = 1; request <= 3; request++) {
    await bucket.receive();
    console.log("request", request);
  }
  ticker.stop();
});
