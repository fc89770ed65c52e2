/** Indexes that panic as Go's do. */
import { cap, viewOf } from "./append.ts";
import { panicIndex, panicSlice, panicSlice3 } from "./panics.ts";
import { Slice } from "./slice.ts";
import { byteAt, substring } from "./text.ts";

/**
 * Returns an element of a slice, or a byte of a string: Go's `s[i]`.
 *
 * @throws {@link PanicError} `runtime error: index out of range [5] with length 3`
 *
 * @example
 * ```ts
 * console.log(at([7, 8], 1)); // 8
 * ```
 */
export function at(text: string, index: number): number;
export function at<T>(list: ArrayLike<T> | Slice<T> | undefined, index: number): T;
export function at<T>(list: ArrayLike<T> | Slice<T> | string | undefined, index: number): T | number {
  if (Array.isArray(list)) {
    if (!(index >= 0 && index < list.length)) panicIndex(index, list.length);
    return list[index] as T;
  }
  if (list === undefined) panicIndex(index, 0);
  if (typeof list === "string") return byteAt(list, index);
  if (list instanceof Slice) return list.at(index);
  if (!(index >= 0 && index < list.length)) panicIndex(index, list.length);
  return list[index] as T;
}

/**
 * Sets an element of a slice, and returns the value: Go's `s[i] = v`.
 *
 * @throws {@link PanicError} `runtime error: index out of range [5] with length 3`
 *
 * @example
 * ```ts
 * const list = [7, 8];
 * put(list, 0, 9);
 * console.log(list); // [ 9, 8 ]
 * ```
 */
export function put<T>(list: T[] | Slice<T> | undefined, index: number, value: T): T;
export function put(list: Uint8Array | undefined, index: number, value: number): number;
export function put<T>(list: { length: number } | undefined, index: number, value: T): T {
  if (list === undefined) panicIndex(index, 0);
  if (!(index >= 0 && index < list.length)) panicIndex(index, list.length);
  if (list instanceof Slice) list.set(index, value);
  else (list as unknown as T[])[index] = value;
  return value;
}

/** What {@link slice} cuts. */
export type Sliceable = string | readonly unknown[] | Uint8Array | Slice<unknown>;

/**
 * Returns a part: Go's `s[low:high]` and `s[low:high:max]`, with Go's checks. Whether it shares memory depends on the
 * type:
 *
 * - a string is cut at byte offsets in UTF-8; a cut inside a character leaves U+FFFD.
 * - bytes and a {@link Slice} share their memory with the part, as in Go.
 * - an array is **copied**: writing into the part does not show in the whole. `high` may not exceed the length.
 *
 * @throws {@link PanicError} `runtime error: slice bounds out of range [:5] with capacity 3`
 *
 * @example
 * ```ts
 * console.log(slice("héllo", 0, 3), slice([1, 2, 3], 1)); // hé [ 2, 3 ]
 * ```
 */
export function slice(text: string, low?: number, high?: number): string;
export function slice(bytes: Uint8Array | undefined, low?: number, high?: number, max?: number): Uint8Array;
export function slice<T>(list: Slice<T>, low?: number, high?: number, max?: number): Slice<T>;
export function slice<T>(list: readonly T[] | undefined, low?: number, high?: number, max?: number): T[];
export function slice(whole: Sliceable | undefined, low = 0, high?: number, max?: number): Sliceable {
  if (typeof whole === "string") return substring(whole, low, high);
  if (whole instanceof Slice) return whole.slice(low, high, max);
  const list = whole ?? [];
  const capacity = cap(list);
  const limit = max ?? capacity;
  const end = high ?? list.length;
  if (max !== undefined && !(0 <= low && low <= end && end <= max && max <= capacity)) {
    panicSlice3(low, end, max, capacity);
  }
  if (!(0 <= low && low <= end && end <= limit)) panicSlice(low, end, limit, "capacity");
  if (list instanceof Uint8Array) return viewOf(list, low, end, max);
  return list.slice(low, end);
}
