/**
 * Finds the goroutine of running code. Nothing is recorded while the program runs; the engine's async stacks suffice.
 * The promises of all goroutines are gathered with `Promise.all`; from then on the async stack of each ends in
 * `Promise.all (index N)`.
 */

import { live } from "./live.ts";
import { type Goroutine, onStack } from "./program.ts";
import { type Frame, frames, stackHere } from "./stack.ts";

/** The goroutines that were gathered, by the index under which the engine prints them. */
const gathered: (Goroutine | undefined)[] = [];

/**
 * Gathers the goroutines that have begun and are not gathered yet: the engine does not follow a promise gathered twice.
 */
export function gather(goroutines: Goroutine[]): void {
  const known = new Set(gathered);
  const added = goroutines.filter((goroutine) => goroutine.settled !== undefined && !known.has(goroutine));
  if (added.length === 0) return;
  // A server may be asked again and again: the places of those that have ended are used again.
  const alive = new Set(live);
  const free: number[] = [];
  for (const [index, goroutine] of gathered.entries())
    if (goroutine === undefined || !alive.has(goroutine)) free.push(index);
  const promises: unknown[] = Array.from({
    length: Math.max(gathered.length, gathered.length + added.length - free.length),
  });
  for (const goroutine of added) {
    const index = free.pop() ?? gathered.length;
    gathered[index] = goroutine;
    promises[index] = goroutine.settled;
  }
  void gatheredByGocsp(promises);
}

async function gatheredByGocsp(promises: unknown[]): Promise<void> {
  await Promise.all(promises);
}

/** Splits a stack into the frames of a goroutine's functions, and the goroutine if it was gathered. */
export function identify(stack: Frame[]): { frames: Frame[]; goroutine: Goroutine | undefined } {
  if (stack.at(-1)?.name.endsWith("gatheredByGocsp") !== true) return { frames: stack, goroutine: undefined };
  const index = /index (\d+)/.exec(stack.at(-2)?.at ?? "")?.[1];
  return { frames: stack.slice(0, -2), goroutine: index === undefined ? undefined : gathered[Number(index)] };
}

/** Returns the goroutine whose code calls this; undefined for the module, and for a callback of the host. */
export function currentGoroutine(): Goroutine | undefined {
  if (onStack !== 0) return [...live].find((goroutine) => goroutine.id === onStack);
  gather([...live]);
  return identify(frames(stackHere(200))).goroutine;
}
