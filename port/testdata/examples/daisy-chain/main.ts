// Ten thousand goroutines in a row: each adds one to what it hears from its right and passes it to its left.
// A well-known proof that goroutines are cheap, and that waking one after the other needs no deep stack.
import { type Chan, chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

async function pass(left: SendChan<number>, right: ReceiveChan<number>): Promise<void> {
  await left.send(1 + ((await right.receive()) ?? 0));
}

main(async () => {
  const n = 10000;
  const leftmost = chan<number>();
  let left: Chan<number> = leftmost;
  for (let i = 0; i < n; i++) {
    const right = chan<number>();
    go(pass, left, right);
    left = right;
  }
  await left.send(1);
  console.log((await leftmost.receive()) ?? 0);
});
