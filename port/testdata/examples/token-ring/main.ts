// A thousand goroutines in a ring elect the one with the largest number: each passes on what is larger than itself, and
// its own when it returns. The election of Chang and Roberts; messages meet only where a channel has a place for them.
import { type Chan, chan, go, main, nilChan, type ReceiveChan, type SendChan } from "gocsp";

async function node(id: number, in_: ReceiveChan<number>, out: SendChan<number>, elected: SendChan<number>): Promise<void> {
  await out.send(id);
  for await (const n of in_) {
    if (n > id) {
      await out.send(n);
    } else if (n === id) {
      await elected.send(id);
      return;
    }
  }
}

main(async () => {
  const size = 1000;
  const first_ = chan<number>(size);
  const elected = chan<number>();
  let in_: Chan<number> = first_;
  for (let i = 0; i < size; i++) {
    let out: Chan<number> = chan<number>(size);
    if (i === size - 1) {
      out = first_;
    }
    go(node, (i * 617 + 1) % 1009, in_, out, elected); // 617 and 1009 are prime: all numbers are different
    in_ = out;
  }
  console.log("elected:", (await elected.receive()) ?? 0);

  // Then a token goes round the ring three times, with a place for one token only.
  const ring = Array.from({ length: size }, (): Chan<number> => nilChan());
  for (const i of ring.keys()) {
    ring[i] = chan<number>();
  }
  const home = chan<number>();
  for (const i of ring.keys()) {
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
  console.log("the token came home to:", (await home.receive()) ?? 0);
});
