import { context, gosched, sync } from "gocsp";
import * as semaphore from "gocsp/semaphore";
import { gaveUp, type Program, same } from "./program.ts";

export const locks: readonly Program[] = [
  {
    name: "sync: a mutex lets one in, also when waiters give up",
    run: async () => {
      const mu = new sync.Mutex();
      const [ctx, cancel] = context.withCancel(context.background());
      let inside = 0;
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          if (i === 0 ? await gaveUp(ctx, mu.lock(ctx)) : (await mu.lock(), false)) return;
          same(++inside, 1, "inside");
          await gosched();
          inside--;
          mu.unlock();
        });
      }
      wg.go(() => cancel());
      await wg.wait();
      same(mu.tryLock(), true, "the lock is free");
    },
  },
  {
    name: "sync: a read-write lock keeps writers alone, also when waiters give up",
    run: async () => {
      const rw = new sync.RWMutex();
      const [ctx, cancel] = context.withCancel(context.background());
      let [readers, writers] = [0, 0];
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          await rw.rLock();
          readers++;
          same(writers, 0, "writers beside a reader");
          await gosched();
          readers--;
          rw.rUnlock();
        });
        wg.go(async () => {
          if (i === 0 ? await gaveUp(ctx, rw.lock(ctx)) : (await rw.lock(), false)) return;
          same([readers, ++writers], [0, 1], "readers and writers beside a writer");
          await gosched();
          writers--;
          rw.unlock();
        });
      }
      wg.go(() => cancel());
      await wg.wait();
      same(rw.tryLock(), true, "the lock is free");
    },
  },
  {
    name: "sync: a signal is not lost to a waiter that gives up",
    run: async () => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const [ctx, cancel] = context.withCancel(context.background());
      let waiting = 0;
      const tickets: number[] = [];
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          using _ = await mu.lock();
          waiting++;
          while (tickets.length === 0) {
            if (i === 0) {
              if (await gaveUp(ctx, cond.wait(ctx))) break;
            } else await cond.wait();
          }
          waiting--;
          tickets.pop();
        });
      }
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          using _ = await mu.lock();
          tickets.push(i);
          cond.signal();
        });
      }
      wg.go(() => cancel());
      // A waiter that is left, though there is a ticket for it, is a deadlock.
      await wg.wait();
      same(waiting, 0, "waiting");
    },
  },
  {
    name: "sync: a WaitGroup lets its waiters go at zero, and not before",
    run: async () => {
      const wg = new sync.WaitGroup();
      let done = 0;
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          await gosched();
          done++;
        });
      }
      const waiters = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        waiters.go(async () => {
          await wg.wait();
          same(done, 3, "done");
        });
      }
      await waiters.wait();
    },
  },
  {
    name: "sync: Once runs once, and all wait for it",
    run: async () => {
      const once = new sync.Once();
      let [runs, ready] = [0, false];
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          await once.do(async () => {
            runs++;
            await gosched();
            ready = true;
          });
          same(ready, true, "ready");
        });
      }
      await wg.wait();
      same(runs, 1, "runs");
    },
  },
  {
    name: "semaphore: never more than its size, first come first served, nothing lost to who gives up",
    run: async () => {
      const sem = new semaphore.Weighted(3);
      const [ctx, cancel] = context.withCancel(context.background());
      let held = 0;
      const wg = new sync.WaitGroup();
      for (const n of [1, 3, 2, 1]) {
        wg.go(async () => {
          const own = n === 3 ? ctx : context.background();
          if (await gaveUp(own, sem.acquire(own, n))) return;
          held += n;
          same(held <= 3, true, `${held} held`);
          await gosched();
          held -= n;
          sem.release(n);
        });
      }
      wg.go(() => cancel());
      await wg.wait();
      same(sem.tryAcquire(3), true, "all is free");
    },
  },
  {
    name: "semaphore: a big request is not overtaken by small ones for ever",
    run: async () => {
      const sem = new semaphore.Weighted(2);
      const order: number[] = [];
      await sem.acquire(context.background(), 1);
      const wg = new sync.WaitGroup();
      let waits = false;
      wg.go(async () => {
        waits = true;
        await sem.acquire(context.background(), 2);
        order.push(2);
        sem.release(2);
      });
      wg.go(async () => {
        const behind = waits;
        await sem.acquire(context.background(), 1);
        order.push(1);
        if (behind) same(order, [2, 1], "who came first");
        sem.release(1);
      });
      await gosched();
      sem.release(1);
      await wg.wait();
    },
  },
  {
    name: "semaphore: who waits behind one that gives up gets in if it fits",
    run: async () => {
      const sem = new semaphore.Weighted(3);
      const [ctx, cancel] = context.withCancel(context.background());
      await sem.acquire(context.background());
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        if (!(await gaveUp(ctx, sem.acquire(ctx, 3)))) sem.release(3);
      });
      wg.go(async () => {
        await sem.acquire(context.background(), 2);
        sem.release(2);
      });
      wg.go(() => cancel());
      // What is held here is released only when the others are done.
      await wg.wait();
      sem.release();
    },
  },
];
