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
  if (routine !== undefined) conductor?.enter(routine);
  return value;
}

/**
 * Is called with what will be awaited, and returns what to await instead. `operation`: it looks like an operation of this
 * library, which is a point already if it is one.
 */
export function point(routine: Routine | undefined, value: unknown, operation: boolean): unknown {
  if (conductor === undefined || routine === undefined || conductor.who() !== routine) return value;
  if (operation && routine.pending > 0) return value;
  seen++;
  const others = (): Promise<void> => {
    conductor?.enter(routine);
    return gosched();
  };
  // The point is behind the answer: what others do while it is on its way, they do before it as well.
  return Promise.resolve(value).then(
    (settled) => others().then(() => settled),
    (error: unknown) =>
      others().then(() => {
        throw error;
      }),
  );
}
