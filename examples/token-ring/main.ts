// A thousand goroutines in a ring elect the one with the largest number: each passes on what is larger than itself, and
// its own when it returns. The election of Chang and Roberts; messages meet only where a channel has a place for them.
import { chan, go, main, type ReceiveChan, type SendChan } from "gocsp";

const node = async (id: number, input: ReceiveChan<number>, out: SendChan<number>, elected: SendChan<number>) => {
  await out.send(id);
  for await (const n of input) {
    if (n > id) {
      await out.send(n);
    } else if (n === id) {
      await elected.send(id);
      return;
    }
  }
};

main(async () => {
  const size = 1000;
  const first = chan<number>(size);
  const elected = chan<number>();
  let input = first;
  for (let i = 0; i < size; i++) {
    const out = i === size - 1 ? first : chan<number>(size);
    go(node, (i * 617 + 1) % 1009, input, out, elected); // 617 and 1009 are prime: all numbers are different
    input = out;
  }
  console.log("elected:", await elected.receive());

  // Then a token goes round the ring three times, with a place for one token only.
  const ring = Array.from({ length: size }, () => chan<number>());
  const home = chan<number>();
  for (let i = 0; i < size; i++) {
    go(async () => {
      for await (const hops of ring[i]!) {
        if (hops === 3 * size) {
          await home.send(i);
          return;
        }
        await ring[(i + 1) % size]!.send(hops + 1);
      }
    });
  }
  await ring[7]!.send(0);
  console.log("the token came home to:", await home.receive());
});
