// A cache behind a readers-writer lock: readers are inside together, a writer is alone, and while a writer waits no
// new reader gets ahead of it. A miss is checked again under the write lock, so each key is loaded once.
import { chan, gosched, main, sync } from "gocsp";

class Cache {
  readonly mu = new sync.RWMutex();
  readonly values = new Map<number, number>();
  loads = 0;

  async get(key: number): Promise<number> {
    await this.mu.rLock();
    const value = this.values.get(key);
    this.mu.rUnlock();
    if (value !== undefined) return value;
    using _ = await this.mu.lock();
    const again = this.values.get(key);
    if (again !== undefined) return again;
    this.loads++;
    this.values.set(key, key * key);
    return key * key;
  }
}

main(async () => {
  const c = new Cache();
  const wg = new sync.WaitGroup();
  const sums = Array<number>(50).fill(0);
  for (let i = 0; i < sums.length; i++) {
    wg.go(async () => {
      for (let key = 0; key < 5; key++) {
        sums[i]! += await c.get(key);
        await gosched();
      }
    });
  }
  await wg.wait();
  console.log("sums:", sums[0], sums[49], "loads:", c.loads);

  // Three readers meet inside.
  const [inside, leave] = [chan<boolean>(), chan<boolean>()];
  for (let i = 0; i < 3; i++) {
    wg.go(async () => {
      using _ = await c.mu.rLock();
      await inside.send(true);
      await leave.receive();
    });
  }
  for (let i = 0; i < 3; i++) await inside.receive();
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
