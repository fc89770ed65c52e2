// Broken: the closure sees the variables, not their values of that moment. When the goroutines run, the loop is over,
// and all three of them hold both ends of the same last channel.
import { chan, go, main } from "gocsp";

main(async () => {
  const leftmost = chan<number>();
  let left = leftmost;
  let right = leftmost;
  for (let i = 0; i < 3; i++) {
    right = chan<number>();
    go(async () => {
      const heard = (await right.receive())!;
      await left.send(heard + 1);
    });
    left = right;
  }
  await left.send(1);
  console.log("heard at the end:", await leftmost.receive());
});
