// Leaving a range over a channel neither closes it nor loses a value: the next range continues where this one stopped.
// It ends at once on a channel that is closed and drained, and takes no value before it is asked for one.
import { chan, go, main } from "gocsp";

main(async () => {
  const numbers = chan<number>();
  go(async () => {
    for (let n = 1; n <= 10; n++) await numbers.send(n);
    numbers.close();
  });

  for await (const n of numbers) {
    console.log("first:", n);
    if (n === 3) break;
  }
  console.log("between:", await numbers.receive());
  for await (const n of numbers) {
    if (n % 2 === 0) continue;
    console.log("second:", n);
    if (n > 6) break;
  }
  let count = 0;
  for await (const _ of numbers) count++;
  console.log("rest:", count);
  for await (const _ of numbers) console.log("never printed");

  // Two loops share one channel: together they see every value once.
  const [shared, sums] = [chan<number>(4), chan<number>()];
  for (let i = 0; i < 2; i++) {
    go(async () => {
      let sum = 0;
      for await (const n of shared) sum += n;
      await sums.send(sum);
    });
  }
  for (let n = 0; n < 100; n++) await shared.send(n);
  shared.close();
  console.log("sum:", (await sums.receive())! + (await sums.receive())!);
});
