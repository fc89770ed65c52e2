/**
 * The random choices of the runtime. All of them draw from one generator, so that a seed repeats a run.
 */

import { hooks } from "./hooks.ts";

/** Never zero, from which xorshift does not move. */
let state = (Math.random() * 2 ** 32) | 1;

/** The most steps from one detour to the next, and the longest detour, in microtasks. */
const maxUntilDetour = 64;
const maxDetour = 4;

/** The steps until the next detour. */
let untilDetour = 1 + draw(maxUntilDetour);

/**
 * Restarts the random choices from a seed, so that a test can repeat a run: those of `select`, and when goroutines that
 * call `gosched` or fail to `try` lose their place. Any integer is valid.
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
  // Mixes both halves of a number of more than 32 bits.
  state = seedState(value ^ Math.imul(Math.floor(value / 2 ** 32), 0x9e3779b1));
  untilDetour = 1 + draw(maxUntilDetour);
}

/** Returns one of `ready` positions, each with equal probability. */
export function choose(ready: number): number {
  const chosen = hooks?.choose?.(ready);
  if (chosen !== undefined) return chosen;
  return draw(ready);
}

/**
 * Counts `steps` towards the next detour. When that is reached, returns by how many microtasks a goroutine must move
 * back among those that can run; otherwise 0.
 *
 * Without detours, runnable goroutines run in a fixed cycle. Goroutines that try, fail and try again then repeat the
 * same interleaving without end: a livelock that Go's scheduler, with threads and preemption, does not have. The count
 * decides, not the clock, so that a seed repeats a run.
 */
export function detour(steps: number): number {
  untilDetour -= steps;
  // An attached schedule alone decides the order.
  if (untilDetour > 0 || hooks?.schedule !== undefined) return 0;
  untilDetour = 1 + draw(maxUntilDetour);
  return 1 + draw(maxDetour);
}

function draw(choices: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return Math.floor(((state >>> 0) / 2 ** 32) * choices);
}

function seedState(value: number): number {
  // Scatters neighbouring seeds. xorshift must not start from zero.
  let mixed = (value ^ 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16) || 1;
}
