// Fan-out: several goroutines receive from one channel, each value goes to one of them. Fan-in: their results come
// together again. Who handles what is left to chance; that every value is handled exactly once is not.
import { chan, defer, go, main, type ReceiveChan } from "gocsp";

const numbers = (limit: number): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    for (let n = 1; n <= limit; n++) await out.send(n);
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

/** Closes its channel when all of the given ones are closed and drained. */
const merge = (...inputs: ReceiveChan<number>[]): ReceiveChan<number> => {
  const out = chan<number>();
  const done = chan<void>();
  for (const input of inputs) {
    go(async () => {
      for await (const n of input) await out.send(n);
      await done.send();
    });
  }
  go(async () => {
    for (const _ of inputs) await done.receive();
    out.close();
  });
  return out;
};

main(async () => {
  const input = numbers(100);
  let [results, sum] = [0, 0];
  for await (const n of merge(square(input), square(input), square(input))) {
    results++;
    sum += n;
  }
  console.log("results:", results);
  console.log("sum of squares:", sum);
});
