// A barrier: nobody begins the next phase before everybody has finished this one. Arriving is a send, being released is
// a close. Each round has a gate of its own, so that a fast goroutine cannot slip through the next one.
import { type Chan, chan, go, main, nilChan } from "gocsp";

class Barrier {
  arrive: Chan<Chan<void>> = nilChan();

  constructor(init?: Partial<Barrier>) {
    Object.assign(this, init);
  }

  async wait(): Promise<void> {
    const gate = chan<void>();
    await this.arrive.send(gate);
    await gate.receive();
  }
}

function newBarrier(n: number): Barrier {
  const b = new Barrier({ arrive: chan<Chan<void>>() });
  go(async () => {
    for (;;) {
      const waiting: Chan<void>[] = [];
      for (let i = 0; i < n; i++) {
        waiting.push((await b.arrive.receive())!);
      }
      for (const gate of waiting) {
        gate.close();
      }
    }
  });
  return b;
}

main(async () => {
  const n = 5;
  const phases = 4;
  const b = newBarrier(n);

  // Every round each goroutine adds up what the others wrote in the round before.
  const cells = [1, 2, 3, 4, 5];
  const done = chan<void>();
  for (let id = 0; id < n; id++) {
    go(async () => {
      for (let i = 0; i < phases; i++) {
        const sum = cells[(id + 1) % n]! + cells[(id + n - 1) % n]!;
        await b.wait(); // everybody has read
        cells[id] = sum;
        await b.wait(); // everybody has written
      }
      await done.send();
    });
  }
  for (let i = 0; i < n; i++) {
    await done.receive();
  }
  for (const [id, value] of cells.entries()) {
    console.log(`cell ${id}: ${value}`);
  }
});
