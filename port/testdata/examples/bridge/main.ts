// Bridge: a channel of channels read as one, in order, each to its end before the next one is taken.
// Channels are values: they can be sent over channels like anything else.
import { type Chan, chan, defer, go, main, type ReceiveChan } from "gocsp";

function bridge(chans: ReceiveChan<ReceiveChan<string>>): ReceiveChan<string> {
  const out = chan<string>();
  go(async () => {
    using _ = defer(() => out.close());
    for await (const ch of chans) {
      for await (const s of ch) {
        await out.send(s);
      }
    }
  });
  return out;
}

function chapters(): ReceiveChan<ReceiveChan<string>> {
  const chans = chan<ReceiveChan<string>>();
  go(async () => {
    using _ = defer(() => chans.close());
    for (let i = 1; i <= 3; i++) {
      const ch = chan<string>(2);
      await ch.send(`chapter ${i}, page 1`);
      await ch.send(`chapter ${i}, page 2`);
      ch.close();
      await chans.send(ch);
    }
  });
  return chans;
}

main(async () => {
  for await (const page of bridge(chapters())) {
    console.log(page);
  }

  // Receive a channel, then receive from what was received.
  const outer = chan<Chan<number>>(1);
  const inner = chan<number>(1);
  await inner.send(42);
  await outer.send(inner);
  console.log((await (await outer.receive())!.receive()) ?? 0);
});
