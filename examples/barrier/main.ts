// A barrier: no goroutine begins the next phase before all have finished this one. Arriving is a send, being released is
// a close. Each round has a gate of its own, so that a fast goroutine cannot slip through the next one.
import { type Chan, chan, go, main } from "gocsp";

class Barrier {
  readonly #arrive = chan<Chan<never>>();

  constructor(n: number) {
    go(async () => {
      for (;;) {
        const waiting: Chan<never>[] = [];
        for (let i = 0; i < n; i++) waiting.push((await this.#arrive.receive())!);
        for (const gate of waiting) gate.close();
      }
    });
  }

  async wait() {
    const gate = chan<never>();
    await this.#arrive.send(gate);
    await gate.receive();
  }
}

main(async () => {
  const [n, phases] = [5, 4];
  const b = new Barrier(n);

  // Every round each goroutine adds up what the others wrote in the round before.
  const cells = [1, 2, 3, 4, 5];
  const done = chan<void>();
  for (let id = 0; id < n; id++) {
    go(async () => {
      for (let i = 0; i < phases; i++) {
        const sum = cells[(id + 1) % n]! + cells[(id + n - 1) % n]!;
        await b.wait(); // all have read
        cells[id] = sum;
        await b.wait(); // all have written
      }
      await done.send();
    });
  }
  for (let i = 0; i < n; i++) await done.receive();
  for (const [id, value] of cells.entries()) console.log(`cell ${id}: ${value}`);
});
