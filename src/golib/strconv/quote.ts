import { encodeRune, isRune, fromBytes, fromRune } from "../text.ts";
import { errSyntax } from "./errors.ts";

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
const replacement = 0xfffd;

/**
 * Tells whether a code point is printed as it is: a letter, mark, number, punctuation, symbol, or the space. Mirrors
 * Go's `strconv.IsPrint`. The host's version of Unicode decides, which may be newer than Go's.
 */
export function isPrint(rune: number): boolean {
  if (rune >= 0x20 && rune < 0x7f) return true;
  return rune > 0xa0 && isRune(rune) && printable.test(String.fromCodePoint(rune));
}

/** Tells whether a code point is printable or a space: Go's `strconv.IsGraphic`. */
export function isGraphic(rune: number): boolean {
  return isPrint(rune) || (isRune(rune) && /^\p{Zs}$/u.test(String.fromCodePoint(rune)));
}

/**
 * Returns a string in Go's syntax, in double quotes. Mirrors Go's `strconv.Quote`.
 *
 * @example
 * ```ts
 * console.log(strconv.quote("tab\t\u263a\u200b")); // "tab\t☺\u200b"
 * ```
 */
export function quote(text: string): string {
  return quoteWith(text, isPrint);
}

/**
 * Returns a string in Go's syntax, with escapes for everything that is not ASCII. Mirrors Go's `strconv.QuoteToASCII`.
 */
export function quoteToASCII(text: string): string {
  return quoteWith(text, isPrintableASCII);
}

/** Returns a string in Go's syntax, without escapes for graphic characters. Mirrors Go's `strconv.QuoteToGraphic`. */
export function quoteToGraphic(text: string): string {
  return quoteWith(text, isGraphic);
}

function isPrintableASCII(rune: number): boolean {
  return rune < 0x80 && isPrint(rune);
}

function quoteWith(text: string, isShown: (rune: number) => boolean): string {
  let quoted = '"';
  for (const char of text) quoted += escaped(char.codePointAt(0) as number, '"', isShown);
  return `${quoted}"`;
}

/** Returns a character in Go's syntax, in single quotes. Mirrors Go's `strconv.QuoteRune`. */
export function quoteRune(rune: number): string {
  return `'${escaped(rune, "'", isPrint)}'`;
}

/** Returns a character in Go's syntax, with an escape unless it is ASCII. Mirrors Go's `strconv.QuoteRuneToASCII`. */
export function quoteRuneToASCII(rune: number): string {
  return `'${escaped(rune, "'", isPrintableASCII)}'`;
}

const short: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function escaped(code: number, quoteMark: string, isShown: (rune: number) => boolean): string {
  const rune = isRune(code) ? code : replacement;
  const char = fromRune(rune);
  if (char === quoteMark || char === "\\") return `\\${char}`;
  if (isShown(rune)) return char;
  const simple = short[rune];
  if (simple !== undefined) return simple;
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

function hex(rune: number, digits: number): string {
  return rune.toString(16).padStart(digits, "0");
}

/** Tells whether a string can stand between backquotes: one line, no backquote, no control characters except tabs. */
export function canBackquote(text: string): boolean {
  for (const char of text) {
    const rune = char.codePointAt(0) as number;
    if (rune === 0xfeff || !isRune(rune)) return false;
    if ((rune < 0x20 && rune !== 9) || char === "`" || rune === 0x7f) return false;
  }
  return true;
}

type Unquoted = [rune: number, multibyte: boolean, tail: string, err: Error | undefined];

/**
 * The result for an invalid text. A function, because the sentinel may not be initialized yet when this module starts.
 */
const bad = (): Unquoted => [0, false, "", errSyntax];

const simpleEscapes: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Reads the first character, or escape, of a string in Go's syntax; `quote` is the quote that must be escaped, as a byte,
 * or 0. Mirrors Go's `strconv.UnquoteChar`.
 */
export function unquoteChar(text: string, quote: number): Unquoted {
  const code = text.codePointAt(0);
  if (code === undefined) return bad();
  const char = String.fromCodePoint(code);
  if (code === quote && (char === "'" || char === '"')) return bad();
  if (char !== "\\") return [isRune(code) ? code : replacement, code >= 0x80, text.slice(char.length), undefined];
  const kind = text.charAt(1);
  const rest = text.slice(2);
  const simple = simpleEscapes[kind];
  if (simple !== undefined) return [simple, false, rest, undefined];
  const count = hexDigits[kind];
  if (count !== undefined) return unquoteHex(rest, kind, count);
  if (/^[0-7]$/.test(kind)) {
    const digits = kind + rest.slice(0, 2);
    const value = /^[0-7]{3}$/.test(digits) ? Number.parseInt(digits, 8) : 256;
    return value > 255 ? bad() : [value, false, rest.slice(2), undefined];
  }
  return (kind === "'" || kind === '"') && kind.charCodeAt(0) === quote ? [quote, false, rest, undefined] : bad();
}

function unquoteHex(rest: string, kind: string, count: number): Unquoted {
  const digits = rest.slice(0, count);
  if (digits.length < count || !/^[\da-f]+$/i.test(digits)) return bad();
  const value = Number.parseInt(digits, 16);
  if (kind !== "x" && !isRune(value)) return bad();
  return [value, kind !== "x", rest.slice(count), undefined];
}

/**
 * Returns the string that a literal in Go's syntax stands for: in single, double or back quotes. Mirrors Go's
 * `strconv.Unquote`. Bytes that are not UTF-8, from `\xff`, become U+FFFD.
 *
 * @example
 * ```ts
 * console.log(strconv.unquote('"a\\tb"')[0]); // a	b
 * console.log(strconv.unquote('"a')[1]?.message); // invalid syntax
 * ```
 */
export function unquote(text: string): [value: string, err: Error | undefined] {
  const mark = text.charAt(0);
  if (text.length < 2 || !text.endsWith(mark)) return ["", errSyntax];
  if (mark === "`") {
    const inside = text.slice(1, -1);
    return inside.includes("`") ? ["", errSyntax] : [inside.replaceAll("\r", ""), undefined];
  }
  if (mark !== '"' && mark !== "'") return ["", errSyntax];
  const bytes: number[] = [];
  let rest = text.slice(1);
  let count = 0;
  while (!rest.startsWith(mark)) {
    const [value, multibyte, tail, err] = unquoteChar(rest, mark.charCodeAt(0));
    if (err !== undefined || rest.startsWith("\n")) return ["", errSyntax];
    bytes.push(...(multibyte || value < 0x80 ? encodeRune(value) : [value]));
    rest = tail;
    count++;
    if (rest === "") return ["", errSyntax];
  }
  if (rest !== mark || (mark === "'" && count > 1)) return ["", errSyntax];
  return [fromBytes(Uint8Array.from(bytes)), undefined];
}
