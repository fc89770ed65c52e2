// Fan-out: several goroutines receive from one channel, each value goes to one of them. Fan-in: their results come
// together again. Who handles what is left to chance; that every value is handled exactly once is not.
import { chan, defer, go, main, type ReceiveChan } from "gocsp";

function numbers(limit: number): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    for (let n = 1; n <= limit; n++) {
      await out.send(n);
    }
  });
  return out;
}

function square(in_: ReceiveChan<number>): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    for await (const n of in_) {
      await out.send(n * n);
    }
  });
  return out;
}

/** merge closes its channel when all of the given ones are closed and drained. */
function merge(...ins: ReceiveChan<number>[]): ReceiveChan<number> {
  const out = chan<number>();
  const done = chan<void>();
  for (const in_ of ins) {
    go(async () => {
      for await (const n of in_) {
        await out.send(n);
      }
      await done.send();
    });
  }
  go(async () => {
    for (const _ of ins) {
      await done.receive();
    }
    out.close();
  });
  return out;
}

main(async () => {
  const in_ = numbers(100);
  let results = 0;
  let sum = 0;
  for await (const n of merge(square(in_), square(in_), square(in_))) {
    results++;
    sum += n;
  }
  console.log("results:", results);
  console.log("sum of squares:", sum);
});
