// One scenario, named by the first argument, in which everything falls asleep. The comments mark the lines that the
// report must name.
import { chan, context, go, gosched, main, sync } from "gocsp";

const [ctx] = context.withCancel(context.background());

const scenarios: Record<string, () => unknown> = {
  async mutex() {
    const mu = new sync.Mutex();
    await mu.lock();
    await mu.lock(); // @mutex
  },
  async withLock() {
    const mu = new sync.Mutex();
    await mu.withLock(async () => {
      await mu.withLock(() => undefined); // @withLock inner
    }); // @withLock
  },
  async writeWrite() {
    const mu = new sync.RWMutex();
    await mu.lock();
    await mu.lock(); // @writeWrite
  },
  async readWrite() {
    const mu = new sync.RWMutex();
    await mu.rLock();
    await mu.lock(); // @readWrite
  },
  async writeRead() {
    const mu = new sync.RWMutex();
    await mu.lock();
    await mu.rLock(); // @writeRead
  },
  async readWriteRead() {
    const mu = new sync.RWMutex();
    await mu.rLock();
    go(async () => {
      await mu.lock(); // @readWriteRead writer
    });
    await gosched();
    await gosched();
    await mu.rLock(); // @readWriteRead
  },
  async waitGroup() {
    const wg = new sync.WaitGroup();
    wg.add(1);
    await wg.wait(); // @waitGroup
  },
  async waitGroupGo() {
    const wg = new sync.WaitGroup();
    const ch = chan<number>();
    const member = async (): Promise<void> => {
      await ch.receive(); // @waitGroupGo member
    };
    wg.go(member); // @wg.go
    await wg.wait(); // @waitGroupGo
  },
  async cond() {
    const cond = new sync.Cond(new sync.Mutex());
    await cond.l.lock();
    await cond.wait(); // @cond
  },
  async condLock() {
    const mu = new sync.Mutex();
    const cond = new sync.Cond(mu);
    const state = { waits: false };
    go(async () => {
      await mu.lock();
      state.waits = true;
      await cond.wait(); // @condLock waiter
    });
    while (!state.waits) await gosched();
    await mu.lock();
    cond.signal();
    await chan().receive(); // @condLock
  },
  async once() {
    const once = new sync.Once();
    await once.do(async () => {
      await once.do(() => undefined); // @once inner
    });
  },
  async contexts() {
    const [mu, rw, wg] = [new sync.Mutex(), new sync.RWMutex(), new sync.WaitGroup()];
    await mu.lock();
    await rw.lock();
    wg.add(1);
    const cond = new sync.Cond({ lock: () => Promise.resolve(), unlock: () => undefined });
    const waits = [
      () => mu.lock(ctx),
      () => rw.lock(ctx),
      () => rw.rLock(ctx),
      () => wg.wait(ctx),
      () => cond.wait(ctx),
      () => mu.lock(context.background()),
    ];
    for (const wait of waits) {
      go(async () => {
        await wait();
      });
    }
    await chan().receive();
  },
  async philosophers() {
    const forks = Array.from({ length: 5 }, () => new sync.Mutex());
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 5; i++) {
      wg.go(async () => {
        await forks[i]?.lock();
        await gosched();
        await forks[(i + 1) % 5]?.lock(); // @philosopher
      });
    }
    await wg.wait(); // @philosophers
  },
  async deadline() {
    const [ctx, cancel] = context.withTimeout(context.background(), 30);
    using _ = cancel;
    const [mu, rw, wg] = [new sync.Mutex(), new sync.RWMutex(), new sync.WaitGroup()];
    await mu.lock();
    await rw.lock();
    wg.add(1);
    const waits: Record<string, () => Promise<unknown>> = {
      lock: () => mu.lock(ctx),
      rLock: () => rw.rLock(ctx),
      waitGroup: () => wg.wait(ctx),
      cond: () => new sync.Cond(mu).wait(ctx),
    };
    try {
      await waits[process.argv[3] as string]?.();
    } catch (error) {
      console.log((error as Error).message);
    }
  },
  async callback() {
    const mu = new sync.Mutex();
    await mu.lock();
    setTimeout(() => mu.unlock(), 30);
    await mu.lock();
    console.log("locked");
  },
  async collected() {
    go(async () => {
      const mu = new sync.Mutex();
      await mu.lock();
      await mu.lock(); // @collected child
    });
    const { gc } = globalThis as unknown as { gc: () => void };
    setTimeout(gc, 20);
    await new sync.Cond({ lock: () => Promise.resolve(), unlock: () => undefined }).wait(); // @collected main
  },
};

if (process.argv[2] === "module") {
  const mu = new sync.Mutex();
  await mu.lock();
  await mu.lock(); // @module
}

main(scenarios[process.argv[2] as string] as () => unknown);
