import { describe } from "./describe.ts";

/** Refuses what cannot be called. */
export function checkFunction(what: string, f: unknown): void {
  if (typeof f !== "function") throw new TypeError(`${what}: ${describe(f)} is not a function`);
}

/** Refuses what is no count, and returns what is one. */
export function checkCount(what: string, n: number): number {
  if (Number.isInteger(n) && n >= 0) return n;
  throw new RangeError(`${what} must be an integer of at least 0, got ${describe(n)}`);
}
