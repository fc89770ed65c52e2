// A bounded queue from one mutex and two conditions: put waits while it is full, take while it is empty, close wakes
// all. The condition is checked again after each wait, because another goroutine may have been faster.
import { main, sync } from "gocsp";

class Queue {
  readonly #mu = new sync.Mutex();
  readonly #notEmpty = new sync.Cond(this.#mu);
  readonly #notFull = new sync.Cond(this.#mu);
  readonly #items: number[] = [];
  readonly #room: number;
  most = 0;
  #closed = false;

  constructor(room: number) {
    this.#room = room;
  }

  async put(item: number): Promise<void> {
    using _ = await this.#mu.lock();
    while (this.#items.length === this.#room) await this.#notFull.wait();
    this.most = Math.max(this.most, this.#items.push(item));
    this.#notEmpty.signal();
  }

  async take(): Promise<number | undefined> {
    using _ = await this.#mu.lock();
    while (this.#items.length === 0 && !this.#closed) await this.#notEmpty.wait();
    const item = this.#items.shift();
    this.#notFull.signal();
    return item;
  }

  async close(): Promise<void> {
    using _ = await this.#mu.lock();
    this.#closed = true;
    this.#notEmpty.broadcast();
  }
}

main(async () => {
  const q = new Queue(3);
  const [producers, consumers] = [new sync.WaitGroup(), new sync.WaitGroup()];
  for (let p = 0; p < 4; p++) {
    producers.go(async () => {
      for (let i = 0; i < 25; i++) await q.put(100 * p + i);
    });
  }
  const taken: number[][] = [[], [], []];
  for (const items of taken) {
    consumers.go(async () => {
      for (let item = await q.take(); item !== undefined; item = await q.take()) items.push(item);
    });
  }
  await producers.wait();
  await q.close();
  await consumers.wait();

  let [sum, count, inOrder] = [0, 0, true];
  for (const items of taken) {
    const last = new Map<number, number>();
    for (const item of items) {
      [sum, count] = [sum + item, count + 1];
      const producer = Math.floor(item / 100);
      if ((last.get(producer) ?? -1) > item) inOrder = false;
      last.set(producer, item);
    }
  }
  console.log("items:", count, "sum:", sum);
  console.log("never more than three:", q.most <= 3);
  console.log("each producer's items in order:", inOrder);
});
