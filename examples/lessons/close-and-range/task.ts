// Two goroutines send, main adds up, and nobody tells it that no more comes. Close the channel: when may that be?
import { chan, go, main, type SendChan } from "gocsp";

const count = async (numbers: SendChan<number>, from: number) => {
  for (let n = from; n < from + 2; n++) await numbers.send(n);
};

main(async () => {
  const numbers = chan<number>();
  go(count, numbers, 1);
  go(count, numbers, 3);
  let sum = 0;
  for await (const n of numbers) sum += n;
  console.log("sum:", sum);
});
