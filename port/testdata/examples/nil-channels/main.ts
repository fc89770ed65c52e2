// Merging two channels until both are closed: a channel that is drained becomes nil, and a nil channel's case is never
// chosen. Without it the closed channel would win again and again.
import { chan, go, main, nilChan, type ReceiveChan, select } from "gocsp";

function numbers(from: number, to: number): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    for (let n = from; n <= to; n++) {
      await out.send(n);
    }
    out.close();
  });
  return out;
}

main(async () => {
  let a: ReceiveChan<number> = numbers(1, 4);
  let b: ReceiveChan<number> = numbers(10, 60);
  let fromA = 0;
  let fromB = 0;
  let sum = 0;
  while (a !== nilChan() || b !== nilChan()) {
    const op = await select({ a, b });
    switch (op.case) {
      case "a": {
        const n = op.value ?? 0;
        const ok = op.ok;
        if (!ok) {
          a = nilChan();
          break;
        }
        fromA++;
        sum += n;
        break;
      }
      case "b": {
        const n = op.value ?? 0;
        const ok = op.ok;
        if (!ok) {
          b = nilChan();
          break;
        }
        fromB++;
        sum += n;
      }
    }
  }
  console.log("from a:", fromA);
  console.log("from b:", fromB);
  console.log("sum:", sum);

  // All cases nil and a default: the default it is.
  const op = await select({ a, b, default: true });
  switch (op.case) {
    case "a":
      break;
    case "b":
      break;
    case "default":
      console.log("nothing left");
  }
});
