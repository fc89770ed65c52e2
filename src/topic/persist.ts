/** What engines have in common: to try again what must not be lost while the server is away. */

import { sleep } from "../time/time.ts";
import { clock } from "./receiver.ts";

/** For how long that is tried, in milliseconds. */
export const persistence = 20_000;

/** How long to wait after so many tries, in milliseconds. */
export function pauseAfter(tries: number): number {
  return 50 * Math.min(tries + 1, 10);
}

/** Runs `f` until it succeeds, or `isFinal` says of its error that it will not, or too much time has passed. */
export async function persist<R>(f: () => Promise<R>, isFinal: (error: unknown) => boolean): Promise<R> {
  const start = clock();
  for (let tries = 0; ; tries++) {
    try {
      return await f();
    } catch (error) {
      if (isFinal(error) || clock() - start > persistence) throw error;
      await sleep(pauseAfter(tries));
    }
  }
}
