// First come, first served: values leave a channel in the order in which they came, whatever its capacity.
// A full buffer takes the first waiting sender's value in the same step in which it delivers its oldest one.
import { chan, defer, go, main } from "gocsp";

main(async () => {
  for (const capacity of [0, 1, 16]) {
    const ch = chan<number>(capacity);
    go(async () => {
      using _ = defer(() => ch.close());
      for (let n = 0; n < 100; n++) await ch.send(n);
    });
    let [next, inOrder] = [0, true];
    for await (const n of ch) {
      inOrder &&= n === next;
      next++;
    }
    console.log("capacity", capacity, "values", next, "in order", inOrder);
  }

  const ch = chan<string>(2);
  await ch.send("a");
  await ch.send("b");
  const [ready, sent] = [chan<never>(), chan<never>()];
  go(async () => {
    ready.close();
    await ch.send("c");
    sent.close();
  });
  await ready.receive();
  console.log("full:", ch.length, ch.capacity);
  console.log("received:", await ch.receive());
  await sent.receive();
  console.log("full again:", ch.length);
  console.log("then:", await ch.receive(), await ch.receive(), ch.length);

  // Many senders and many receivers at once: every value arrives exactly once.
  const counts = chan<Map<number, number>>();
  for (const capacity of [0, 1, 16]) {
    const many = chan<number>(capacity);
    const done = chan<void>();
    for (let i = 0; i < 4; i++) {
      go(async () => {
        for (let n = 0; n < 500; n++) await many.send(n);
        await done.send();
      });
      go(async () => {
        const seen = new Map<number, number>();
        for await (const n of many) seen.set(n, (seen.get(n) ?? 0) + 1);
        await counts.send(seen);
      });
    }
    for (let i = 0; i < 4; i++) await done.receive();
    many.close();
    const total = new Map<number, number>();
    for (let i = 0; i < 4; i++) {
      for (const [n, count] of (await counts.receive())!) total.set(n, (total.get(n) ?? 0) + count);
    }
    const exact = total.size === 500 && [...total.values()].every((count) => count === 4);
    console.log("capacity", capacity, "each of 500 four times:", exact);
  }
});
