import { Mutex, Semaphore } from "async-mutex";
import type { Runs } from "../harness/subject.ts";

export const runs: Runs = {
  mutex: async (n) => {
    const mutex = new Mutex();
    let locked = 0;
    for (let i = 0; i < n; i++) {
      const release = await mutex.acquire();
      locked++;
      release();
    }
    return locked;
  },

  "mutex-contended": async (n) => {
    const mutex = new Mutex();
    let locked = 0;
    await inTen(n, async () => {
      const release = await mutex.acquire();
      const before = locked;
      await Promise.resolve();
      locked = before + 1;
      release();
    });
    return locked;
  },

  semaphore: async (n) => {
    const semaphore = new Semaphore(4);
    let held = 0;
    for (let i = 0; i < n; i++) {
      const [, release] = await semaphore.acquire();
      held++;
      release();
    }
    return held;
  },

  "semaphore-contended": async (n) => {
    const semaphore = new Semaphore(2);
    let held = 0;
    await inTen(n, async () => {
      const [, release] = await semaphore.acquire();
      await Promise.resolve();
      held++;
      release();
    });
    return held;
  },
};

async function inTen(n: number, step: () => Promise<void>): Promise<void> {
  const one = async (): Promise<void> => {
    for (let i = 0; i < n; i += 10) await step();
  };
  await Promise.all(Array.from({ length: 10 }, one));
}
