/**
 * Functions on bytes. Mirrors Go's `bytes` package. Functions that work on characters decode the bytes as UTF-8. An
 * invalid byte becomes U+FFFD; Go keeps it.
 *
 * @module
 */

import * as strings from "../strings/strings.ts";
import { fromBytes, toBytes, toRunes } from "../text.ts";

export { Buffer, newBuffer, newBufferString } from "./buffer.ts";
export { newReader, Reader } from "./reader.ts";

type Bytes = Uint8Array | undefined;

const none = new Uint8Array(0);

/** Compares by bytes: -1, 0 or 1. Mirrors Go's `bytes.Compare`. */
export function compare(a: Bytes = none, b: Bytes = none): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** Tells whether the bytes are the same. Mirrors Go's `bytes.Equal`. */
export function equal(a: Bytes, b: Bytes): boolean {
  return compare(a, b) === 0;
}

/** Returns the index of the first match, or -1. Mirrors Go's `bytes.Index`. */
export function index(bytes: Bytes = none, part: Bytes = none): number {
  for (let i = 0; i + part.length <= bytes.length; i++) if (isAt(bytes, part, i)) return i;
  return -1;
}

/** Returns the index of the last match, or -1. Mirrors Go's `bytes.LastIndex`. */
export function lastIndex(bytes: Bytes = none, part: Bytes = none): number {
  for (let i = bytes.length - part.length; i >= 0; i--) if (isAt(bytes, part, i)) return i;
  return -1;
}

function isAt(bytes: Uint8Array, part: Uint8Array, at: number): boolean {
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false;
  return at + part.length <= bytes.length;
}

/** Returns the index of a byte, or -1. Mirrors Go's `bytes.IndexByte`. */
export function indexByte(bytes: Bytes = none, byte: number): number {
  return bytes.indexOf(byte);
}

/** Returns the index of the last such byte, or -1. Mirrors Go's `bytes.LastIndexByte`. */
export function lastIndexByte(bytes: Bytes = none, byte: number): number {
  return bytes.lastIndexOf(byte);
}

/** Tells whether bytes contain others. Mirrors Go's `bytes.Contains`. */
export function contains(bytes: Bytes, part: Bytes): boolean {
  return index(bytes, part) >= 0;
}

/** Tells whether bytes begin with others. Mirrors Go's `bytes.HasPrefix`. */
export function hasPrefix(bytes: Bytes = none, prefix: Bytes = none): boolean {
  return isAt(bytes, prefix, 0);
}

/** Tells whether bytes end with others. Mirrors Go's `bytes.HasSuffix`. */
export function hasSuffix(bytes: Bytes = none, suffix: Bytes = none): boolean {
  return bytes.length >= suffix.length && isAt(bytes, suffix, bytes.length - suffix.length);
}

/** Counts matches that do not overlap. Mirrors Go's `bytes.Count`. */
export function count(bytes: Bytes = none, part: Bytes = none): number {
  if (part.length === 0) return strings.count(fromBytes(bytes), "");
  let found = 0;
  for (let i = 0; i + part.length <= bytes.length;) {
    if (isAt(bytes, part, i)) {
      found++;
      i += part.length;
    } else i++;
  }
  return found;
}

/** Copies bytes. Mirrors Go's `bytes.Clone`. */
export function clone(bytes: Bytes): Uint8Array | undefined {
  return bytes?.slice();
}

/** Joins pieces with a separator between them. Mirrors Go's `bytes.Join`. */
export function join(parts: readonly Uint8Array[], separator: Bytes = none): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0) + separator.length * Math.max(0, parts.length - 1);
  const joined = new Uint8Array(length);
  let at = 0;
  for (const [i, part] of parts.entries()) {
    if (i > 0) {
      joined.set(separator, at);
      at += separator.length;
    }
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Repeats bytes. Mirrors Go's `bytes.Repeat`. */
export function repeat(bytes: Bytes = none, times: number): Uint8Array {
  return join(Array.from({ length: times }, () => bytes));
}

/**
 * Splits at a separator; between characters if it is empty. The parts share the memory. Mirrors Go's `bytes.Split`.
 *
 * @example
 * ```ts
 * console.log(bytes.split(toBytes("a,b"), toBytes(",")).map(fromBytes)); // [ 'a', 'b' ]
 * ```
 */
export function split(bytes: Bytes, separator: Bytes): Uint8Array[] {
  return splitN(bytes, separator, -1);
}

/** Splits at a separator into at most `limit` parts; into all if that is negative. Mirrors Go's `bytes.SplitN`. */
export function splitN(bytes: Bytes = none, separator: Bytes = none, limit: number): Uint8Array[] {
  if (limit === 0) return [];
  if (separator.length === 0) return strings.splitN(fromBytes(bytes), "", limit).map(toBytes);
  const parts: Uint8Array[] = [];
  let rest = bytes;
  for (let left = limit < 0 ? Infinity : limit - 1; left > 0; left--) {
    const at = index(rest, separator);
    if (at < 0) break;
    parts.push(rest.subarray(0, at));
    rest = rest.subarray(at + separator.length);
  }
  parts.push(rest);
  return parts;
}

/** Returns what is before and after a separator. Mirrors Go's `bytes.Cut`. */
export function cut(bytes: Bytes = none, separator: Bytes = none): [Uint8Array, Uint8Array | undefined, boolean] {
  const at = index(bytes, separator);
  return at < 0 ? [bytes, undefined, false] : [bytes.subarray(0, at), bytes.subarray(at + separator.length), true];
}

/** Splits at white space. Mirrors Go's `bytes.Fields`. */
export function fields(bytes: Bytes): Uint8Array[] {
  return strings.fields(fromBytes(bytes)).map(toBytes);
}

/** Removes a prefix if there is one. Mirrors Go's `bytes.TrimPrefix`. */
export function trimPrefix(bytes: Bytes = none, prefix: Bytes = none): Uint8Array {
  return hasPrefix(bytes, prefix) ? bytes.subarray(prefix.length) : bytes;
}

/** Removes a suffix if there is one. Mirrors Go's `bytes.TrimSuffix`. */
export function trimSuffix(bytes: Bytes = none, suffix: Bytes = none): Uint8Array {
  return hasSuffix(bytes, suffix) ? bytes.subarray(0, bytes.length - suffix.length) : bytes;
}

/** Removes characters from both ends. Mirrors Go's `bytes.Trim`. */
export function trim(bytes: Bytes, cutset: string): Uint8Array {
  return toBytes(strings.trim(fromBytes(bytes), cutset));
}

/** Removes characters from the beginning. Mirrors Go's `bytes.TrimLeft`. */
export function trimLeft(bytes: Bytes, cutset: string): Uint8Array {
  return toBytes(strings.trimLeft(fromBytes(bytes), cutset));
}

/** Removes characters from the end. Mirrors Go's `bytes.TrimRight`. */
export function trimRight(bytes: Bytes, cutset: string): Uint8Array {
  return toBytes(strings.trimRight(fromBytes(bytes), cutset));
}

/** Removes white space from both ends. Mirrors Go's `bytes.TrimSpace`. */
export function trimSpace(bytes: Bytes): Uint8Array {
  return toBytes(strings.trimSpace(fromBytes(bytes)));
}

/** Converts to upper case. Mirrors Go's `bytes.ToUpper`. */
export function toUpper(bytes: Bytes): Uint8Array {
  return toBytes(strings.toUpper(fromBytes(bytes)));
}

/** Converts to lower case. Mirrors Go's `bytes.ToLower`. */
export function toLower(bytes: Bytes): Uint8Array {
  return toBytes(strings.toLower(fromBytes(bytes)));
}

/** Tells whether bytes are equal, ignoring the case of letters. Mirrors Go's `bytes.EqualFold`. */
export function equalFold(a: Bytes, b: Bytes): boolean {
  return strings.equalFold(fromBytes(a), fromBytes(b));
}

/** Replaces the first `limit` matches; all if that is negative. Mirrors Go's `bytes.Replace`. */
export function replace(bytes: Bytes = none, old: Bytes = none, by: Bytes = none, limit: number): Uint8Array {
  if (old.length === 0) return toBytes(strings.replace(fromBytes(bytes), "", fromBytes(by), limit));
  return join(splitN(bytes, old, limit < 0 ? -1 : limit + 1), by);
}

/** Replaces all matches. Mirrors Go's `bytes.ReplaceAll`. */
export function replaceAll(bytes: Bytes, old: Bytes, by: Bytes): Uint8Array {
  return replace(bytes, old, by, -1);
}

/** Returns the code points. Mirrors Go's `bytes.Runes`. */
export function runes(bytes: Bytes): number[] {
  return toRunes(fromBytes(bytes));
}
