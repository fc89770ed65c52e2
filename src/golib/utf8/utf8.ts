/**
 * UTF-8. Mirrors Go's `unicode/utf8` package.
 *
 * @module
 */

import { decodeAt, encodeRune as encode, isRune, runeLength, toBytes } from "../text.ts";
import { appendAll } from "../append.ts";

/** The result of decoding bytes that are not UTF-8: U+FFFD, `utf8.RuneError`. */
export const runeError = 0xfffd;
/** Characters below this are one byte: `utf8.RuneSelf`. */
export const runeSelf = 0x80;
/** The largest code point: `utf8.MaxRune`. */
export const maxRune = 0x10ffff;
/** The maximum number of bytes of a character: `utf8.UTFMax`. */
export const utfMax = 4;

/**
 * Counts the characters of a string: Go's `utf8.RuneCountInString`.
 *
 * @example
 * ```ts
 * console.log(utf8.runeCountInString("héllo")); // 5
 * ```
 */
export function runeCountInString(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Counts the characters of bytes: Go's `utf8.RuneCount`. Each byte that is not UTF-8 counts as one. */
export function runeCount(bytes: Uint8Array = new Uint8Array(0)): number {
  let count = 0;
  for (let i = 0; i < bytes.length; count++) i += decodeAt(bytes, i)[1];
  return count;
}

/** Returns how many bytes a code point takes, -1 if it is invalid: Go's `utf8.RuneLen`. */
export function runeLen(rune: number): number {
  return isRune(rune) ? runeLength(rune) : -1;
}

/** Tells whether a number is a code point that can be encoded: Go's `utf8.ValidRune`. */
export function validRune(rune: number): boolean {
  return isRune(rune);
}

/** Tells whether bytes are UTF-8: Go's `utf8.Valid`. */
export function valid(bytes: Uint8Array = new Uint8Array(0)): boolean {
  for (let i = 0; i < bytes.length;) {
    const [rune, size] = decodeAt(bytes, i);
    if (rune === runeError && size === 1) return false;
    i += size;
  }
  return true;
}

/** Tells whether a string can be encoded: Go's `utf8.ValidString`. False for lone surrogates only. */
export function validString(text: string): boolean {
  for (const char of text) if (!isRune(char.codePointAt(0) as number)) return false;
  return true;
}

/**
 * Decodes the first character of bytes: Go's `utf8.DecodeRune`. Returns U+FFFD and 0 if there are no bytes, U+FFFD and
 * 1 if they are not UTF-8.
 *
 * @example
 * ```ts
 * console.log(utf8.decodeRune(new Uint8Array([0xc3, 0xa9, 0x21]))); // [ 233, 2 ]
 * ```
 */
export function decodeRune(bytes: Uint8Array | undefined): [rune: number, size: number] {
  if (bytes === undefined || bytes.length === 0) return [runeError, 0];
  return decodeAt(bytes, 0);
}

/** Decodes the first character of a string: Go's `utf8.DecodeRuneInString`. */
export function decodeRuneInString(text: string): [rune: number, size: number] {
  const rune = text.codePointAt(0);
  if (rune === undefined) return [runeError, 0];
  return isRune(rune) ? [rune, runeLength(rune)] : [runeError, 3];
}

/** Decodes the last character of bytes: Go's `utf8.DecodeLastRune`. */
export function decodeLastRune(bytes: Uint8Array | undefined): [rune: number, size: number] {
  if (bytes === undefined || bytes.length === 0) return [runeError, 0];
  let start = bytes.length - 1;
  while (start > 0 && start > bytes.length - utfMax && !runeStart(bytes[start] as number)) start--;
  const [rune, size] = decodeAt(bytes, start);
  return start + size === bytes.length ? [rune, size] : [runeError, 1];
}

/** Decodes the last character of a string: Go's `utf8.DecodeLastRuneInString`. */
export function decodeLastRuneInString(text: string): [rune: number, size: number] {
  return decodeLastRune(toBytes(text.slice(-2)));
}

/** Tells whether bytes begin with a complete or an invalid character: Go's `utf8.FullRune`. */
export function fullRune(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const [rune, size] = decodeAt(bytes, 0);
  if (rune !== runeError || size !== 1) return true;
  const padded = Array.from(bytes.subarray(0, utfMax));
  // It is incomplete if more bytes can complete it.
  for (let missing = 1; missing < utfMax && padded.length < utfMax; missing++) {
    for (const filler of [0x80, 0x90, 0xa0]) {
      const tried = [...padded, filler, ...Array.from({ length: missing - 1 }, () => 0x80)];
      const [r, n] = decodeAt(tried, 0);
      if (n > padded.length && !(r === runeError && n === 1)) return false;
    }
  }
  return true;
}

/** Tells whether a byte can be the first of a character: Go's `utf8.RuneStart`. */
export function runeStart(byte: number): boolean {
  return (byte & 0xc0) !== 0x80;
}

/** Writes a character into bytes and returns how many it took: Go's `utf8.EncodeRune`. */
export function encodeRune(bytes: Uint8Array, rune: number): number {
  const encoded = encode(rune);
  bytes.set(encoded);
  return encoded.length;
}

/** Appends a character to bytes: Go's `utf8.AppendRune`. */
export function appendRune(bytes: Uint8Array, rune: number): Uint8Array {
  return appendAll(bytes, encode(rune));
}
