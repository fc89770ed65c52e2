import { PanicError } from "../runtime/panic.ts";
import { grow } from "./grow.ts";
import { panicIndex, panicSlice, panicSlice3 } from "./panics.ts";

/** The size of an element for the growth of a slice, in bytes: a word on a 64-bit machine. */
const word = 8;

/**
 * A window on an array that other slices may share: Go's slice, for programs where sharing matters. Use arrays where it
 * does not.
 *
 * It shares and grows as in Go; the capacity after growth is always that of a slice of 8-byte elements.
 *
 * @example
 * ```ts
 * const all = sliceOf(1, 2, 3, 4);
 * const firstTwo = all.slice(0, 2);
 * const longer = firstTwo.append(9); // there is room behind: it writes into `all`
 * console.log([...all], longer.length, longer.capacity); // [ 1, 2, 9, 4 ] 3 4
 * ```
 */
export class Slice<T> implements Iterable<T> {
  /** Shared by all slices of it, and at least as long as the end of the last one. */
  readonly #array: T[];
  readonly #offset: number;
  /** The number of elements: Go's `len(s)`. */
  readonly length: number;
  /** The number of elements up to which the slice can be extended in place: Go's `cap(s)`. */
  readonly capacity: number;
  /** The value of a new element before it is set. */
  readonly #zero: () => T;

  private constructor(array: T[], offset: number, length: number, capacity: number, zero: () => T) {
    this.#array = array;
    this.#offset = offset;
    this.length = length;
    this.capacity = capacity;
    this.#zero = zero;
  }

  /**
   * Makes a slice of zero values: Go's `make([]T, length, capacity)`.
   *
   * @throws {@link PanicError} `runtime error: makeslice: len out of range`
   */
  static make<T>(length: number, capacity: number, zero: T | (() => T)): Slice<T> {
    if (!(length >= 0)) throw new PanicError("runtime error: makeslice: len out of range");
    if (capacity < length) throw new PanicError("runtime error: makeslice: cap out of range");
    const make = typeof zero === "function" ? (zero as () => T) : () => zero;
    return new Slice(Array.from({ length: capacity }, make), 0, length, capacity, make);
  }

  /** Makes a slice over an array, which it shares: Go's `array[:]`. */
  static over<T>(array: T[]): Slice<T> {
    return new Slice(array, 0, array.length, array.length, () => undefined as T);
  }

  /**
   * Returns an element: Go's `s[i]`.
   *
   * @throws {@link PanicError} `runtime error: index out of range [5] with length 3`
   *
   * @example
   * ```ts
   * console.log(sliceOf(7, 8).at(1)); // 8
   * ```
   */
  at(index: number): T {
    if (!(index >= 0 && index < this.length)) panicIndex(index, this.length);
    return this.#array[this.#offset + index] as T;
  }

  /**
   * Sets an element: Go's `s[i] = v`.
   *
   * @throws {@link PanicError} `runtime error: index out of range [5] with length 3`
   *
   * @example
   * ```ts
   * const s = sliceOf(7, 8);
   * s.set(0, 9);
   * console.log(s.toArray()); // [ 9, 8 ]
   * ```
   */
  set(index: number, value: T): void {
    if (!(index >= 0 && index < this.length)) panicIndex(index, this.length);
    this.#array[this.#offset + index] = value;
  }

  /**
   * Returns a part that shares the elements: Go's `s[low:high]` and `s[low:high:max]`. `high` may reach beyond the length
   * up to the capacity.
   *
   * @throws {@link PanicError} `runtime error: slice bounds out of range [:5] with capacity 3`
   *
   * @example
   * ```ts
   * console.log(sliceOf(1, 2, 3).slice(1, 2).capacity); // 2
   * ```
   */
  slice(low: number = 0, high: number = this.length, max?: number): Slice<T> {
    const limit = max ?? this.capacity;
    if (max !== undefined && !(0 <= low && low <= high && high <= max && max <= this.capacity)) {
      panicSlice3(low, high, max, this.capacity);
    }
    if (!(0 <= low && low <= high && high <= limit)) panicSlice(low, high, limit, "capacity");
    return new Slice(this.#array, this.#offset + low, high - low, limit - low, this.#zero);
  }

  /**
   * Appends values: Go's `append(s, v…)`. It writes behind this slice if there is room; other slices may see that.
   *
   * @example
   * ```ts
   * console.log(sliceOf(1).append(2, 3).toArray()); // [ 1, 2, 3 ]
   * ```
   */
  append(...values: T[]): Slice<T> {
    const length = this.length + values.length;
    if (length <= this.capacity) {
      for (let i = 0; i < values.length; i++) this.#array[this.#offset + this.length + i] = values[i] as T;
      return new Slice(this.#array, this.#offset, length, this.capacity, this.#zero);
    }
    const capacity = grow(this.length, this.capacity, length, word);
    const array = this.toArray();
    for (const value of values) array.push(value);
    while (array.length < capacity) array.push(this.#zero());
    return new Slice(array, 0, length, capacity, this.#zero);
  }

  /**
   * Returns the elements as a new array.
   *
   * @example
   * ```ts
   * console.log(sliceOf(1, 2).slice(1).toArray()); // [ 2 ]
   * ```
   */
  toArray(): T[] {
    return this.#array.slice(this.#offset, this.#offset + this.length);
  }

  *[Symbol.iterator](): Generator<T, undefined, void> {
    for (let i = 0; i < this.length; i++) yield this.#array[this.#offset + i] as T;
    return undefined;
  }
}

/**
 * Makes a {@link Slice} of these elements: Go's `[]T{…}`.
 *
 * @example
 * ```ts
 * console.log(sliceOf("a", "b").at(1)); // b
 * ```
 */
export function sliceOf<T>(...values: T[]): Slice<T> {
  return Slice.over(values);
}
