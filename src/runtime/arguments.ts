/**
 * Checks of arguments, and how a wrong one is printed in an error.
 */

import { ofOtherCopy } from "./copies.ts";
import { checkBound } from "./unbound.ts";

/** Refuses a value that is not a function, and a method that has lost its object. */
export function checkFunction(what: string, f: unknown): void {
  if (typeof f !== "function") throw new TypeError(`${what}: ${describe(f)} is not a function`);
  checkBound(what, f);
}

/** Tells whether `await` would wait for a value. */
export function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** Checks a count, and returns it. */
export function checkCount(what: string, n: number): number {
  if (Number.isInteger(n) && n >= 0) return n;
  throw new RangeError(`${what} must be an integer of at least 0, got ${describe(n)}`);
}

/** Tells whether a value is a Date, also one of another realm, which is not an instance of this realm's class. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date || Object.prototype.toString.call(value) === "[object Date]";
}

/** Prints what should be a valid Date and is not, for an error's text; undefined if it is one. */
export function wrongDate(value: unknown): string | undefined {
  if (!isDate(value)) return describe(value);
  return Number.isNaN(value.getTime()) ? "an invalid Date" : undefined;
}

/** Prints a wrong argument of any kind for an error's text: short, and on one line. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "function") return `function ${value.name}`.trimEnd();
  if (typeof value === "object" && value !== null) {
    const name = (Object.getPrototypeOf(value) as Partial<object> | null)?.constructor?.name ?? "object";
    return name + ofOtherCopy(value);
  }
  return String(value);
}
