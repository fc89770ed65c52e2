// Repaired: the two ends are handed over as arguments, with their values of that moment.
import { chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

const whisper = async (left: SendChan<number>, right: ReceiveChan<number>) => {
  const heard = (await right.receive())!;
  await left.send(heard + 1);
};

main(async () => {
  const leftmost = chan<number>();
  let left = leftmost;
  for (let i = 0; i < 3; i++) {
    const right = chan<number>();
    go(whisper, left, right);
    left = right;
  }
  await left.send(1);
  console.log("heard at the end:", await leftmost.receive());
});
