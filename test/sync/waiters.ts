import { go } from "gocsp";
import type { Cond } from "gocsp/sync";
import { settle } from "../support/settle.ts";
import type { Log } from "./log.ts";

/** Starts goroutines that wait once each, and tell when they are awake and hold the lock. */
export async function waiters(cond: Cond, log: Log, names: string[]): Promise<void> {
  for (const name of names) {
    go(async () => {
      await cond.l.lock();
      await cond.wait();
      log.add(name);
      cond.l.unlock();
    });
  }
  await settle();
}
