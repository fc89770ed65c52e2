// What a receive brings was finished before it was sent.
import { chan, go, gosched, main, type SendChan } from "gocsp";

const add = async (numbers: readonly number[], sums: SendChan<number>) => {
  let sum = 0;
  for (const n of numbers) {
    await gosched(); // each number takes a while
    sum += n;
  }
  await sums.send(sum);
};

main(async () => {
  const sums = chan<number>();
  go(add, [1, 2], sums);
  go(add, [3, 4], sums);
  const total = (await sums.receive())! + (await sums.receive())!;
  console.log("total:", total);
});
