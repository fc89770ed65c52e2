// Two goroutines add up half of the numbers each. Their sums come back over a channel, in whichever order.
import { chan, go, main, type SendChan } from "gocsp";

const add = async (numbers: readonly number[], sums: SendChan<number>) => {
  let sum = 0;
  for (const n of numbers) sum += n;
  await sums.send(sum);
};

main(async () => {
  const sums = chan<number>();
  go(add, [7, 2, 8], sums);
  go(add, [-9, 4, 0], sums);
  const [a, b] = [(await sums.receive())!, (await sums.receive())!];
  console.log(a, "and", b, "make", a + b);
});
