/**
 * Functions on slices. Mirrors Go's `slices` package.
 *
 * `sort…` and `reverse` change their argument, as in Go. `insert`, `delete`, `deleteFunc`, `compact` and `replace`,
 * whose result Go's programs assign to the same variable, return a new array and do not change the old one; Go
 * overwrites it. Elements are compared with `===`, structs by their fields.
 *
 * @module
 */

import { PanicError } from "../../runtime/panic.ts";
import { compare as compareOrdered, type Ordered } from "../cmp/cmp.ts";
import { equal as equalValues } from "../equal.ts";
import { panicSlice, panicSlice3 } from "../panics.ts";

type List<T> = readonly T[];

/** Compares like Go's `==`: NaN equals nothing. */
function same<T>(a: T, b: T): boolean {
  return a === b || (typeof a === "object" && a !== null && equalValues(a, b));
}

/** Tells whether two slices have equal elements. Mirrors Go's `slices.Equal`. */
export function equal<T>(a: List<T> = [], b: List<T> = []): boolean {
  return a.length === b.length && a.every((value, i) => same(value, b[i] as T));
}

/** Tells whether two slices have elements that a function reports as equal. Mirrors Go's `slices.EqualFunc`. */
export function equalFunc<A, B>(a: List<A> = [], b: List<B> = [], eq: (a: A, b: B) => boolean): boolean {
  return a.length === b.length && a.every((value, i) => eq(value, b[i] as B));
}

/** Compares two slices element by element. Mirrors Go's `slices.Compare`. */
export function compare<T extends Ordered>(a: List<T> = [], b: List<T> = []): number {
  return compareFunc(a, b, compareOrdered);
}

/** Compares two slices by a function. Mirrors Go's `slices.CompareFunc`. */
export function compareFunc<A, B>(a: List<A> = [], b: List<B> = [], cmp: (a: A, b: B) => number): number {
  for (const [i, value] of a.entries()) {
    if (i >= b.length) return 1;
    const order = cmp(value, b[i] as B);
    if (order !== 0) return order;
  }
  return a.length < b.length ? -1 : 0;
}

/**
 * Returns the index of a value, or -1. Mirrors Go's `slices.Index`.
 *
 * @example
 * ```ts
 * console.log(slices.index(["a", "b"], "b"), slices.index([Number.NaN], Number.NaN)); // 1 -1
 * ```
 */
export function index<T>(list: List<T> = [], value: T): number {
  return list.findIndex((each) => same(each, value));
}

/** Returns the index of the first element that passes a test, or -1. Mirrors Go's `slices.IndexFunc`. */
export function indexFunc<T>(list: List<T> = [], test: (value: T) => boolean): number {
  return list.findIndex((each) => test(each));
}

/** Tells whether a slice contains a value. Mirrors Go's `slices.Contains`. */
export function contains<T>(list: List<T> = [], value: T): boolean {
  return index(list, value) >= 0;
}

/** Tells whether an element passes a test. Mirrors Go's `slices.ContainsFunc`. */
export function containsFunc<T>(list: List<T> = [], test: (value: T) => boolean): boolean {
  return indexFunc(list, test) >= 0;
}

/** Copies a slice. Mirrors Go's `slices.Clone`. */
export function clone<T>(list: List<T> = []): T[] {
  return list.slice();
}

/** Returns the slice: an array has no spare capacity. Mirrors Go's `slices.Clip`. */
export function clip<T>(list: T[]): T[] {
  return list;
}

/** Returns the slice: an array grows by itself. Mirrors Go's `slices.Grow`. */
export function grow<T>(list: T[], n: number): T[] {
  if (n < 0) throw new PanicError("cannot be negative");
  return list;
}

/** Joins slices. Mirrors Go's `slices.Concat`. */
export function concat<T>(...lists: List<T>[]): T[] {
  return lists.flat();
}

/**
 * Repeats a slice. Mirrors Go's `slices.Repeat`.
 *
 * @throws {@link PanicError} `cannot be negative`
 */
export function repeat<T>(list: List<T>, count: number): T[] {
  if (count < 0) throw new PanicError("cannot be negative");
  return Array.from({ length: count }, () => list).flat();
}

/** Reverses a slice in place. Mirrors Go's `slices.Reverse`. */
export function reverse<T>(list: T[]): void {
  list.reverse();
}

/**
 * Returns a slice with values inserted at an index. Mirrors Go's `slices.Insert`.
 *
 * @throws {@link PanicError} `runtime error: slice bounds out of range [5:3]`
 *
 * @example
 * ```ts
 * console.log(slices.insert([1, 4], 1, 2, 3)); // [ 1, 2, 3, 4 ]
 * ```
 */
export function insert<T>(list: List<T> = [], at: number, ...values: T[]): T[] {
  if (!(at >= 0 && at <= list.length)) panicSlice(at, list.length, list.length, "length");
  return [...list.slice(0, at), ...values, ...list.slice(at)];
}

function remove<T>(list: List<T> = [], low: number, high: number): T[] {
  if (!(0 <= low && low <= high && high <= list.length)) panicSlice3(low, high, list.length, list.length);
  return [...list.slice(0, low), ...list.slice(high)];
}

/** Returns a slice without the elements that pass a test. Mirrors Go's `slices.DeleteFunc`. */
export function deleteFunc<T>(list: List<T> = [], test: (value: T) => boolean): T[] {
  return list.filter((value) => !test(value));
}

/** Returns a slice with a part replaced. Mirrors Go's `slices.Replace`. */
export function replace<T>(list: List<T>, low: number, high: number, ...values: T[]): T[] {
  if (!(0 <= low && low <= high && high <= list.length)) panicSlice(low, high, list.length, "capacity");
  return [...list.slice(0, low), ...values, ...list.slice(high)];
}

/** Returns a slice with one of each run of equal elements. Mirrors Go's `slices.Compact`. */
export function compact<T>(list: List<T> = []): T[] {
  return compactFunc(list, same);
}

/**
 * Returns a slice with the first of each run of elements that a function reports as equal. Mirrors Go's
 * `slices.CompactFunc`.
 */
export function compactFunc<T>(list: List<T>, eq: (a: T, b: T) => boolean): T[] {
  const kept: T[] = [];
  for (const value of list) if (kept.length === 0 || !eq(kept.at(-1) as T, value)) kept.push(value);
  return kept;
}

/** Sorts a slice in place. Mirrors Go's `slices.Sort`: NaN first, strings by their bytes. */
export function sort<T extends Ordered>(list: T[]): void {
  list.sort(compareOrdered);
}

/**
 * Makes a function that compares from one that tells whether a value is less than another, as older versions of
 * `golang.org/x/exp/slices` take it.
 *
 * @example
 * ```ts
 * const list = ["pear", "fig"];
 * slices.sortFunc(list, slices.byLess((a, b) => a.length < b.length));
 * console.log(list); // [ 'fig', 'pear' ]
 * ```
 */
export function byLess<T>(less: (a: T, b: T) => boolean): (a: T, b: T) => number {
  return (a, b) => {
    if (less(a, b)) return -1;
    return less(b, a) ? 1 : 0;
  };
}

/** Sorts a slice in place by a function. Mirrors Go's `slices.SortFunc`; it is stable here. */
export function sortFunc<T>(list: T[], cmp: (a: T, b: T) => number): void {
  list.sort(cmp);
}

/** Sorts a slice in place, and keeps the order of equal elements. Mirrors Go's `slices.SortStableFunc`. */
export function sortStableFunc<T>(list: T[], cmp: (a: T, b: T) => number): void {
  list.sort(cmp);
}

/** Tells whether a slice is sorted. Mirrors Go's `slices.IsSorted`. */
export function isSorted<T extends Ordered>(list: List<T>): boolean {
  return isSortedFunc(list, compareOrdered);
}

/** Tells whether a slice is sorted by a function. Mirrors Go's `slices.IsSortedFunc`. */
export function isSortedFunc<T>(list: List<T>, cmp: (a: T, b: T) => number): boolean {
  return list.every((value, i) => i === 0 || cmp(value, list[i - 1] as T) >= 0);
}

/**
 * Searches a sorted slice: returns the index of a value, or where it would be inserted, and whether it was found.
 * Mirrors Go's `slices.BinarySearch`.
 *
 * @example
 * ```ts
 * console.log(slices.binarySearch([1, 3, 5], 3), slices.binarySearch([1, 3, 5], 4)); // [ 1, true ] [ 2, false ]
 * ```
 */
export function binarySearch<T extends Ordered>(list: List<T>, value: T): [index: number, found: boolean] {
  return binarySearchFunc(list, value, compareOrdered);
}

/** Searches a sorted slice by a function. Mirrors Go's `slices.BinarySearchFunc`. */
export function binarySearchFunc<E, T>(
  list: List<E>,
  target: T,
  cmp: (element: E, target: T) => number,
): [index: number, found: boolean] {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (cmp(list[middle] as E, target) < 0) low = middle + 1;
    else high = middle;
  }
  return [low, low < list.length && cmp(list[low] as E, target) === 0];
}

/**
 * Returns the smallest element. Mirrors Go's `slices.Min`: NaN if an element is NaN.
 *
 * @throws {@link PanicError} `slices.Min: empty list`
 */
export function min<T extends Ordered>(list: List<T>): T {
  if (list.length === 0) throw new PanicError("slices.Min: empty list");
  return list.reduce((best, value) =>
    typeof value === "number" && typeof best === "number"
      ? (Math.min(best, value) as T) // -0 is less than 0
      : compareOrdered(value, best) < 0
        ? value
        : best,
  );
}

/**
 * Returns the largest element. Mirrors Go's `slices.Max`: NaN if an element is NaN.
 *
 * @throws {@link PanicError} `slices.Max: empty list`
 */
export function max<T extends Ordered>(list: List<T>): T {
  if (list.length === 0) throw new PanicError("slices.Max: empty list");
  return list.reduce((best, value) =>
    typeof value === "number" && typeof best === "number"
      ? (Math.max(best, value) as T)
      : compareOrdered(value, best) > 0
        ? value
        : best,
  );
}

/** Returns the first smallest element by a function. Mirrors Go's `slices.MinFunc`. */
export function minFunc<T>(list: List<T>, cmp: (a: T, b: T) => number): T {
  if (list.length === 0) throw new PanicError("slices.MinFunc: empty list");
  return list.reduce((best, value) => (cmp(value, best) < 0 ? value : best));
}

/** Returns the first largest element by a function. Mirrors Go's `slices.MaxFunc`. */
export function maxFunc<T>(list: List<T>, cmp: (a: T, b: T) => number): T {
  if (list.length === 0) throw new PanicError("slices.MaxFunc: empty list");
  return list.reduce((best, value) => (cmp(value, best) > 0 ? value : best));
}

/** Iterates over consecutive parts of at most `size` elements. Mirrors Go's `slices.Chunk`. */
export function* chunk<T>(list: List<T>, size: number): Generator<T[], void, void> {
  if (size < 1) throw new PanicError("cannot be less than 1");
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}

/** Iterates over indexes and values. Mirrors Go's `slices.All`. */
export function all<T>(list: List<T> = []): Iterable<[number, T]> {
  return list.entries();
}

/** Iterates over values. Mirrors Go's `slices.Values`. */
export function values<T>(list: List<T> = []): Iterable<T> {
  return list.values();
}

/** Iterates over indexes and values from the end. Mirrors Go's `slices.Backward`. */
export function* backward<T>(list: List<T> = []): Generator<[number, T], void, void> {
  for (let i = list.length - 1; i >= 0; i--) yield [i, list[i] as T];
}

/** Collects values into a new slice. Mirrors Go's `slices.Collect`. */
export function collect<T>(seq: Iterable<T>): T[] {
  return Array.from(seq);
}

/** Returns a slice with values appended. Mirrors Go's `slices.AppendSeq`. */
export function appendSeq<T>(list: List<T>, seq: Iterable<T>): T[] {
  return [...list, ...seq];
}

/** Collects values into a new sorted slice. Mirrors Go's `slices.Sorted`. */
export function sorted<T extends Ordered>(seq: Iterable<T>): T[] {
  return Array.from(seq).sort(compareOrdered);
}

/** Collects values into a new slice, sorted by a function. Mirrors Go's `slices.SortedFunc`. */
export function sortedFunc<T>(seq: Iterable<T>, cmp: (a: T, b: T) => number): T[] {
  return Array.from(seq).sort(cmp);
}

/** Collects values into a new slice, sorted by a function. Mirrors Go's `slices.SortedStableFunc`. */
export function sortedStableFunc<T>(seq: Iterable<T>, cmp: (a: T, b: T) => number): T[] {
  return Array.from(seq).sort(cmp);
}

export {
  /**
   * Returns a slice without a part. Mirrors Go's `slices.Delete`.
   *
   * @throws {@link PanicError} `runtime error: slice bounds out of range [:5:3]`
   */
  remove as delete,
};
