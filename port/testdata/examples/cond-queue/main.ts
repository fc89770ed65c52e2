// A bounded queue from one mutex and two conditions: put waits while it is full, take while it is empty, close wakes
// all. What is waited for is asked again after each wait, because somebody else may have been faster.
import { main, sync } from "gocsp";

class Queue {
  mu = new sync.Mutex();
  notEmpty: sync.Cond | undefined;
  notFull: sync.Cond | undefined;
  items: number[] = [];
  room = 0;
  most = 0;
  closed = false;

  constructor(init?: Partial<Queue>) {
    Object.assign(this, init);
  }

  async put(item: number): Promise<void> {
    using _ = await this.mu.lock();
    while (this.items.length === this.room) {
      await this.notFull!.wait();
    }
    this.items.push(item);
    this.most = Math.max(this.most, this.items.length);
    this.notEmpty!.signal();
  }

  async take(): Promise<[number, boolean]> {
    using _ = await this.mu.lock();
    while (this.items.length === 0 && !this.closed) {
      await this.notEmpty!.wait();
    }
    if (this.items.length === 0) {
      return [0, false];
    }
    const item = this.items[0]!;
    this.items = this.items.slice(1);
    this.notFull!.signal();
    return [item, true];
  }

  async close(): Promise<void> {
    using _ = await this.mu.lock();
    this.closed = true;
    this.notEmpty!.broadcast();
  }
}

function newQueue(room: number): Queue {
  const q = new Queue({ room });
  [q.notEmpty, q.notFull] = [new sync.Cond(q.mu), new sync.Cond(q.mu)];
  return q;
}

main(async () => {
  const q = newQueue(3);
  const producers = new sync.WaitGroup();
  const consumers = new sync.WaitGroup();
  for (let p = 0; p < 4; p++) {
    producers.go(async () => {
      for (let i = 0; i < 25; i++) {
        await q.put(100 * p + i);
      }
    });
  }
  const taken = Array.from({ length: 3 }, (): number[] => []);
  for (const c of taken.slice().keys()) {
    consumers.go(async () => {
      for (let [item, ok] = await q.take(); ok; [item, ok] = await q.take()) {
        taken[c]!.push(item);
      }
    });
  }
  await producers.wait();
  await q.close();
  await consumers.wait();

  let sum = 0;
  let count = 0;
  let inOrder = true;
  for (const items of taken) {
    const last = new Map<number, number>();
    for (const item of items) {
      sum = sum + item;
      count = count + 1;
      const before = last.get(Math.trunc(item / 100)) ?? 0;
      const ok = last.has(Math.trunc(item / 100));
      if (ok && before > item) {
        inOrder = false;
      }
      last.set(Math.trunc(item / 100), item);
    }
  }
  console.log("items:", count, "sum:", sum);
  console.log("never more than three:", q.most <= 3);
  console.log("each producer's items in order:", inOrder);
});
