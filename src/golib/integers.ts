/** Go's integers on JavaScript's numbers, which are exact up to 2^53 - 1. */
import { PanicError } from "../runtime/panic.ts";

function divisionByZero(): never {
  throw new PanicError("runtime error: integer divide by zero");
}

/**
 * Divides integers as Go does: towards zero.
 *
 * @throws {@link PanicError} `runtime error: integer divide by zero`
 *
 * @example
 * ```ts
 * console.log(div(-7, 2)); // -3
 * ```
 */
export function div(a: number, b: number): number {
  if (b === 0) divisionByZero();
  // Adding 0 turns -0 into 0.
  return Math.trunc(a / b) + 0;
}

/**
 * Returns the remainder of {@link div}: Go's `a % b`, with the sign of `a` and never -0.
 *
 * @throws {@link PanicError} `runtime error: integer divide by zero`
 *
 * @example
 * ```ts
 * console.log(rem(-7, 2)); // -1
 * ```
 */
export function rem(a: number, b: number): number {
  if (b === 0) divisionByZero();
  return (a % b) + 0;
}

/**
 * Converts to Go's `int`: cuts the fraction off. The result is exact up to 2^53; Go's `int` goes up to 2^63.
 *
 * @example
 * ```ts
 * console.log(int(-2.7)); // -2
 * ```
 */
export function int(value: number | bigint): number {
  return Math.trunc(Number(value)) + 0;
}

/**
 * Converts to Go's `int8`: the lowest 8 bits, signed.
 *
 * @example
 * ```ts
 * console.log(int8(200)); // -56
 * ```
 */
export function int8(value: number | bigint): number {
  return (low32(value) << 24) >> 24;
}

/**
 * Converts to Go's `int16`: the lowest 16 bits, signed.
 *
 * @example
 * ```ts
 * console.log(int16(40000)); // -25536
 * ```
 */
export function int16(value: number | bigint): number {
  return (low32(value) << 16) >> 16;
}

/**
 * Converts to Go's `int32`: the lowest 32 bits, signed. Put around a sum or a difference it overflows as Go does.
 *
 * @example
 * ```ts
 * console.log(int32(2147483647 + 1)); // -2147483648
 * ```
 */
export function int32(value: number | bigint): number {
  return low32(value);
}

/**
 * Converts to Go's `uint8`: the lowest 8 bits.
 *
 * @example
 * ```ts
 * console.log(uint8(-1)); // 255
 * ```
 */
export function uint8(value: number | bigint): number {
  return low32(value) & 0xff;
}

/**
 * Converts to Go's `uint16`: the lowest 16 bits.
 *
 * @example
 * ```ts
 * console.log(uint16(65536 + 7)); // 7
 * ```
 */
export function uint16(value: number | bigint): number {
  return low32(value) & 0xffff;
}

/**
 * Converts to Go's `uint32`: the lowest 32 bits.
 *
 * @example
 * ```ts
 * console.log(uint32(-1)); // 4294967295
 * ```
 */
export function uint32(value: number | bigint): number {
  return low32(value) >>> 0;
}

/** The lowest 32 bits. `|` takes a number modulo 2^32, and is exact for every whole number that a double can hold. */
function low32(value: number | bigint): number {
  return typeof value === "bigint" ? Number(BigInt.asIntN(32, value)) : value | 0;
}

/**
 * Converts to Go's `int64` as a bigint, wrapped to 64 bits: for hashes and random generators, where every bit counts.
 *
 * @example
 * ```ts
 * console.log(int64(2n ** 63n)); // -9223372036854775808n
 * ```
 */
export function int64(value: number | bigint): bigint {
  return BigInt.asIntN(64, whole(value));
}

/**
 * Converts to Go's `uint64` as a bigint, wrapped to 64 bits.
 *
 * @example
 * ```ts
 * console.log(uint64(-1)); // 18446744073709551615n
 * ```
 */
export function uint64(value: number | bigint): bigint {
  return BigInt.asUintN(64, whole(value));
}

function whole(value: number | bigint): bigint {
  return typeof value === "bigint" ? value : BigInt(Math.trunc(value));
}

/**
 * Multiplies two `int32`, with Go's overflow: as a plain product, it would lose its lowest bits above 2^53.
 *
 * @example
 * ```ts
 * console.log(mul32(123456789, 1000)); // -1097262584
 * ```
 */
export function mul32(a: number, b: number): number {
  return Math.imul(a, b);
}

/**
 * Multiplies two `uint32`, with Go's overflow.
 *
 * @example
 * ```ts
 * console.log(mulU32(16777619, 2166136261)); // 84696351
 * ```
 */
export function mulU32(a: number, b: number): number {
  return Math.imul(a, b) >>> 0;
}

/**
 * Multiplies and takes the remainder: Go's `a * b % m`, exact although the product may be beyond 2^53.
 *
 * @throws {@link PanicError} `runtime error: integer divide by zero`
 *
 * @example
 * ```ts
 * console.log(mulRem(987654321, 123456789012, 1000000007)); // 958708962
 * ```
 */
export function mulRem(a: number, b: number, m: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product) || m === 0) return rem(product, m);
  return Number((BigInt(a) * BigInt(b)) % BigInt(m));
}

function is32(a: number): boolean {
  return (a | 0) === a;
}

/**
 * Converts an `int` to Go's `uint`: a negative number becomes one that is larger than every `int`. The result is only good
 * for comparisons, because it may be beyond 2^53.
 *
 * @example
 * ```ts
 * console.log(unsigned(-1) < unsigned(3), unsigned(2) < unsigned(3)); // false true
 * ```
 */
export function unsigned(value: number): number {
  return value < 0 ? value + 2 ** 64 : value;
}

/**
 * Applies a bitwise operation through bigints, for operands that do not both fit into 32 bits. A result beyond 2^53 loses its
 * last bits: the translator marks where that may happen. To panic here would end hashes too, which may differ from Go's.
 */
function bitwise(a: number, b: number, wide: (a: bigint, b: bigint) => bigint): number {
  return Number(wide(BigInt(a), BigInt(b)));
}

/**
 * Go's `a & b` for integers of more than 32 bits, which JavaScript's operator would cut off.
 *
 * @example
 * ```ts
 * console.log(and64(2 ** 40 + 5, 2 ** 40 + 3) === 2 ** 40 + 1); // true
 * ```
 */
export function and64(a: number, b: number): number {
  return is32(a) && is32(b) ? a & b : bitwise(a, b, (x, y) => x & y);
}

/**
 * Go's `a | b` for integers of more than 32 bits.
 *
 * @example
 * ```ts
 * console.log(or64(2 ** 40, 3) === 2 ** 40 + 3); // true
 * ```
 */
export function or64(a: number, b: number): number {
  return is32(a) && is32(b) ? a | b : bitwise(a, b, (x, y) => x | y);
}

/**
 * Go's `a ^ b` for integers of more than 32 bits.
 *
 * @example
 * ```ts
 * console.log(xor64(2 ** 40 + 1, 3) === 2 ** 40 + 2); // true
 * ```
 */
export function xor64(a: number, b: number): number {
  return is32(a) && is32(b) ? a ^ b : bitwise(a, b, (x, y) => x ^ y);
}

/**
 * Go's `a &^ b` for integers of more than 32 bits.
 *
 * @example
 * ```ts
 * console.log(andNot64(2 ** 40 + 3, 1) === 2 ** 40 + 2); // true
 * ```
 */
export function andNot64(a: number, b: number): number {
  return is32(a) && is32(b) ? a & ~b : bitwise(a, b, (x, y) => x & ~y);
}

function checkShift(n: number): void {
  if (n < 0) throw new PanicError("runtime error: negative shift amount");
}

/**
 * Go's `a << n` on an `int` of 64 bits. JavaScript's operator takes `n` modulo 32. Beyond 2^53 the result loses digits.
 *
 * @throws {@link PanicError} `runtime error: negative shift amount`
 *
 * @example
 * ```ts
 * console.log(shl64(1, 40)); // 1099511627776
 * ```
 */
export function shl64(a: number, n: number): number {
  checkShift(n);
  if (n >= 64) return 0;
  const shifted = a * 2 ** n;
  return Number.isSafeInteger(shifted) ? shifted : Number(BigInt.asIntN(64, BigInt(a) << BigInt(n)));
}

/**
 * Go's `a >> n` on an `int`: rounds towards minus infinity, and `n` may be any size.
 *
 * @throws {@link PanicError} `runtime error: negative shift amount`
 *
 * @example
 * ```ts
 * console.log(shr64(-5, 1)); // -3
 * ```
 */
export function shr64(a: number, n: number): number {
  checkShift(n);
  return Math.floor(a / 2 ** Math.min(n, 64)) + 0;
}

type Ordered = number | bigint | string;

/**
 * Returns the smallest of its arguments: Go's built-in `min`. The result is NaN if one of them is; strings are compared
 * by their UTF-8 bytes.
 *
 * @example
 * ```ts
 * console.log(minimum("b", "a", "c")); // a
 * ```
 */
export function minimum<T extends Ordered>(first: T, ...rest: T[]): T {
  if (first === undefined || rest.includes(undefined as never)) return minimum(...withZeros([first, ...rest]));
  if (typeof first === "number") return Math.min(first, ...(rest as number[])) as T;
  return rest.reduce((best, value) => (compareOrdered(value, best) < 0 ? value : best), first);
}

/**
 * Returns the largest of its arguments: Go's built-in `max`.
 *
 * @example
 * ```ts
 * console.log(maximum(3, 8, 5)); // 8
 * ```
 */
export function maximum<T extends Ordered>(first: T, ...rest: T[]): T {
  if (first === undefined || rest.includes(undefined as never)) return maximum(...withZeros([first, ...rest]));
  if (typeof first === "number") return Math.max(first, ...(rest as number[])) as T;
  return rest.reduce((best, value) => (compareOrdered(value, best) > 0 ? value : best), first);
}

/**
 * Returns a value, or the zero value of the type that the other one has where it is undefined: in generic code the zero value
 * of a type parameter is undefined.
 *
 * @example
 * ```ts
 * console.log(orZero(undefined, 7), orZero("a", "b")); // 0 a
 * ```
 */
export function orZero<T>(value: T | undefined, like: T | undefined): T {
  if (value !== undefined) return value;
  if (typeof like === "string") return "" as T;
  if (typeof like === "bigint") return 0n as T;
  return (typeof like === "boolean" ? false : 0) as T;
}

/** Replaces undefined, which is the zero value of a type parameter, by that of the type of the others. */
function withZeros<T extends Ordered>(values: T[]): [T, ...T[]] {
  const like = values.find((value) => value !== undefined);
  return values.map((value) => orZero(value, like)) as [T, ...T[]];
}

/** Compares two values by Go's `<`: numbers by size, strings by their UTF-8, which is the order of code points. */
export function compareOrdered(a: Ordered, b: Ordered): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares strings by code points. UTF-16 puts U+E000 to U+FFFF behind the characters above them. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y) < 0 ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** Surrogates belong to the largest code points. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/**
 * Returns the integer of 64 bits that a number above 2^53 stands for. The limits of Go's types are no numbers: 2^63 stands
 * for the largest `int64`, and 2^64 for the largest `uint64`.
 */
export function wide(value: number, signed: boolean): bigint {
  const limit = 2n ** (signed ? 63n : 64n) - 1n;
  const exact = BigInt(value);
  return exact > limit ? limit : exact;
}
