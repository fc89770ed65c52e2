/**
 * Sorting. Mirrors Go's `sort` package. All sorting is stable here; Go guarantees that only for the functions with
 * "stable" in their names.
 *
 * @module
 */

import { compare } from "../cmp/cmp.ts";

/** A collection that is sorted through its methods: `sort.Interface`. */
export interface Interface {
  len(): number;
  less(i: number, j: number): boolean;
  swap(i: number, j: number): void;
}

/** Returns the indexes in the order of `less`. The list does not change meanwhile: `less` takes indexes into it. */
function order(length: number, less: (i: number, j: number) => boolean): number[] {
  return Array.from({ length }, (_, i) => i).sort((i, j) => (less(i, j) ? -1 : less(j, i) ? 1 : 0));
}

/**
 * Sorts a slice in place by a function that compares two indexes. Mirrors Go's `sort.Slice`.
 *
 * @example
 * ```ts
 * const people = [{ age: 41 }, { age: 7 }];
 * sort.slice(people, (i, j) => people[i]!.age < people[j]!.age);
 * console.log(people.map((p) => p.age)); // [ 7, 41 ]
 * ```
 */
export function slice<T>(list: T[] | undefined, less: (i: number, j: number) => boolean): void {
  if (list === undefined) return;
  const before = list.slice();
  order(list.length, less).forEach((from, to) => {
    list[to] = before[from] as T;
  });
}

/** Sorts a slice in place, and keeps the order of equal elements. Mirrors Go's `sort.SliceStable`. */
export function sliceStable<T>(list: T[] | undefined, less: (i: number, j: number) => boolean): void {
  slice(list, less);
}

/** Tells whether a slice is sorted. Mirrors Go's `sort.SliceIsSorted`. */
export function sliceIsSorted(list: readonly unknown[] | undefined, less: (i: number, j: number) => boolean): boolean {
  for (let i = (list?.length ?? 0) - 1; i > 0; i--) if (less(i, i - 1)) return false;
  return true;
}

/**
 * Sorts by the methods of an interface. Mirrors Go's `sort.Sort`; it calls `swap` at most once for each element.
 *
 * @example
 * ```ts
 * const words = ["b", "c", "a"];
 * sort.sort(sort.reverse(sort.stringSlice(words)));
 * console.log(words); // [ 'c', 'b', 'a' ]
 * ```
 */
export function sort(data: Interface): void {
  const wanted = order(data.len(), (i, j) => data.less(i, j));
  /** The present index of the element that was at an index before, and the inverse. */
  const placeOf = wanted.map((_, i) => i);
  const elementAt = wanted.map((_, i) => i);
  wanted.forEach((element, to) => {
    const from = placeOf[element] as number;
    if (from === to) return;
    data.swap(from, to);
    const other = elementAt[to] as number;
    elementAt[from] = other;
    placeOf[other] = from;
    elementAt[to] = element;
    placeOf[element] = to;
  });
}

/** Sorts by the methods of an interface, and keeps the order of equal elements. Mirrors Go's `sort.Stable`. */
export function stable(data: Interface): void {
  sort(data);
}

/** Tells whether data is sorted. Mirrors Go's `sort.IsSorted`. */
export function isSorted(data: Interface): boolean {
  for (let i = data.len() - 1; i > 0; i--) if (data.less(i, i - 1)) return false;
  return true;
}

/** Returns the reverse order. Mirrors Go's `sort.Reverse`. */
export function reverse(data: Interface): Interface {
  return {
    len: () => data.len(),
    less: (i, j) => data.less(j, i),
    swap: (i, j) => data.swap(i, j),
  };
}

function listOf<T extends number | string>(list: T[]): Interface {
  return {
    len: () => list.length,
    less: (i, j) => compare(list[i] as T, list[j] as T) < 0,
    swap: (i, j) => {
      [list[i], list[j]] = [list[j] as T, list[i] as T];
    },
  };
}

/** Returns integers as an interface: Go's conversion `sort.IntSlice(list)`. */
export function intSlice(list: number[]): Interface {
  return listOf(list);
}

/** Returns floats as an interface that orders NaN first: Go's conversion `sort.Float64Slice(list)`. */
export function float64Slice(list: number[]): Interface {
  return listOf(list);
}

/** Returns strings as an interface: Go's conversion `sort.StringSlice(list)`. */
export function stringSlice(list: string[]): Interface {
  return listOf(list);
}

/** Sorts integers in place. Mirrors Go's `sort.Ints`. */
export function ints(list: number[]): void {
  list.sort(compare);
}

/** Sorts floats in place, NaN first. Mirrors Go's `sort.Float64s`. */
export function float64s(list: number[]): void {
  list.sort(compare);
}

/** Sorts strings in place, by their bytes. Mirrors Go's `sort.Strings`. */
export function strings(list: string[]): void {
  list.sort(compare);
}

/** Tells whether integers are sorted. Mirrors Go's `sort.IntsAreSorted`. */
export function intsAreSorted(list: readonly number[]): boolean {
  return list.every((value, i) => i === 0 || compare(list[i - 1] as number, value) <= 0);
}

/** Tells whether floats are sorted. Mirrors Go's `sort.Float64sAreSorted`. */
export function float64sAreSorted(list: readonly number[]): boolean {
  return intsAreSorted(list);
}

/** Tells whether strings are sorted. Mirrors Go's `sort.StringsAreSorted`. */
export function stringsAreSorted(list: readonly string[]): boolean {
  return list.every((value, i) => i === 0 || compare(list[i - 1] as string, value) <= 0);
}

/**
 * Finds the smallest index below `n` at which a test holds, by binary search; `n` if there is none. Mirrors Go's
 * `sort.Search`.
 *
 * @example
 * ```ts
 * const squares = [1, 4, 9, 16];
 * console.log(sort.search(squares.length, (i) => squares[i]! >= 9)); // 2
 * ```
 */
export function search(n: number, test: (i: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Searches with a function that compares: returns the index, and whether the value was found. Mirrors Go's `sort.Find`.
 */
export function find(n: number, compareAt: (i: number) => number): [index: number, found: boolean] {
  const index = search(n, (i) => compareAt(i) <= 0);
  return [index, index < n && compareAt(index) === 0];
}

/** Searches sorted integers. Mirrors Go's `sort.SearchInts`. */
export function searchInts(list: readonly number[], value: number): number {
  return search(list.length, (i) => (list[i] as number) >= value);
}

/** Searches sorted floats. Mirrors Go's `sort.SearchFloat64s`. */
export function searchFloat64s(list: readonly number[], value: number): number {
  return searchInts(list, value);
}

/** Searches sorted strings. Mirrors Go's `sort.SearchStrings`. */
export function searchStrings(list: readonly string[], value: string): number {
  return search(list.length, (i) => compare(list[i] as string, value) >= 0);
}
