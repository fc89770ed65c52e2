/** Go's strings are bytes of UTF-8; these functions count and cut JavaScript's strings as if they were. */
import { host } from "./host.ts";
import { panicIndex, panicSlice } from "./panics.ts";

const replacement = 0xfffd;

/** The string indexed last. A loop over a string indexes the same one in every iteration. */
let cachedText = "";
let cachedBytes: Uint8Array = new Uint8Array(0);
/** The index in UTF-16 of each byte, computed on first use. */
let cachedUnits: Uint32Array | undefined;

function load(text: string): void {
  if (text === cachedText) return;
  cachedText = text;
  cachedBytes = encode(text);
  cachedUnits = undefined;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

let encoder: { encode(text: string): Uint8Array } | undefined;
let decoder: { decode(bytes: Uint8Array): string } | undefined;

function encode(text: string): Uint8Array {
  encoder ??= new host.TextEncoder();
  return encoder.encode(text);
}

/**
 * Returns the number of bytes of a string in UTF-8: Go's `len(s)`. A lone surrogate counts as U+FFFD.
 *
 * @example
 * ```ts
 * console.log(len("héllo"), "héllo".length); // 6 5
 * ```
 */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    length++;
    if (unit < 0x800) continue;
    length++;
    // A surrogate pair takes four bytes for its two units, which is two for each unit.
    if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) i++;
  }
  return length;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/**
 * Returns the byte at an index of a string's UTF-8: Go's `s[i]`.
 *
 * @throws {@link PanicError} `runtime error: index out of range [5] with length 5`
 *
 * @example
 * ```ts
 * console.log(byteAt("é", 0), byteAt("é", 1)); // 195 169
 * ```
 */
export function byteAt(text: string, index: number): number {
  load(text);
  return cachedBytes[index] ?? panicIndex(index, cachedBytes.length);
}

/**
 * Cuts a string at byte indexes: Go's `s[low:high]`. A cut inside a character leaves U+FFFD for each byte of its parts.
 *
 * @throws {@link PanicError} `runtime error: slice bounds out of range [:5] with length 3`
 *
 * @example
 * ```ts
 * console.log(substring("héllo", 0, 3), substring("héllo", 3)); // hé llo
 * ```
 */
export function substring(text: string, low: number, high?: number): string {
  load(text);
  const length = cachedBytes.length;
  const end = high ?? length;
  if (low < 0 || end < low || end > length) panicSlice(low, end, length, "length");
  if (length === text.length) return text.slice(low, end);
  const from = unitAt(low);
  const to = unitAt(end);
  if (from < 0 || to < 0) return fromBytes(cachedBytes.subarray(low, end));
  return text.slice(from, to);
}

/** Returns the index in UTF-16 of a byte of the string that was loaded last; -1 inside a character. */
function unitAt(byte: number): number {
  if (cachedUnits === undefined) {
    cachedUnits = new Uint32Array(cachedBytes.length + 1);
    let unit = 0;
    for (let i = 0; i < cachedBytes.length; i++) {
      const b = cachedBytes[i] as number;
      if ((b & 0xc0) === 0x80) cachedUnits[i] = 0xffffffff;
      else {
        cachedUnits[i] = unit;
        unit += b >= 0xf0 ? 2 : 1;
      }
    }
    cachedUnits[cachedBytes.length] = unit;
  }
  const unit = cachedUnits[byte] as number;
  return unit === 0xffffffff ? -1 : unit;
}

/** Returns the byte index that belongs to an index in UTF-16. */
export function byteIndex(text: string, unit: number): number {
  if (unit <= 0) return unit;
  return utf8Length(unit >= text.length ? text : text.slice(0, unit));
}

/** Returns the index in UTF-16 that belongs to a byte index. Inside a character it is the index of its end. */
export function unitIndex(text: string, byte: number): number {
  if (isAscii(text)) return Math.min(byte, text.length);
  load(text);
  for (let at = byte; at < cachedBytes.length; at++) {
    const unit = unitAt(at);
    if (unit >= 0) return unit;
  }
  return text.length;
}

/**
 * Returns the bytes of a string in UTF-8: Go's `[]byte(s)`. The array is new; a lone surrogate becomes U+FFFD.
 *
 * @example
 * ```ts
 * console.log([...toBytes("é")]); // [ 195, 169 ]
 * ```
 */
export function toBytes(text: string): Uint8Array {
  return encode(text);
}

/**
 * Returns the text of bytes in UTF-8: Go's `string(b)`. Each byte that is not UTF-8 becomes U+FFFD, as in a range over
 * a string in Go. A string of Go keeps such bytes.
 *
 * @example
 * ```ts
 * console.log(fromBytes(new Uint8Array([104, 105]))); // hi
 * ```
 */
export function fromBytes(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "";
  decoder ??= new host.TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    const runes: number[] = [];
    for (let i = 0; i < bytes.length;) {
      const [rune, size] = decodeAt(bytes, i);
      runes.push(rune);
      i += size;
    }
    return fromRunes(runes);
  }
}

/**
 * Returns the code points of a string: Go's `[]rune(s)`.
 *
 * @example
 * ```ts
 * console.log(toRunes("aé😀")); // [ 97, 233, 128512 ]
 * ```
 */
export function toRunes(text: string): number[] {
  const runes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const rune = text.codePointAt(i) as number;
    if (rune > 0xffff) i++;
    runes.push(rune >= 0xd800 && rune < 0xe000 ? replacement : rune);
  }
  return runes;
}

/**
 * Iterates over a string as Go's `for i, r := range s` does: yields pairs of byte index and code point.
 *
 * @example
 * ```ts
 * for (const [i, r] of runes("é!")) console.log(i, r); // 0 233 2 33
 * ```
 */
export function* runes(text: string): Generator<[index: number, rune: number], void, void> {
  let index = 0;
  for (let i = 0; i < text.length; i++) {
    let rune = text.codePointAt(i) as number;
    if (rune > 0xffff) i++;
    if (rune >= 0xd800 && rune < 0xe000) rune = replacement;
    yield [index, rune];
    index += runeLength(rune);
  }
}

/**
 * Returns the string of a code point: Go's `string(r)`. An invalid code point becomes U+FFFD.
 *
 * @example
 * ```ts
 * console.log(fromRune(233)); // é
 * ```
 */
export function fromRune(rune: number): string {
  return String.fromCodePoint(isRune(rune) ? rune : replacement);
}

/**
 * Returns the string of code points: Go's `string(runes)`.
 *
 * @example
 * ```ts
 * console.log(fromRunes([97, 233])); // aé
 * ```
 */
export function fromRunes(runes: readonly number[] | undefined): string {
  let text = "";
  for (const rune of runes ?? []) text += fromRune(rune);
  return text;
}

/** Tells whether a number is a code point that UTF-8 can encode. */
export function isRune(rune: number): boolean {
  return (rune >= 0 && rune < 0xd800) || (rune > 0xdfff && rune <= 0x10ffff);
}

/** Returns how many bytes UTF-8 needs for a code point. */
export function runeLength(rune: number): number {
  if (rune < 0x80) return 1;
  if (rune < 0x800) return 2;
  return rune < 0x10000 ? 3 : 4;
}

/** Decodes the character at an index, as Go's `utf8.DecodeRune`: an invalid byte is U+FFFD with a size of 1. */
export function decodeAt(bytes: ArrayLike<number>, index: number): [rune: number, size: number] {
  const first = bytes[index] as number;
  if (first < 0x80) return [first, 1];
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size === 0) return [replacement, 1];
  let rune = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const next = bytes[index + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return [replacement, 1];
    rune = (rune << 6) | (next & 0x3f);
  }
  if (!isRune(rune) || runeLength(rune) !== size) return [replacement, 1];
  return [rune, size];
}

/** Encodes a code point; an invalid one as U+FFFD. */
export function encodeRune(rune: number): number[] {
  const r = isRune(rune) ? rune : replacement;
  if (r < 0x80) return [r];
  if (r < 0x800) return [0xc0 | (r >> 6), 0x80 | (r & 0x3f)];
  if (r < 0x10000) return [0xe0 | (r >> 12), 0x80 | ((r >> 6) & 0x3f), 0x80 | (r & 0x3f)];
  return [0xf0 | (r >> 18), 0x80 | ((r >> 12) & 0x3f), 0x80 | ((r >> 6) & 0x3f), 0x80 | (r & 0x3f)];
}
