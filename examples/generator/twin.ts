// Broken: the loop stops after five numbers, and the generator is not told: it waits for a reader of the sixth.
import { chan, go, main, type ReceiveChan } from "gocsp";

main(async () => {
  const gen = (): ReceiveChan<number> => {
    const dst = chan<number>();
    go(async () => {
      for (let n = 1; ; n++) await dst.send(n);
    });
    return dst;
  };

  for await (const n of gen()) {
    console.log(n);
    if (n === 5) break;
  }
});
