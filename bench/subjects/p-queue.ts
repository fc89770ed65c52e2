import PQueue from "p-queue";
import type { Runs } from "../harness/subject.ts";

export const runs: Runs = {
  errgroup: async (n) => {
    let done = 0;
    const task = async (): Promise<void> => {
      await Promise.resolve();
      done++;
    };
    for (let i = 0; i < n; i += 1000) {
      const queue = new PQueue({ concurrency: 8 });
      await Promise.all(Array.from({ length: 1000 }, () => queue.add(task)));
    }
    return done;
  },
};
