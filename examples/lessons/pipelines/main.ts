// Three stages: numbers, squares, and main, which adds up. While main adds one, the others are at the next.
import { chan, defer, go, main, type ReceiveChan } from "gocsp";

const count = (n: number): ReceiveChan<number> => {
  const numbers = chan<number>();
  go(async () => {
    using _ = defer(() => numbers.close());
    for (let i = 1; i <= n; i++) await numbers.send(i);
  });
  return numbers;
};

const square = (numbers: ReceiveChan<number>): ReceiveChan<number> => {
  const squares = chan<number>();
  go(async () => {
    using _ = defer(() => squares.close());
    for await (const n of numbers) await squares.send(n * n);
  });
  return squares;
};

main(async () => {
  let sum = 0;
  for await (const n of square(count(4))) sum += n;
  console.log("sum of squares:", sum);
});
