import { context } from "gocsp";
import * as semaphore from "gocsp/semaphore";
import type { Outcome } from "../support/outcome.ts";

export const background = context.background();

/** Returns how many tokens are free; no waiter may be queued. */
export function free(sem: semaphore.Weighted): number {
  let n = 0;
  while (sem.tryAcquire()) n++;
  sem.release(n);
  return n;
}

/** Returns a semaphore of which some tokens are taken. */
export async function taken(size: number, n: number): Promise<semaphore.Weighted> {
  const sem = new semaphore.Weighted(size);
  await sem.acquire(background, n);
  return sem;
}

/** Returns the state of each request. */
export const states = (outcomes: Outcome<unknown>[]): string[] => outcomes.map(({ state }) => state);
