// With more than one sender none of them may close. One more goroutine waits for all of them, and closes.
import { chan, go, main, type SendChan, sync } from "gocsp";

const count = async (numbers: SendChan<number>, from: number) => {
  for (let n = from; n < from + 2; n++) await numbers.send(n);
};

main(async () => {
  const numbers = chan<number>();
  const senders = new sync.WaitGroup();
  senders.go(count, numbers, 1);
  senders.go(count, numbers, 3);
  go(async () => {
    await senders.wait();
    numbers.close();
  });
  let sum = 0;
  for await (const n of numbers) sum += n;
  console.log("sum:", sum);
});
