// A daisy chain of eight: each goroutine hears a number from its right, adds one, and whispers it to its left.
// The example daisy-chain does the same with ten thousand.
import { type Chan, chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

async function whisper(left: SendChan<number>, right: ReceiveChan<number>): Promise<void> {
  const heard = (await right.receive()) ?? 0;
  await left.send(heard + 1);
}

main(async () => {
  const leftmost = chan<number>();
  let left: Chan<number> = leftmost;
  for (let i = 0; i < 8; i++) {
    const right = chan<number>();
    go(whisper, left, right);
    left = right;
  }
  await left.send(1);
  console.log("heard at the end:", (await leftmost.receive()) ?? 0);
});
