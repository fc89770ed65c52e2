// gocsp: sync, errgroup, semaphore and rate.
import { chan, context, go, gosched, sync } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as rate from "gocsp/rate";
import * as semaphore from "gocsp/semaphore";
import type { Runs } from "../../harness/subject.ts";

export const shelf: Runs = {
  mutex: async (n) => {
    const mu = new sync.Mutex();
    let locked = 0;
    for (let i = 0; i < n; i++) {
      await mu.lock();
      locked++;
      mu.unlock();
    }
    return locked;
  },

  "mutex-contended": async (n) => {
    const mu = new sync.Mutex();
    let locked = 0;
    return inTen(
      n,
      async () => {
        await mu.lock();
        const before = locked;
        await gosched();
        locked = before + 1;
        mu.unlock();
      },
      () => locked,
    );
  },

  waitgroup: async (n) => {
    const wg = new sync.WaitGroup();
    const work = chan<number>();
    let done = 0;
    go(async () => {
      for await (const one of work) {
        done += one;
        wg.done();
      }
    });
    for (let i = 0; i < n; i++) {
      wg.add(1);
      await work.send(1);
      await wg.wait();
    }
    work.close();
    return done;
  },

  errgroup: async (n) => {
    let done = 0;
    const task = async (): Promise<void> => {
      await gosched();
      done++;
    };
    for (let i = 0; i < n; i += 1000) {
      const group = new errgroup.Group();
      group.setLimit(8);
      for (let j = 0; j < 1000; j++) await group.go(task);
      await group.wait();
    }
    return done;
  },

  semaphore: async (n) => {
    const tokens = new semaphore.Weighted(4);
    const ctx = context.background();
    let held = 0;
    for (let i = 0; i < n; i++) {
      await tokens.acquire(ctx, 1);
      held++;
      tokens.release(1);
    }
    return held;
  },

  "semaphore-contended": async (n) => {
    const tokens = new semaphore.Weighted(2);
    const ctx = context.background();
    let held = 0;
    return inTen(
      n,
      async () => {
        await tokens.acquire(ctx, 1);
        await gosched();
        held++;
        tokens.release(1);
      },
      () => held,
    );
  },

  limiter: (n) => {
    const limiter = new rate.Limiter(1e9, 1e9);
    let allowed = 0;
    for (let i = 0; i < n; i++) if (limiter.allow()) allowed++;
    return allowed;
  },
};

/** Runs `step` n times in ten goroutines. */
async function inTen(n: number, step: () => Promise<void>, result: () => number): Promise<number> {
  const wg = new sync.WaitGroup();
  wg.add(10);
  for (let goroutine = 0; goroutine < 10; goroutine++) {
    go(async () => {
      for (let i = 0; i < n; i += 10) await step();
      wg.done();
    });
  }
  await wg.wait();
  return result();
}
