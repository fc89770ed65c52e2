import { compareStrings } from "../integers.ts";
import { byteIndex, toBytes, toRunes } from "../text.ts";
import { equalFold as fold } from "../unicode/case.ts";

/**
 * Tells whether a string contains another. Mirrors Go's `strings.Contains`.
 *
 * @example
 * ```ts
 * console.log(strings.contains("seafood", "foo")); // true
 * ```
 */
export function contains(text: string, part: string): boolean {
  return text.includes(part);
}

/** Tells whether a string contains any of these characters. Mirrors Go's `strings.ContainsAny`. */
export function containsAny(text: string, chars: string): boolean {
  return indexAny(text, chars) >= 0;
}

/** Tells whether a string contains a code point. Mirrors Go's `strings.ContainsRune`. */
export function containsRune(text: string, rune: number): boolean {
  return indexRune(text, rune) >= 0;
}

/** Tells whether a string contains a code point that passes a test. Mirrors Go's `strings.ContainsFunc`. */
export function containsFunc(text: string, test: (rune: number) => boolean): boolean {
  return indexFunc(text, test) >= 0;
}

/** Tells whether a string begins with another. Mirrors Go's `strings.HasPrefix`. */
export function hasPrefix(text: string, prefix: string): boolean {
  return text.startsWith(prefix);
}

/** Tells whether a string ends with another. Mirrors Go's `strings.HasSuffix`. */
export function hasSuffix(text: string, suffix: string): boolean {
  return text.endsWith(suffix);
}

/**
 * Returns the index, in bytes of UTF-8, of the first match of a string; -1 if there is none. Mirrors Go's
 * `strings.Index`.
 *
 * @example
 * ```ts
 * console.log(strings.index("chicken", "ken"), strings.index("éa", "a")); // 4 2
 * ```
 */
export function index(text: string, part: string): number {
  return byteIndex(text, text.indexOf(part));
}

/** Returns the index of the last match of a string; -1 if there is none. Mirrors Go's `strings.LastIndex`. */
export function lastIndex(text: string, part: string): number {
  return byteIndex(text, text.lastIndexOf(part));
}

/** Returns the index of a byte. Mirrors Go's `strings.IndexByte`. */
export function indexByte(text: string, byte: number): number {
  return byte < 0x80 ? index(text, String.fromCharCode(byte)) : toBytes(text).indexOf(byte);
}

/** Returns the index of the last such byte. Mirrors Go's `strings.LastIndexByte`. */
export function lastIndexByte(text: string, byte: number): number {
  return toBytes(text).lastIndexOf(byte);
}

/** Returns the index of a code point. Mirrors Go's `strings.IndexRune`. */
export function indexRune(text: string, rune: number): number {
  return indexFunc(text, (each) => each === rune);
}

/** Returns the index of the first of any of these characters. Mirrors Go's `strings.IndexAny`. */
export function indexAny(text: string, chars: string): number {
  const set = new Set(toRunes(chars));
  return indexFunc(text, (rune) => set.has(rune));
}

/** Returns the index of the last of any of these characters. Mirrors Go's `strings.LastIndexAny`. */
export function lastIndexAny(text: string, chars: string): number {
  const set = new Set(toRunes(chars));
  return lastIndexFunc(text, (rune) => set.has(rune));
}

/** Returns the index of the first code point that passes a test. Mirrors Go's `strings.IndexFunc`. */
export function indexFunc(text: string, test: (rune: number) => boolean): number {
  return byteIndex(text, unitOfFirst(text, test));
}

/** Returns the index of the last code point that passes a test. Mirrors Go's `strings.LastIndexFunc`. */
export function lastIndexFunc(text: string, test: (rune: number) => boolean): number {
  return byteIndex(text, unitOfLast(text, test));
}

/** Returns the index in UTF-16 of the first code point that passes a test, or -1. */
export function unitOfFirst(text: string, test: (rune: number) => boolean): number {
  for (let i = 0; i < text.length; i++) {
    const rune = text.codePointAt(i) as number;
    if (test(rune)) return i;
    if (rune > 0xffff) i++;
  }
  return -1;
}

/** Returns the index in UTF-16 of the last code point that passes a test, or -1. */
export function unitOfLast(text: string, test: (rune: number) => boolean): number {
  for (let i = text.length - 1; i >= 0; i--) {
    const low = text.charCodeAt(i);
    if (low >= 0xdc00 && low < 0xe000 && (text.codePointAt(i - 1) ?? 0) > 0xffff) i--;
    if (test(text.codePointAt(i) as number)) return i;
  }
  return -1;
}

/**
 * Counts the matches of a string that do not overlap. Mirrors Go's `strings.Count`: the empty string matches before
 * each character and at the end.
 *
 * @example
 * ```ts
 * console.log(strings.count("cheese", "e"), strings.count("five", "")); // 3 5
 * ```
 */
export function count(text: string, part: string): number {
  if (part === "") return toRunes(text).length + 1;
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found++;
  return found;
}

/** Compares two strings by their bytes: -1, 0 or 1. Mirrors Go's `strings.Compare`. */
export function compare(a: string, b: string): number {
  return compareStrings(a, b);
}

/** Tells whether two strings are equal, ignoring the case of letters. Mirrors Go's `strings.EqualFold`. */
export function equalFold(a: string, b: string): boolean {
  return fold(a, b);
}

/**
 * Returns the text before and after the first separator, and whether there is one. Mirrors Go's `strings.Cut`.
 *
 * @example
 * ```ts
 * const [name, value, found] = strings.cut("key=value", "=");
 * console.log(name, value, found); // key value true
 * ```
 */
export function cut(text: string, separator: string): [before: string, after: string, found: boolean] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, "", false] : [text.slice(0, at), text.slice(at + separator.length), true];
}

/** Returns a string without a prefix, and whether it had one. Mirrors Go's `strings.CutPrefix`. */
export function cutPrefix(text: string, prefix: string): [after: string, found: boolean] {
  return text.startsWith(prefix) ? [text.slice(prefix.length), true] : [text, false];
}

/** Returns a string without a suffix, and whether it had one. Mirrors Go's `strings.CutSuffix`. */
export function cutSuffix(text: string, suffix: string): [before: string, found: boolean] {
  return text.endsWith(suffix) ? [text.slice(0, text.length - suffix.length), true] : [text, false];
}
