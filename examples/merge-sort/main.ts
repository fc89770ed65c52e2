// Merge sort in which every half is a goroutine and every merge reads two channels: a tree of goroutines, a stream at
// each branch. The sorted numbers begin to come out at the top while the merges below still go on.
import { chan, defer, go, main, type ReceiveChan } from "gocsp";

const sorted = (values: number[]): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    if (values.length === 0) return;
    if (values.length === 1) {
      await out.send(values[0]!);
      return;
    }
    const half = Math.trunc(values.length / 2);
    const [left, right] = [sorted(values.slice(0, half)), sorted(values.slice(half))];
    let [a, okA] = await left.receiveOk();
    let [b, okB] = await right.receiveOk();
    while (okA || okB) {
      if (okA && (!okB || a! <= b!)) {
        await out.send(a!);
        [a, okA] = await left.receiveOk();
      } else {
        await out.send(b!);
        [b, okB] = await right.receiveOk();
      }
    }
  });
  return out;
};

main(async () => {
  for await (const n of sorted([31, 4, 15, 9, 26, 5, 35, 8, 97, 9, 32, 3])) console.log(n);

  const numbers = Array.from({ length: 2000 }, (_, i) => (i * 7919) % 2003);
  let [inOrder, count, last] = [true, 0, -1];
  for await (const n of sorted(numbers)) {
    inOrder &&= last <= n;
    last = n;
    count++;
  }
  console.log(count, "numbers in order:", inOrder);
});
