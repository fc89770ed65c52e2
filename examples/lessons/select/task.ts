// Main adds up what comes from two channels, and stops when the first of them is closed. Read both to their ends.
import { chan, go, main, select, type SendChan } from "gocsp";

const count = async (out: SendChan<number>, n: number) => {
  for (let i = 1; i <= n; i++) await out.send(i);
  out.close();
};

main(async () => {
  const [a, b] = [chan<number>(), chan<number>()];
  go(count, a, 1);
  go(count, b, 3);
  let sum = 0;
  for (;;) {
    const op = await select({ a, b });
    if (!op.ok) break;
    sum += op.value;
  }
  console.log("sum:", sum);
});
