// Colour: a mutex whose sections never wait disappears, and its getters stay synchronous; one that is held over a wait stays.
import { go, main, sync, time } from "gocsp";
import { nilMap, Once } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

/** cache needs no mutex here. */
class Cache {
  // mu: no section of this mutex waits, so nobody needs it here.
  values: Map<string, number> = nilMap();

  constructor(init?: Partial<Cache>) {
    Object.assign(this, init);
  }

  get(k: string): [number, boolean] {
    const v = this.values.get(k) ?? 0;
    const ok = this.values.has(k);
    return [v, ok];
  }

  set(k: string, v: number): void {
    this.values.set(k, v);
  }
}

/** account holds its mutex while it waits. */
class Account {
  mu = new sync.Mutex();
  balance = 0;

  constructor(init?: Partial<Account>) {
    Object.assign(this, init);
  }

  async deposit(n: number): Promise<void> {
    using _ = await this.mu.lock();
    const old = this.balance;
    await time.sleep(time.millisecond);
    this.balance = old + n;
  }

  async total(): Promise<number> {
    using _ = await this.mu.lock();
    return this.balance;
  }
}

class Lazy {
  once = new Once();
  value = "";

  constructor(init?: Partial<Lazy>) {
    Object.assign(this, init);
  }

  get(): string {
    this.once.do(() => {
      this.value = "made";
    });
    return this.value;
  }
}

class Queue {
  mu = new sync.Mutex();
  cond: sync.Cond | undefined;
  items: number[] = [];

  constructor(init?: Partial<Queue>) {
    Object.assign(this, init);
  }

  async put(n: number): Promise<void> {
    await this.mu.lock();
    this.items.push(n);
    this.mu.unlock();
    this.cond!.signal();
  }

  async take(): Promise<number> {
    using _ = await this.mu.lock();
    while (this.items.length === 0) {
      await this.cond!.wait();
    }
    const n = this.items[0]!;
    this.items = this.items.slice(1);
    return n;
  }
}

function newQueue(): Queue {
  const q = new Queue();
  q.cond = new sync.Cond(q.mu);
  return q;
}

main(async () => {
  const c = new Cache({ values: new Map<string, number>() });
  c.set("a", 1);
  fmt.println(...c.get("a"));
  fmt.println(...c.get("b"));

  const a = new Account();
  const wg = new sync.WaitGroup();
  for (let i1 = 0; i1 < 5; i1++) {
    wg.go(async () => await a.deposit(10));
  }
  await wg.wait();
  console.log(await a.total());

  const l = new Lazy();
  fmt.println(l.get(), l.get());

  const q = newQueue();
  go(async () => {
    for (let i = 0; i < 3; i++) {
      await q.put(i);
    }
  });
  console.log(await q.take(), await q.take(), await q.take());
});
