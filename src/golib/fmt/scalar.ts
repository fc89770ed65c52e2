/** Numbers, strings and bytes under each verb. Undefined is returned for a verb that does not fit. */
import { wide } from "../integers.ts";
import { formatFloat } from "../strconv/float.ts";
import { canBackquote, isPrint, quote, quoteRune, quoteRuneToASCII, quoteToASCII } from "../strconv/quote.ts";
import { toBytes, decodeAt, isRune, fromBytes, fromRune } from "../text.ts";
import { type Flags, pad } from "./flags.ts";

const maxRune = 0x10ffff;
const replacement = 0xfffd;

export function formatBoolean(flags: Flags, value: boolean, verb: string): string | undefined {
  return verb === "t" || verb === "v" ? pad(flags, String(value)) : undefined;
}

export function formatInteger(flags: Flags, given: number | bigint, verb: string, signed: boolean): string | undefined {
  const value = typeof given === "number" && !Number.isSafeInteger(given) ? wide(given, signed) : given;
  switch (verb) {
    case "v":
      return flags.sharpV && !signed ? hexadecimal(flags, value, true) : digits(flags, value, 10, verb);
    case "d":
      return digits(flags, value, 10, verb);
    case "b":
      return digits(flags, value, 2, verb);
    case "o":
    case "O":
      return digits(flags, value, 8, verb);
    case "x":
    case "X":
      return digits(flags, value, 16, verb);
    case "c":
      return pad(flags, fromRune(runeOf(value)));
    case "q":
      return pad(flags, (flags.plus ? quoteRuneToASCII : quoteRune)(runeOf(value)));
    case "U":
      return unicode(flags, value);
    default:
      return undefined;
  }
}

/** Formats an integer in hexadecimal. The prefix is chosen by the argument, not by the flags. */
export function hexadecimal(flags: Flags, value: number | bigint, prefix: boolean): string {
  return digits({ ...flags, sharp: prefix }, value, 16, "v");
}

function runeOf(value: number | bigint): number {
  const rune = Number(value);
  return isRune(rune) ? rune : replacement;
}

function digits(flags: Flags, value: number | bigint, base: number, verb: string): string {
  const negative = value < 0;
  const magnitude = negative ? -value : value;
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  let minimum = 0;
  if (flags.precision !== undefined) {
    // A precision of 0 prints nothing for the value 0, not even a sign.
    if (flags.precision === 0 && Number(magnitude) === 0) return " ".repeat(flags.width ?? 0);
    minimum = flags.precision;
  } else if (flags.zero && !flags.minus && flags.width !== undefined) {
    minimum = flags.width - sign.length;
  }
  let text = magnitude.toString(base).padStart(minimum, "0");
  if (verb === "X") text = text.toUpperCase();
  if (flags.sharp) {
    if (base === 2) text = `0b${text}`;
    else if (base === 8 && !text.startsWith("0")) text = `0${text}`;
    else if (base === 16) text = (verb === "X" ? "0X" : "0x") + text;
  }
  if (verb === "O") text = `0o${text}`;
  return pad(flags, sign + text, false);
}

function unicode(flags: Flags, value: number | bigint): string {
  const code = value < 0 ? BigInt.asUintN(64, BigInt(value)) : value;
  let text = `U+${code
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 4, 4), "0")}`;
  if (flags.sharp && code <= maxRune && isPrint(Number(code))) text += ` '${fromRune(Number(code))}'`;
  return pad(flags, text, false);
}

export function formatFloating(flags: Flags, value: number, size: number, verb: string): string | undefined {
  switch (verb) {
    case "v":
      return floating(flags, value, size, "g", -1);
    case "b":
    case "g":
    case "G":
    case "x":
    case "X":
      return floating(flags, value, size, verb, -1);
    case "f":
    case "e":
    case "E":
      return floating(flags, value, size, verb, 6);
    case "F":
      return floating(flags, value, size, "f", 6);
    default:
      return undefined;
  }
}

function floating(flags: Flags, value: number, size: number, verb: string, usual: number): string {
  const precision = flags.precision ?? usual;
  let text = formatFloat(value, verb, precision, size);
  let sign = "+";
  if (text.startsWith("-") || text.startsWith("+")) {
    sign = text.charAt(0);
    text = text.slice(1);
  }
  if (flags.space && sign === "+" && !flags.plus) sign = " ";
  // Infinity and NaN are not padded with zeros.
  if (text === "Inf" || text === "NaN") {
    // An infinity always has a sign; NaN only if a flag selects one.
    const signed = text === "Inf" || flags.space || flags.plus;
    return pad(flags, (signed ? sign : "") + text, false);
  }
  if (flags.sharp && verb !== "b") text = withPoint(text, verb, precision);
  if (!flags.plus && sign === "+") return pad(flags, text);
  // The sign goes before the padding zeros.
  if (flags.zero && !flags.minus && flags.width !== undefined) return sign + text.padStart(flags.width - 1, "0");
  return pad(flags, sign + text);
}

/** Adds the decimal point and the trailing zeros that the flag `#` keeps. */
function withPoint(number: string, verb: string, precision: number): string {
  const hex = verb === "x" || verb === "X";
  const cut = number.search(hex ? /[pP]/ : /[eE]/);
  const tail = cut < 0 ? "" : number.slice(cut);
  let text = cut < 0 ? number : number.slice(0, cut);
  let missing = 0;
  if (verb === "g" || verb === "G" || verb === "x") missing = precision === -1 ? 6 : precision;
  const significant = text.replace(".", "").replace(/^0+/, "").length;
  missing -= significant;
  if (!text.includes(".")) {
    if (text === "0") missing--;
    text += ".";
  }
  return text + "0".repeat(Math.max(0, missing)) + tail;
}

export function formatText(flags: Flags, text: string, verb: string): string | undefined {
  switch (verb) {
    case "v":
      return flags.sharpV ? quoted(flags, text) : pad(flags, truncated(flags, text));
    case "s":
      return pad(flags, truncated(flags, text));
    case "x":
    case "X":
      return hexDump(flags, toBytes(text), verb);
    case "q":
      return quoted(flags, text);
    default:
      return undefined;
  }
}

export function formatBytes(flags: Flags, bytes: Uint8Array, verb: string): string | undefined {
  if (verb === "x" || verb === "X") return hexDump(flags, bytes, verb);
  if (verb !== "s" && verb !== "q") return undefined;
  return formatText(flags, fromBytes(truncatedBytes(flags, bytes)), verb);
}

function truncated(flags: Flags, text: string): string {
  if (flags.precision === undefined) return text;
  let end = 0;
  let left = flags.precision;
  for (const rune of text) {
    if (--left < 0) return text.slice(0, end);
    end += rune.length;
  }
  return text;
}

function truncatedBytes(flags: Flags, bytes: Uint8Array): Uint8Array {
  if (flags.precision === undefined) return bytes;
  let end = 0;
  for (let left = flags.precision; left > 0 && end < bytes.length; left--) end += decodeAt(bytes, end)[1];
  return bytes.subarray(0, end);
}

function quoted(flags: Flags, text: string): string {
  const shown = truncated(flags, text);
  if (flags.sharp && canBackquote(shown)) return pad(flags, `\`${shown}\``);
  return pad(flags, (flags.plus ? quoteToASCII : quote)(shown));
}

function hexDump(flags: Flags, bytes: Uint8Array, verb: string): string {
  const shown = flags.precision === undefined ? bytes : bytes.subarray(0, flags.precision);
  const prefix = verb === "X" ? "0X" : "0x";
  const pairs = Array.from(shown, (byte) => {
    const pair = byte.toString(16).padStart(2, "0");
    return verb === "X" ? pair.toUpperCase() : pair;
  });
  let text: string;
  if (flags.space) text = pairs.map((pair) => (flags.sharp ? prefix + pair : pair)).join(" ");
  else text = (flags.sharp && pairs.length > 0 ? prefix : "") + pairs.join("");
  return pad(flags, text);
}
