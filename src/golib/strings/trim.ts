import { toRunes } from "../text.ts";
import { unitOfFirst, unitOfLast } from "./search.ts";

/**
 * Removes these characters from both ends. Mirrors Go's `strings.Trim`.
 *
 * @example
 * ```ts
 * console.log(strings.trim("¡¡¡Hello!!!", "!¡")); // Hello
 * ```
 */
export function trim(text: string, cutset: string): string {
  return trimFunc(text, isIn(cutset));
}

/** Removes these characters from the beginning. Mirrors Go's `strings.TrimLeft`. */
export function trimLeft(text: string, cutset: string): string {
  return trimLeftFunc(text, isIn(cutset));
}

/** Removes these characters from the end. Mirrors Go's `strings.TrimRight`. */
export function trimRight(text: string, cutset: string): string {
  return trimRightFunc(text, isIn(cutset));
}

function isIn(chars: string): (rune: number) => boolean {
  const set = new Set(toRunes(chars));
  return (rune) => set.has(rune);
}

/** Removes white space from both ends. Mirrors Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  return text.replace(/^\p{White_Space}+/u, "").replace(/\p{White_Space}+$/u, "");
}

/** Removes code points that pass a test from both ends. Mirrors Go's `strings.TrimFunc`. */
export function trimFunc(text: string, test: (rune: number) => boolean): string {
  return trimRightFunc(trimLeftFunc(text, test), test);
}

/** Removes code points that pass a test from the beginning. Mirrors Go's `strings.TrimLeftFunc`. */
export function trimLeftFunc(text: string, test: (rune: number) => boolean): string {
  const first = unitOfFirst(text, (rune) => !test(rune));
  return first < 0 ? "" : text.slice(first);
}

/** Removes code points that pass a test from the end. Mirrors Go's `strings.TrimRightFunc`. */
export function trimRightFunc(text: string, test: (rune: number) => boolean): string {
  const last = unitOfLast(text, (rune) => !test(rune));
  if (last < 0) return "";
  return text.slice(0, last + ((text.codePointAt(last) as number) > 0xffff ? 2 : 1));
}

/** Removes a prefix if there is one. Mirrors Go's `strings.TrimPrefix`. */
export function trimPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** Removes a suffix if there is one. Mirrors Go's `strings.TrimSuffix`. */
export function trimSuffix(text: string, suffix: string): string {
  return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
}
