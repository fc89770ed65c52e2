// Tee: one channel becomes two, and every value goes to both before the next one is taken. A channel that has got its
// value turns nil for the rest of the round, so that the faster reader does not get it twice.
import { type Chan, chan, defer, go, main, nilChan, type ReceiveChan, select, send } from "gocsp";

function tee(in_: ReceiveChan<number>): [ReceiveChan<number>, ReceiveChan<number>] {
  const a = chan<number>();
  const b = chan<number>();
  go(async () => {
    using _ = defer(() => a.close());
    using _1 = defer(() => b.close());
    for await (const n of in_) {
      let toA: Chan<number> = a;
      let toB: Chan<number> = b;
      for (let i = 0; i < 2; i++) {
        const op = await select({ sent: send(toA, n), sent2: send(toB, n) });
        switch (op.case) {
          case "sent":
            toA = nilChan();
            break;
          case "sent2":
            toB = nilChan();
        }
      }
    }
  });
  return [a, b];
}

main(async () => {
  const in_ = chan<number>();
  go(async () => {
    using _ = defer(() => in_.close());
    for (let n = 0; n < 5; n++) {
      await in_.send(n);
    }
  });

  const [a, b] = tee(in_);
  for await (const n of a) {
    console.log(n, (await b.receive()) ?? 0);
  }
  const [, ok] = await b.receiveOk();
  console.log("b has more:", ok);
});
