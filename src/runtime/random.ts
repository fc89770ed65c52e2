/**
 * The random choices of the runtime. All of them draw from one generator, so that a seed repeats a run.
 */

import { hooks } from "./hooks.ts";

/** Never zero, from which xorshift does not move. */
let state = Math.floor(Math.random() * 2 ** 32) | 1;

/**
 * Restarts the random choices of `select` from a seed, so that a test can repeat them. Any integer will do.
 *
 * @throws RangeError `runtime.seed: the seed must be an integer, got 0.5`
 *
 * @example
 * ```ts
 * seed(42); // from here on the same selects over the same ready cases choose the same
 * ```
 */
export function seed(value: number): void {
  if (!Number.isInteger(value)) throw new RangeError(`runtime.seed: the seed must be an integer, got ${value}`);
  // Both halves of a number that has more than 32 bits.
  state = seedState(value ^ Math.imul(Math.floor(value / 2 ** 32), 0x9e3779b1));
}

/** Returns one of `ready` positions, each with equal probability. */
export function choose(ready: number): number {
  const chosen = hooks?.choose?.(ready);
  if (chosen !== undefined) return chosen;
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return Math.floor(((state >>> 0) / 2 ** 32) * ready);
}

function seedState(value: number): number {
  // Scatters neighbouring seeds; xorshift must never start from zero.
  let mixed = (value ^ 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16) || 1;
}
