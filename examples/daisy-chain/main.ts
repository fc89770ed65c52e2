// Ten thousand goroutines in a row: each adds one to what it receives from its right and sends it to its left.
// A well-known proof that goroutines are cheap, and that waking one after the other needs no deep stack.
import { chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

const pass = async (left: SendChan<number>, right: ReceiveChan<number>) => {
  await left.send(1 + (await right.receive())!);
};

main(async () => {
  const n = 10000;
  const leftmost = chan<number>();
  let left = leftmost;
  for (let i = 0; i < n; i++) {
    const right = chan<number>();
    go(pass, left, right);
    left = right;
  }
  await left.send(1);
  console.log(await leftmost.receive());
});
