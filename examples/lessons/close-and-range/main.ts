// The sender closes when no more comes. The loop ends by itself, and a receive from a closed channel returns at once.
import { chan, defer, go, main, type SendChan } from "gocsp";

const fibonacci = async (numbers: SendChan<number>, n: number) => {
  using _ = defer(() => numbers.close());
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) {
    await numbers.send(a);
    [a, b] = [b, a + b];
  }
};

main(async () => {
  const numbers = chan<number>();
  go(fibonacci, numbers, 6);
  for await (const n of numbers) console.log(n);
  const [, ok] = await numbers.receiveOk();
  console.log("another one:", ok);
});
