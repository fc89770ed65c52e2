/**
 * Counting and moving bits. Mirrors parts of Go's `math/bits` package. Functions for 64 bits take numbers up to 2^53, or
 * bigints.
 *
 * @module
 */

/** The bits of a `uint`: `bits.UintSize`. */
export const uintSize = 64;

function binary(x: number | bigint): string {
  return x.toString(2);
}

/** Returns how many bits a number needs; 0 for 0. Mirrors Go's `bits.Len`. */
export function len(x: number | bigint): number {
  return Number(x) === 0 ? 0 : binary(x).length;
}

export { len as len8, len as len16, len as len32, len as len64 };

/** Counts the leading zeros. Mirrors Go's `bits.LeadingZeros`. */
export function leadingZeros(x: number | bigint): number {
  return 64 - len(x);
}

/** Counts the leading zeros of 64 bits. Mirrors Go's `bits.LeadingZeros64`. */
export function leadingZeros64(x: number | bigint): number {
  return 64 - len(x);
}

/** Counts the leading zeros of 32 bits. Mirrors Go's `bits.LeadingZeros32`. */
export function leadingZeros32(x: number): number {
  return Math.clz32(x);
}

/** Counts the leading zeros of 16 bits. Mirrors Go's `bits.LeadingZeros16`. */
export function leadingZeros16(x: number): number {
  return 16 - len(x);
}

/** Counts the leading zeros of 8 bits. Mirrors Go's `bits.LeadingZeros8`. */
export function leadingZeros8(x: number): number {
  return 8 - len(x);
}

function zerosBehind(x: number | bigint, size: number): number {
  return Number(x) === 0 ? size : (/0*$/.exec(binary(x))?.[0].length ?? 0);
}

/** Counts the trailing zeros; 64 for 0. Mirrors Go's `bits.TrailingZeros`. */
export function trailingZeros(x: number | bigint): number {
  return zerosBehind(x, 64);
}

/** Counts the trailing zeros; 64 for 0. Mirrors Go's `bits.TrailingZeros64`. */
export function trailingZeros64(x: number | bigint): number {
  return zerosBehind(x, 64);
}

/** Counts the trailing zeros; 32 for 0. Mirrors Go's `bits.TrailingZeros32`. */
export function trailingZeros32(x: number): number {
  return zerosBehind(x, 32);
}

/** Counts the trailing zeros; 16 for 0. Mirrors Go's `bits.TrailingZeros16`. */
export function trailingZeros16(x: number): number {
  return zerosBehind(x, 16);
}

/** Counts the trailing zeros; 8 for 0. Mirrors Go's `bits.TrailingZeros8`. */
export function trailingZeros8(x: number): number {
  return zerosBehind(x, 8);
}

/**
 * Counts the ones. Mirrors Go's `bits.OnesCount`.
 *
 * @example
 * ```ts
 * console.log(bits.onesCount(255)); // 8
 * ```
 */
export function onesCount(x: number | bigint): number {
  return binary(x).replaceAll("0", "").length;
}

export { onesCount as onesCount8, onesCount as onesCount16, onesCount as onesCount32, onesCount as onesCount64 };

function rotate(x: number, k: number, size: number): number {
  const by = ((k % size) + size) % size;
  const all = BigInt(x);
  return Number(BigInt.asUintN(size, (all << BigInt(by)) | (all >> BigInt(size - by))));
}

/** Rotates 8 bits to the left; to the right if `k` is negative. Mirrors Go's `bits.RotateLeft8`. */
export function rotateLeft8(x: number, k: number): number {
  return rotate(x, k, 8);
}

/** Rotates 16 bits to the left. Mirrors Go's `bits.RotateLeft16`. */
export function rotateLeft16(x: number, k: number): number {
  return rotate(x, k, 16);
}

/** Rotates 32 bits to the left. Mirrors Go's `bits.RotateLeft32`. */
export function rotateLeft32(x: number, k: number): number {
  return rotate(x, k, 32);
}

function turned(x: number, size: number): number {
  return Number.parseInt(Array.from(binary(x).padStart(size, "0")).reverse().join(""), 2);
}

/** Reverses the order of 8 bits. Mirrors Go's `bits.Reverse8`. */
export function reverse8(x: number): number {
  return turned(x, 8);
}

/** Reverses the order of 16 bits. Mirrors Go's `bits.Reverse16`. */
export function reverse16(x: number): number {
  return turned(x, 16);
}

/** Reverses the order of 32 bits. Mirrors Go's `bits.Reverse32`. */
export function reverse32(x: number): number {
  return turned(x, 32);
}

/** Swaps two bytes. Mirrors Go's `bits.ReverseBytes16`. */
export function reverseBytes16(x: number): number {
  return ((x & 0xff) << 8) | (x >> 8);
}

/** Reverses the order of four bytes. Mirrors Go's `bits.ReverseBytes32`. */
export function reverseBytes32(x: number): number {
  return ((x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)) >>> 0;
}
