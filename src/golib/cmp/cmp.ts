/**
 * Comparing ordered values. Mirrors Go's `cmp` package.
 *
 * @module
 */

import { compareStrings, orZero } from "../integers.ts";

/** The types that `<` orders: `cmp.Ordered`. */
export type Ordered = number | bigint | string;

/**
 * Compares two values: -1, 0 or 1. Mirrors Go's `cmp.Compare`: NaN is less than any number and equal to itself; strings
 * compare by their bytes.
 *
 * @example
 * ```ts
 * console.log(cmp.compare(1, 2), cmp.compare("b", "a")); // -1 1
 * ```
 */
export function compare<T extends Ordered>(a: T, b: T): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (a === undefined || b === undefined) return a === b ? 0 : compare(orZero(a, b), orZero(b, a));
  const aIsNaN = Number.isNaN(a);
  const bIsNaN = Number.isNaN(b);
  if (aIsNaN || bIsNaN) return aIsNaN && bIsNaN ? 0 : aIsNaN ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Tells whether `a` comes before `b`. Mirrors Go's `cmp.Less`. */
export function less<T extends Ordered>(a: T, b: T): boolean {
  return compare(a, b) < 0;
}

/** Returns the first argument that is not the zero value, or the last. Mirrors Go's `cmp.Or`. */
export function or<T>(...values: T[]): T {
  return values.find((value) => Boolean(value) && value !== undefined) ?? (values.at(-1) as T);
}
