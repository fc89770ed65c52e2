/** Go's built-in functions for slices: on arrays, on bytes, and on the slices of slice.ts. */
import { PanicError } from "../runtime/panic.ts";
import { grow } from "./grow.ts";
import { Slice } from "./slice.ts";
import { type Space, spaces, windowOn } from "./space.ts";
import { toBytes, utf8Length } from "./text.ts";

/** The slices that {@link append} and {@link copy} accept. */
export type Appendable<T> = readonly T[] | Uint8Array | Slice<T>;

/**
 * Buffers that this module allocated. Only in these is the memory behind a `Uint8Array` its spare capacity: other
 * buffers may be shared, as Node's pooled ones are.
 */
const owned = new WeakSet<ArrayBufferLike>();

/** The capacities limited by `s[low:high:max]`: those of the slice itself and of the slices cut from it. */
const limits = new WeakMap<Uint8Array, number>();

/** Returns a view of bytes. It keeps the limit of `bytes` on its capacity, unless `max` sets a new one. */
export function viewOf(bytes: Uint8Array, low: number, high: number, max: number | undefined): Uint8Array {
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset + low, high - low);
  const limit = max ?? limits.get(bytes);
  if (limit !== undefined) limits.set(view, limit - low);
  return view;
}

/**
 * Makes a slice of bytes with spare capacity: Go's `make([]byte, length, capacity)`.
 *
 * @throws {@link PanicError} `runtime error: makeslice: len out of range`
 *
 * @example
 * ```ts
 * const line = makeBytes(0, 80);
 * console.log(line.length, cap(line)); // 0 80
 * ```
 */
export function makeBytes(length: number, capacity: number = length): Uint8Array {
  checkMake(length, capacity);
  const buffer = new ArrayBuffer(capacity);
  owned.add(buffer);
  return new Uint8Array(buffer, 0, length);
}

/**
 * Makes an array of zero values: Go's `make([]T, length)`. Pass a function to make each value separately, as structs
 * need.
 *
 * @throws {@link PanicError} `runtime error: makeslice: len out of range`
 *
 * @example
 * ```ts
 * console.log(make(3, 0)); // [ 0, 0, 0 ]
 * console.log(make(2, () => ({ x: 0 }))); // [ { x: 0 }, { x: 0 } ]
 * ```
 */
export function make<T>(length: number, zero: T | (() => T)): T[] {
  checkMake(length, length);
  return Array.from({ length }, typeof zero === "function" ? (zero as () => T) : () => zero);
}

function checkMake(length: number, capacity: number): void {
  if (!(length >= 0)) throw new PanicError("runtime error: makeslice: len out of range");
  if (capacity < length) throw new PanicError("runtime error: makeslice: cap out of range");
}

/**
 * Appends values: Go's `append(s, v…)`. What it returns depends on what it is given:
 *
 * - an array: a new array, as Go does when there is no spare capacity. It never writes into memory that another slice
 *   can see. Use `push` where the same variable takes the result.
 * - a {@link view}: writes behind the view if there is room, as Go does.
 * - bytes: an array over the same memory if there is room behind them, as in Go; else a copy with room to grow.
 * - a {@link Slice}: as in Go.
 *
 * @example
 * ```ts
 * const few = [1, 2];
 * const more = append(few, 3);
 * console.log(few, more); // [ 1, 2 ] [ 1, 2, 3 ]
 * ```
 */
export function append(slice: Uint8Array | undefined, ...values: number[]): Uint8Array;
export function append<T>(slice: Slice<T>, ...values: T[]): Slice<T>;
export function append<T>(slice: readonly T[] | undefined, ...values: T[]): T[];
export function append<T>(slice: Appendable<T> | undefined, ...values: T[]): Appendable<T> {
  return appendAll(slice as readonly T[], values);
}

/**
 * Appends the elements of another slice: Go's `append(s, other…)`, and `append(bytes, text…)`.
 *
 * @example
 * ```ts
 * console.log(appendAll([1], [2, 3])); // [ 1, 2, 3 ]
 * ```
 */
export function appendAll(slice: Uint8Array, values: ArrayLike<number> | string | undefined): Uint8Array;
export function appendAll<T>(slice: Slice<T>, values: Slice<T> | readonly T[] | undefined): Slice<T>;
export function appendAll<T>(slice: readonly T[] | undefined, values: readonly T[] | undefined): T[];
export function appendAll<T>(
  slice: Appendable<T> | undefined,
  values: Slice<T> | ArrayLike<T> | string | undefined,
): Appendable<T> {
  if (slice instanceof Uint8Array) {
    return appendBytes(slice, typeof values === "string" ? toBytes(values) : ((values ?? []) as ArrayLike<number>));
  }
  const list = values instanceof Slice ? values.toArray() : ((values ?? []) as readonly T[]);
  if (slice instanceof Slice) return slice.append(...list);
  const space = slice && (spaces.get(slice) as Space<T> | undefined);
  if (space === undefined) return (slice ?? []).concat(list);
  const length = space.length + list.length;
  if (length > space.capacity) return Array.from(slice as readonly T[]).concat(list);
  for (let i = 0; i < list.length; i++) space.array[space.offset + space.length + i] = list[i] as T;
  return windowOn({ ...space, length });
}

function appendBytes(slice: Uint8Array, values: ArrayLike<number>): Uint8Array {
  const length = slice.length + values.length;
  if (values.length === 0) return slice;
  let result: Uint8Array;
  if (length <= cap(slice)) result = viewOf(slice, 0, length, undefined);
  else {
    result = makeBytes(length, grow(slice.length, cap(slice), length, 1));
    result.set(slice);
  }
  result.set(values, slice.length);
  return result;
}

/**
 * Copies elements from one slice to the beginning of another and returns how many: Go's `copy(dst, src)`. The two may
 * overlap, and the source may be a string.
 *
 * @example
 * ```ts
 * const list = [1, 2, 3, 4];
 * console.log(copy(list, list.slice(2)), list); // 2 [ 3, 4, 3, 4 ]
 * ```
 */
export function copy<T>(
  target: T[] | Slice<T> | Uint8Array | undefined,
  source: Appendable<T> | string | undefined,
): number {
  if (target === undefined || source === undefined) return 0;
  if (typeof source === "string") return copy(target as Uint8Array, toBytes(source));
  const count = Math.min(target.length, source.length);
  if (target instanceof Uint8Array) {
    target.set(
      source instanceof Uint8Array ? source.subarray(0, count) : (Array.from(source) as number[]).slice(0, count),
    );
    return count;
  }
  const values = source instanceof Slice ? source.toArray() : Array.from(source as readonly T[]);
  for (let i = 0; i < count; i++) {
    if (target instanceof Slice) target.set(i, values[i] as T);
    else target[i] = values[i] as T;
  }
  return count;
}

/**
 * Returns the length as Go's `len` does: bytes of a string, elements of a slice, entries of a map, values in a channel's
 * buffer; 0 for nil.
 *
 * @example
 * ```ts
 * console.log(len("é"), len([1, 2]), len(undefined)); // 2 2 0
 * ```
 */
export function len(
  value: string | { readonly length: number } | { readonly size: number } | null | undefined,
): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === "string") return utf8Length(value);
  return "size" in value ? value.size : value.length;
}

/**
 * Returns the capacity as Go's `cap` does: of bytes that {@link makeBytes} or {@link append} made, of a {@link Slice} or
 * a channel; an array has no spare capacity, so it is its length.
 *
 * @example
 * ```ts
 * console.log(cap(makeBytes(0, 16)), cap([1, 2])); // 16 2
 * ```
 */
export function cap(
  value: Appendable<unknown> | { readonly length: number; readonly capacity: number } | null | undefined,
): number {
  if (value === undefined || value === null) return 0;
  if (value instanceof Uint8Array) {
    return limits.get(value) ?? (owned.has(value.buffer) ? value.buffer.byteLength - value.byteOffset : value.length);
  }
  return spaces.get(value)?.capacity ?? ("capacity" in value ? value.capacity : value.length);
}

/**
 * Empties a map, or sets all elements of a slice to zero: Go's built-in `clear`.
 *
 * @example
 * ```ts
 * const list = [1, 2];
 * clear(list, 0);
 * console.log(list); // [ 0, 0 ]
 * ```
 */
export function clear<T>(value: T[] | Slice<T> | Uint8Array | undefined, zero: T | (() => T)): void;
export function clear(value: { clear(): void } | undefined): void;
export function clear<T>(
  value: T[] | Slice<T> | Uint8Array | { clear(): void } | undefined,
  zero?: T | (() => T),
): void {
  if (value === undefined) return;
  if ("clear" in value) return value.clear();
  const make = typeof zero === "function" ? (zero as () => T) : () => zero as T;
  if (value instanceof Uint8Array) value.fill(0);
  else if (value instanceof Slice) for (let i = 0; i < value.length; i++) value.set(i, make());
  else for (let i = 0; i < value.length; i++) value[i] = make();
}
