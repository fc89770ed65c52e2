// The numbers whose only prime factors are 2, 3 and 5, in order: a network that multiplies its own output and merges it
// again. Dijkstra's exercise; the buffers grow with the lag between the three branches, so each branch keeps a queue of
// its own.
import { chan, go, main, type ReceiveChan, select, send, type SendChan } from "gocsp";

/** Multiplies what comes in, and holds it until it is received: a select that sends only when it has something. */
const times = (factor: number): [SendChan<number>, ReceiveChan<number>] => {
  const [input, out] = [chan<number>(), chan<number>()];
  go(async () => {
    const queue: number[] = [];
    for (;;) {
      const op = await select({ input, sent: queue.length > 0 && send(out, queue[0]!) });
      switch (op.case) {
        case "input":
          queue.push(op.value! * factor);
          break;
        case "sent":
          queue.shift();
      }
    }
  });
  return [input, out];
};

const hamming = (): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    const [in2, out2] = times(2);
    const [in3, out3] = times(3);
    const [in5, out5] = times(5);
    let n = 1;
    let [a, b, c] = [0, 0, 0];
    for (;;) {
      await out.send(n);
      await in2.send(n);
      await in3.send(n);
      await in5.send(n);
      if (a <= n) a = (await out2.receive())!;
      if (b <= n) b = (await out3.receive())!;
      if (c <= n) c = (await out5.receive())!;
      n = Math.min(a, b, c);
    }
  });
  return out;
};

main(async () => {
  const numbers = hamming();
  for (let i = 0; i < 20; i++) console.log(await numbers.receive());
  for (let i = 0; i < 1690 - 20 - 1; i++) await numbers.receive();
  console.log("number 1690:", await numbers.receive());
});
