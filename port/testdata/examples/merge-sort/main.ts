// Merge sort in which every half is a goroutine and every merge reads two channels: a tree of goroutines, a stream at
// each branch. The sorted numbers begin to come out at the top while the merges below still go on.
import { chan, defer, go, main, type ReceiveChan } from "gocsp";

function sorted(values: number[]): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    using _ = defer(() => out.close());
    if (values.length === 0) {
      return;
    }
    if (values.length === 1) {
      await out.send(values[0]!);
      return;
    }
    const left = sorted(values.slice(0, Math.trunc(values.length / 2)));
    const right = sorted(values.slice(Math.trunc(values.length / 2)));
    let [a = 0, okA] = await left.receiveOk();
    let [b = 0, okB] = await right.receiveOk();
    while (okA || okB) {
      if (okA && (!okB || a <= b)) {
        await out.send(a);
        [a = 0, okA] = await left.receiveOk();
      } else {
        await out.send(b);
        [b = 0, okB] = await right.receiveOk();
      }
    }
  });
  return out;
}

main(async () => {
  for await (const n of sorted([31, 4, 15, 9, 26, 5, 35, 8, 97, 9, 32, 3])) {
    console.log(n);
  }

  const numbers = new Array<number>(2000).fill(0);
  for (const i of numbers.keys()) {
    numbers[i] = i * 7919 % 2003;
  }
  let inOrder = true;
  let count = 0;
  let last = -1;
  for await (const n of sorted(numbers)) {
    inOrder = inOrder && last <= n;
    last = n;
    count++;
  }
  console.log(count, "numbers in order:", inOrder);
});
