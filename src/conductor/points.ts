/**
 * What instrumented code calls: each async function remembers whose it is, says so after each await, and every await is
 * a point where others may go on.
 */

import { gosched } from "../runtime/goroutine.ts";
import { conductor } from "./conductor.ts";
import type { Routine } from "./routine.ts";

let seen = 0;

/** How many plain awaits were points so far. */
export function awaitsSeen(): number {
  return seen;
}

/** Returns the goroutine at work: what a function keeps at its start. */
export function who(): Routine | undefined {
  return conductor?.who();
}

/** Is called with what an await has yielded: says who is at work again, and returns it. */
export function resumed<T>(routine: Routine | undefined, value: T): T {
  conductor?.enter(routine);
  return value;
}

/** Is called with what will be awaited, and returns what to await instead. */
export function point(routine: Routine | undefined, value: unknown): unknown {
  // Who has an operation on its way waits for that, and others go on meanwhile anyway.
  if (conductor === undefined || routine === undefined || routine.pending > 0) return value;
  seen++;
  return Promise.resolve(value).then((settled) => {
    conductor?.enter(routine);
    return gosched().then(() => settled);
  });
}
