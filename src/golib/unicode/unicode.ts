/**
 * Properties of code points. Mirrors parts of Go's `unicode` package. The host's version of Unicode decides: Go 1.26
 * has Unicode 15, newer hosts have more characters.
 *
 * @module
 */

import { isRune } from "../text.ts";

export { toLower, toTitle, toUpper } from "./case.ts";
export { isGraphic, isPrint } from "../strconv/quote.ts";

/** The largest code point: `unicode.MaxRune`. */
export const maxRune = 0x10ffff;
/** The replacement for invalid characters: `unicode.ReplacementChar`. */
export const replacementChar = 0xfffd;
/** The largest ASCII character: `unicode.MaxASCII`. */
export const maxASCII = 0x7f;
/** The largest Latin-1 character: `unicode.MaxLatin1`. */
export const maxLatin1 = 0xff;

function is(rune: number, pattern: RegExp): boolean {
  return isRune(rune) && pattern.test(String.fromCodePoint(rune));
}

/**
 * Tells whether a code point is a letter: Go's `unicode.IsLetter`.
 *
 * @example
 * ```ts
 * console.log(unicode.isLetter(0xe9), unicode.isLetter(0x31)); // true false
 * ```
 */
export function isLetter(rune: number): boolean {
  return is(rune, /^\p{L}$/u);
}

/** Tells whether a code point is a decimal digit, of any script: Go's `unicode.IsDigit`. */
export function isDigit(rune: number): boolean {
  return is(rune, /^\p{Nd}$/u);
}

/** Tells whether a code point is a number, of any kind: Go's `unicode.IsNumber`. */
export function isNumber(rune: number): boolean {
  return is(rune, /^\p{N}$/u);
}

/** Tells whether a code point is white space: Go's `unicode.IsSpace`. */
export function isSpace(rune: number): boolean {
  return is(rune, /^\p{White_Space}$/u);
}

/** Tells whether a code point is an upper case letter: Go's `unicode.IsUpper`. */
export function isUpper(rune: number): boolean {
  return is(rune, /^\p{Lu}$/u);
}

/** Tells whether a code point is a lower case letter: Go's `unicode.IsLower`. */
export function isLower(rune: number): boolean {
  return is(rune, /^\p{Ll}$/u);
}

/** Tells whether a code point is a title case letter: Go's `unicode.IsTitle`. */
export function isTitle(rune: number): boolean {
  return is(rune, /^\p{Lt}$/u);
}

/** Tells whether a code point is punctuation: Go's `unicode.IsPunct`. */
export function isPunct(rune: number): boolean {
  return is(rune, /^\p{P}$/u);
}

/** Tells whether a code point is a symbol: Go's `unicode.IsSymbol`. */
export function isSymbol(rune: number): boolean {
  return is(rune, /^\p{S}$/u);
}

/** Tells whether a code point is a mark: Go's `unicode.IsMark`. */
export function isMark(rune: number): boolean {
  return is(rune, /^\p{M}$/u);
}

/** Tells whether a code point is a control character: Go's `unicode.IsControl`. */
export function isControl(rune: number): boolean {
  return is(rune, /^\p{Cc}$/u);
}
