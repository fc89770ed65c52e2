/**
 * Subslices that share memory and behave like arrays: `gocsp port` uses them where sharing can be told from copying.
 */
import { cap, viewOf } from "./append.ts";
import { panicSlice, panicSlice3 } from "./panics.ts";
import { type Space, spaces, windowOn } from "./space.ts";

/**
 * Returns a part of a slice that **shares** its elements: Go's `s[low:high]` and `s[low:high:max]`. A write to the part
 * shows in the whole and vice versa, and {@link append} to the part overwrites the elements behind it, as in Go. It
 * behaves like an array, but an access takes many times as long. Use the array's own `slice` where no write follows.
 *
 * `high` may reach up to the capacity; an array's capacity is its length. For bytes the result is a subarray.
 *
 * @throws {@link PanicError} `runtime error: slice bounds out of range [:5] with capacity 3`
 *
 * @example
 * ```ts
 * const all = [1, 2, 3, 4];
 * const middle = view(all, 1, 3);
 * middle[0] = 9;
 * console.log(append(middle, 7).length, all); // 3 [ 1, 9, 3, 7 ]
 * ```
 */
export function view(bytes: Uint8Array | undefined, low?: number, high?: number, max?: number): Uint8Array;
export function view<T>(list: readonly T[] | undefined, low?: number, high?: number, max?: number): T[];
export function view<T>(
  list: readonly T[] | Uint8Array | undefined,
  low = 0,
  high?: number,
  max?: number,
): T[] | Uint8Array {
  const whole = (list ?? []) as T[] | Uint8Array;
  const capacity = cap(whole);
  const end = high ?? whole.length;
  const limit = max ?? capacity;
  if (max !== undefined && !(0 <= low && low <= end && end <= max && max <= capacity)) {
    panicSlice3(low, end, max, capacity);
  }
  if (!(0 <= low && low <= end && end <= limit)) panicSlice(low, end, limit, "capacity");
  if (whole instanceof Uint8Array) return viewOf(whole, low, end, limit);
  const space = (spaces.get(whole) as Space<T> | undefined) ?? { array: whole, offset: 0 };
  return windowOn({ array: space.array, offset: space.offset + low, length: end - low, capacity: limit - low });
}
