// Merging two channels until both are closed: a channel that is drained becomes null, and a nil channel's case is never
// chosen. Without it the closed channel would win again and again.
import { chan, go, main, type ReceiveChan, select } from "gocsp";

const numbers = (from: number, to: number): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    for (let n = from; n <= to; n++) await out.send(n);
    out.close();
  });
  return out;
};

main(async () => {
  let a: ReceiveChan<number> | null = numbers(1, 4);
  let b: ReceiveChan<number> | null = numbers(10, 60);
  let [fromA, fromB, sum] = [0, 0, 0];
  while (a || b) {
    const op = await select({ a, b });
    switch (op.case) {
      case "a":
        if (!op.ok) {
          a = null;
          break;
        }
        fromA++;
        sum += op.value;
        break;
      case "b":
        if (!op.ok) {
          b = null;
          break;
        }
        fromB++;
        sum += op.value;
    }
  }
  console.log("from a:", fromA);
  console.log("from b:", fromB);
  console.log("sum:", sum);

  // All cases nil and a default: the default is chosen.
  const op = await select({ a, b, default: true });
  if (op.case === "default") console.log("nothing left");
});
