// The numbers whose only prime factors are 2, 3 and 5, in order: a network that multiplies its own output and merges it
// again. Dijkstra's exercise; the buffers grow with the lag between the three branches, so each branch keeps a queue of
// its own.
import { chan, go, main, nilChan, type ReceiveChan, select, send, type SendChan } from "gocsp";
import { slice } from "gocsp/golib";

/** times multiplies what comes in, and holds it until somebody takes it: a select that only sends when it has something. */
function times(factor: number): [SendChan<number>, ReceiveChan<number>] {
  const in_ = chan<number>();
  const out = chan<number>();
  go(async () => {
    let queue: number[] = [];
    for (;;) {
      let sink: SendChan<number> = nilChan();
      let next = 0;
      if (queue.length > 0) {
        sink = out;
        next = queue[0]!;
      }
      const op = await select({ in: in_, sent: send(sink, next) });
      switch (op.case) {
        case "in": {
          const n = op.value ?? 0;
          queue.push(n * factor);
          break;
        }
        case "sent":
          queue = slice(queue, 1);
      }
    }
  });
  return [in_, out];
}

function hamming(): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    const [in2, out2] = times(2);
    const [in3, out3] = times(3);
    const [in5, out5] = times(5);
    let n = 1;
    let a = 0;
    let b = 0;
    let c = 0;
    for (;;) {
      await out.send(n);
      await in2.send(n);
      await in3.send(n);
      await in5.send(n);
      if (a <= n) {
        a = (await out2.receive()) ?? 0;
      }
      if (b <= n) {
        b = (await out3.receive()) ?? 0;
      }
      if (c <= n) {
        c = (await out5.receive()) ?? 0;
      }
      n = Math.min(a, b, c);
    }
  });
  return out;
}

main(async () => {
  const numbers = hamming();
  for (let i = 0; i < 20; i++) {
    console.log((await numbers.receive()) ?? 0);
  }
  for (let i = 0; i < 1669; i++) {
    await numbers.receive();
  }
  console.log("number 1690:", (await numbers.receive()) ?? 0);
});
