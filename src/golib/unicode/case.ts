import { isRune } from "../text.ts";

/**
 * Characters whose upper case in JavaScript is several characters, but a single one in Go: the Greek letters with an iota
 * below. The others of that kind, like ß, stay as they are.
 */
function upperOfGreek(rune: number): number {
  if (rune >= 0x1f80 && rune <= 0x1faf) return rune | 8;
  if (rune === 0x1fb3 || rune === 0x1fc3 || rune === 0x1ff3) return rune + 9;
  return rune;
}

/** Converts with a method of strings, if the result is a single character. */
function converted(text: string, fallback: number): number {
  const first = text.codePointAt(0) as number;
  return text.length === (first > 0xffff ? 2 : 1) ? first : fallback;
}

/**
 * Converts a code point to upper case: Go's `unicode.ToUpper`. A character stays one character: ß stays ß.
 *
 * @example
 * ```ts
 * console.log(String.fromCodePoint(unicode.toUpper(0xe9))); // É
 * ```
 */
export function toUpper(rune: number): number {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a ? rune - 32 : rune;
  if (!isRune(rune)) return rune;
  return converted(String.fromCodePoint(rune).toUpperCase(), upperOfGreek(rune));
}

/** Converts a code point to lower case: Go's `unicode.ToLower`. */
export function toLower(rune: number): number {
  if (rune < 0x80) return rune >= 0x41 && rune <= 0x5a ? rune + 32 : rune;
  if (!isRune(rune)) return rune;
  // The capital I with a dot is the only one whose lower case is two characters.
  return converted(String.fromCodePoint(rune).toLowerCase(), rune === 0x130 ? 0x69 : rune);
}

/** Converts a code point to title case: Go's `unicode.ToTitle`, which differs from upper case for dž, lj, nj and dz. */
export function toTitle(rune: number): number {
  if (rune >= 0x1c4 && rune <= 0x1cc) return rune < 0x1c7 ? 0x1c5 : rune < 0x1ca ? 0x1c8 : 0x1cb;
  if (rune >= 0x1f1 && rune <= 0x1f3) return 0x1f2;
  // Georgian has no title case.
  if ((rune >= 0x10d0 && rune <= 0x10fa) || (rune >= 0x10fd && rune <= 0x10ff)) return rune;
  return toUpper(rune);
}

/** Converts each character of a string. */
export function convert(text: string, to: (rune: number) => number): string {
  let result = "";
  for (const char of text) {
    const rune = char.codePointAt(0) as number;
    const next = to(isRune(rune) ? rune : 0xfffd);
    result += next === rune ? char : String.fromCodePoint(next);
  }
  return result;
}

/**
 * Tells whether two strings are equal when the case of letters does not matter: Go's simple folding, under which ß and ẞ
 * are equal but ß and ss are not.
 */
export function equalFold(a: string, b: string): boolean {
  if (a === b) return true;
  const pattern = a.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`^(?:${pattern})$`, "iu").test(b) && !b.endsWith("\n") === !a.endsWith("\n");
}
