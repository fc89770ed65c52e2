// Requests at a steady rate, then bursts: a ticker lets one pass per period, a bucket of tokens lets three go ahead at
// once. How many periods went by is checked, not printed: clocks differ, the lower bound does not.
import { chan, defer, go, main } from "gocsp";
import * as time from "gocsp/golib/time";

const period = 5 * time.millisecond;

main(async () => {
  // Steady: five requests need at least five ticks.
  const ticker = time.newTicker(period);
  using _ = defer(() => ticker.stop());
  let start = time.now();
  for (let request = 1; request <= 5; request++) {
    await ticker.c.receive();
    console.log("steady", request);
  }
  console.log("took five periods:", time.since(start) >= 5 * period);

  // Bursts: three tokens are in the bucket, a goroutine adds one per period while there is room.
  const bucket = chan<void>(3);
  for (let i = 0, n = bucket.capacity; i < n; i++) {
    await bucket.send();
  }
  start = time.now();
  go(async () => {
    for await (const _1 of time.tick(period)) {
      bucket.trySend();
    }
  });
  for (let request = 1; request <= 5; request++) {
    await bucket.receive();
    console.log("burst", request);
  }
  console.log("waited for a token:", time.since(start) >= period);
});
