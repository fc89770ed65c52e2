// A cache behind a readers-writer lock: readers are inside together, a writer is alone, and while a writer waits no
// new reader gets ahead of it. Who misses looks again under the write lock, so each key is loaded once.
import { chan, gosched, main, sync } from "gocsp";
import { nilMap } from "gocsp/golib";

class Cache {
  mu = new sync.RWMutex();
  values: Map<number, number> = nilMap();
  loads = 0;

  constructor(init?: Partial<Cache>) {
    Object.assign(this, init);
  }

  async get(key: number): Promise<number> {
    await this.mu.rLock();
    const value = this.values.get(key) ?? 0;
    const ok = this.values.has(key);
    this.mu.rUnlock();
    if (ok) {
      return value;
    }
    using _ = await this.mu.lock();
    const value1 = this.values.get(key) ?? 0;
    const ok1 = this.values.has(key);
    if (ok1) {
      return value1;
    }
    this.loads++;
    this.values.set(key, key * key);
    return key * key;
  }
}

main(async () => {
  const c = new Cache({ values: new Map<number, number>() });
  const wg = new sync.WaitGroup();
  const sums = new Array<number>(50).fill(0);
  for (const i of sums.keys()) {
    wg.go(async () => {
      for (let key = 0; key < 5; key++) {
        sums[i]! += await c.get(key);
        await gosched();
      }
    });
  }
  await wg.wait();
  console.log("sums:", sums[0]!, sums[49]!, "loads:", c.loads);

  // Three readers meet inside.
  const inside = chan<boolean>();
  const leave = chan<boolean>();
  for (let i1 = 0; i1 < 3; i1++) {
    wg.go(async () => {
      using _ = await c.mu.rLock();
      await inside.send(true);
      await leave.receive();
    });
  }
  for (let i1 = 0; i1 < 3; i1++) {
    await inside.receive();
  }
  console.log("three readers inside, writer may enter:", c.mu.tryLock());

  wg.go(async () => {
    using _ = await c.mu.lock();
    c.values.set(7, 49);
  });
  while (c.mu.tryRLock()) {
    c.mu.rUnlock();
    await gosched();
  }
  console.log("a writer waits, no reader may enter");
  leave.close();
  console.log("read after the write:", await c.get(7), "loads:", c.loads);
  await wg.wait();
});
