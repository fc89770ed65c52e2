import { PanicError } from "../../runtime/panic.ts";
import { isRune, fromRune } from "../text.ts";
import { convert, toLower as lower, toTitle as title, toUpper as upper } from "../unicode/case.ts";

/**
 * Replaces the first `limit` matches of a string; all if that is negative. Mirrors Go's `strings.Replace`; an empty
 * string matches before each character and at the end.
 *
 * @example
 * ```ts
 * console.log(strings.replace("oink oink oink", "k", "ky", 2)); // oinky oinky oink
 * ```
 */
export function replace(text: string, old: string, by: string, limit: number): string {
  if (old === by || limit === 0) return text;
  let left = limit < 0 ? Infinity : limit;
  if (old === "") {
    let result = "";
    for (const char of text) result += (left-- > 0 ? by : "") + char;
    return left > 0 ? result + by : result;
  }
  let result = "";
  let start = 0;
  for (; left > 0; left--) {
    const at = text.indexOf(old, start);
    if (at < 0) break;
    result += text.slice(start, at) + by;
    start = at + old.length;
  }
  return result + text.slice(start);
}

/** Replaces all matches of a string. Mirrors Go's `strings.ReplaceAll`. */
export function replaceAll(text: string, old: string, by: string): string {
  return replace(text, old, by, -1);
}

/**
 * Repeats a string. Mirrors Go's `strings.Repeat`.
 *
 * @throws {@link PanicError} `strings: negative Repeat count`
 */
export function repeat(text: string, count: number): string {
  if (count < 0) throw new PanicError("strings: negative Repeat count");
  return text.repeat(count);
}

/** Converts to upper case, each character to one. Mirrors Go's `strings.ToUpper`: ß stays ß. */
export function toUpper(text: string): string {
  return convert(text, upper);
}

/**
 * Converts to lower case, each character to one. Mirrors Go's `strings.ToLower`: the result for a character does not
 * depend on its neighbours.
 */
export function toLower(text: string): string {
  return convert(text, lower);
}

/** Converts to title case, each character to one. Mirrors Go's `strings.ToTitle`. */
export function toTitle(text: string): string {
  return convert(text, title);
}

/** Converts the first letter of each word to title case. Mirrors Go's `strings.Title`, which is deprecated there. */
export function titleWords(text: string): string {
  let before = 0x20;
  return convert(text, (rune) => {
    const result = isSeparator(before) ? title(rune) : rune;
    before = rune;
    return result;
  });
}

function isSeparator(rune: number): boolean {
  const char = fromRune(rune);
  if (rune < 0x80) return !/^[0-9A-Za-z_]$/.test(char);
  return /^\p{White_Space}$/u.test(char) && !/^[\p{L}\p{Nd}]$/u.test(char);
}

/**
 * Replaces each code point by the result of a function; a negative result drops it. Mirrors Go's `strings.Map`.
 *
 * @example
 * ```ts
 * console.log(strings.map((r) => (r === 0x6c ? -1 : r), "hello")); // heo
 * ```
 */
export function map(mapping: (rune: number) => number, text: string): string {
  let result = "";
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const rune = mapping(isRune(code) ? code : 0xfffd);
    if (rune >= 0) result += fromRune(rune);
  }
  return result;
}

/**
 * Replaces each run of lone surrogates: nothing else in a string is invalid in UTF-8. Mirrors Go's
 * `strings.ToValidUTF8`.
 */
export function toValidUTF8(text: string, by: string): string {
  return text.replace(/[\ud800-\udfff]+/gu, () => by);
}

/** Returns the string: there is nothing to copy. Mirrors Go's `strings.Clone`. */
export function clone(text: string): string {
  return text;
}

/**
 * Replaces several strings in one pass, see {@link newReplacer}.
 */
export class Replacer {
  readonly #pairs: readonly (readonly [old: string, by: string])[];

  /** Takes pairs of old and new strings. Made by {@link newReplacer}. */
  constructor(pairs: readonly (readonly [old: string, by: string])[]) {
    this.#pairs = pairs;
  }

  /** Returns a string with all replacements carried out. Mirrors Go's `Replacer.Replace`. */
  replace(text: string): string {
    let result = "";
    let afterEmpty = false;
    for (let at = 0; at <= text.length;) {
      const rest = text.slice(at);
      // The empty string matches once at each position.
      const pair = this.#pairs.find(([old]) => rest.startsWith(old) && !(old === "" && afterEmpty));
      afterEmpty = pair !== undefined && pair[0] === "";
      if (pair !== undefined) result += pair[1];
      if (pair !== undefined && pair[0] !== "") at += pair[0].length;
      else if (pair === undefined) {
        const char = String.fromCodePoint(text.codePointAt(at) ?? 0x20);
        if (at < text.length) result += char;
        at += char.length;
      }
    }
    return result;
  }
}

/**
 * Makes a replacer from a list of old and new strings. Mirrors Go's `strings.NewReplacer`: at each position the first
 * old string that matches is replaced, and the replacement is not searched again. An empty old string matches between
 * characters; in Go it also matches between the bytes of a character.
 *
 * @throws {@link PanicError} `strings.NewReplacer: odd argument count`
 *
 * @example
 * ```ts
 * const r = strings.newReplacer("<", "&lt;", ">", "&gt;");
 * console.log(r.replace("This is <b>HTML</b>!")); // This is &lt;b&gt;HTML&lt;/b&gt;!
 * ```
 */
export function newReplacer(...oldnew: string[]): Replacer {
  if (oldnew.length % 2 === 1) throw new PanicError("strings.NewReplacer: odd argument count");
  const pairs = oldnew.flatMap((old, i) => (i % 2 === 0 ? [[old, oldnew[i + 1] as string] as const] : []));
  return new Replacer(pairs);
}
