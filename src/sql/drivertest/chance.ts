/** Chance that can be repeated, and pauses of any length. */

import { gosched } from "../../runtime/runtime.ts";
import { sleep } from "../../time/time.ts";

/** Numbers that look random, the same for the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Returns an integer from 0 to `n - 1`. */
  below(n: number): number {
    // The mixing steps are those of mulberry32.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  }

  /** Returns one of these. */
  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] as T;
  }
}

/** Waits for a number of microtasks if it is negative, of milliseconds if it is positive, and not at all for 0. */
export async function pause(length: number): Promise<void> {
  if (length > 0) return sleep(length);
  for (let i = 0; i > length; i--) await gosched();
}
