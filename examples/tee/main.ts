// Tee: one channel becomes two, and every value goes to both before the next one is taken. A case that has been chosen
// is disabled for the rest of the round, so that the faster reader does not get the value twice.
import { type Chan, chan, defer, go, main, type ReceiveChan, select, send } from "gocsp";

const tee = (input: ReceiveChan<number>): [ReceiveChan<number>, ReceiveChan<number>] => {
  const [a, b] = [chan<number>(), chan<number>()];
  go(async () => {
    using _1 = defer(() => a.close());
    using _2 = defer(() => b.close());
    for await (const n of input) {
      let [toA, toB]: (Chan<number> | null)[] = [a, b];
      for (let i = 0; i < 2; i++) {
        const op = await select({ a: toA && send(toA, n), b: toB && send(toB, n) });
        switch (op.case) {
          case "a":
            toA = null;
            break;
          case "b":
            toB = null;
        }
      }
    }
  });
  return [a, b];
};

main(async () => {
  const input = chan<number>();
  go(async () => {
    using _ = defer(() => input.close());
    for (let n = 0; n < 5; n++) await input.send(n);
  });

  const [a, b] = tee(input);
  for await (const n of a) console.log(n, await b.receive());
  const [, ok] = await b.receiveOk();
  console.log("b has more:", ok);
});
