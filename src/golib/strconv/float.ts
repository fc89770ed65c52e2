import { bitLength, type Decimal, exact, nearest, parts, rounded, shortest } from "./decimal.ts";
import { NumError, errRange, errSyntax } from "./errors.ts";
import { underscoresOk } from "./underscores.ts";

/**
 * Formats a floating-point number. Mirrors Go's `strconv.FormatFloat`.
 *
 * `format` is `"b"`, `"e"`, `"E"`, `"f"`, `"g"`, `"G"`, `"x"` or `"X"`; `precision` the number of digits behind the point
 * (for `g` of all digits), and -1 for as few as needed; `bitSize` 32 or 64.
 *
 * @example
 * ```ts
 * console.log(strconv.formatFloat(1e6, "g", -1, 64), strconv.formatFloat(2.5, "f", 0, 64)); // 1e+06 2
 * ```
 */
export function formatFloat(value: number, format: string, precision: number, bitSize: number): string {
  if (bitSize !== 32 && bitSize !== 64) throw new Error("strconv: illegal AppendFloat/FormatFloat bitSize");
  const number = bitSize === 32 ? Math.fround(value) : value;
  if (Number.isNaN(number)) return "NaN";
  const negative = number < 0 || Object.is(number, -0);
  if (!Number.isFinite(number)) return negative ? "-Inf" : "+Inf";
  return (negative ? "-" : "") + formatPositive(Math.abs(number), format, precision, bitSize);
}

function formatPositive(value: number, format: string, precision: number, size: number): string {
  switch (format) {
    case "b": {
      const { mantissa, exponent } = parts(value, size);
      return `${mantissa}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
    }
    case "x":
    case "X":
      return hexadecimal(value, format, precision, size);
    case "e":
    case "E":
      return scientific(digitsOf(value, size, precision, precision + 1), precision, format);
    case "f": {
      if (precision < 0) return fixed(shortest(value, size), -1);
      const all = exact(value, size);
      return fixed(rounded(all, all.point + precision), precision);
    }
    case "g":
    case "G":
      return general(value, format, precision, size);
    default:
      return `%${format}`;
  }
}

function digitsOf(value: number, size: number, precision: number, count: number): Decimal {
  return precision < 0 ? shortest(value, size) : rounded(exact(value, size), count);
}

function scientific({ digits, point }: Decimal, precision: number, letter: string): string {
  const exponent = digits === "" ? 0 : point - 1;
  const count = precision < 0 ? Math.max(digits.length - 1, 0) : precision;
  const first = digits === "" ? "0" : digits.charAt(0);
  const rest = digits.slice(1, count + 1).padEnd(count, "0");
  const sign = exponent < 0 ? "-" : "+";
  return `${first}${count > 0 ? `.${rest}` : ""}${letter}${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function fixed({ digits, point }: Decimal, precision: number): string {
  const count = precision < 0 ? Math.max(digits.length - point, 0) : precision;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const fraction = ("0".repeat(Math.max(0, -point)) + digits.slice(Math.max(0, point))).slice(0, count);
  return count > 0 ? `${whole}.${fraction.padEnd(count, "0")}` : whole;
}

/** Format `g`: scientific notation for small and large exponents, else decimal. */
function general(value: number, format: string, precision: number, size: number): string {
  const few = precision < 0;
  const wanted = few ? 6 : Math.max(precision, 1);
  const decimal = digitsOf(value, size, precision, wanted);
  const { digits, point } = decimal;
  let limit = wanted;
  if (!few && limit > digits.length && digits.length >= point) limit = digits.length;
  const exponent = digits === "" ? -1 : point - 1;
  if (exponent < -4 || exponent >= limit) {
    const count = few ? -1 : Math.min(wanted, digits.length) - 1;
    return scientific(decimal, count, format === "g" ? "e" : "E");
  }
  return fixed(decimal, -1);
}

function hexadecimal(value: number, format: string, precision: number, size: number): string {
  const { mantissa, exponent } = parts(value, size);
  const bits = size === 32 ? 23 : 52;
  let digits = mantissa;
  let power = mantissa === 0n ? 0 : exponent + bits;
  // One bit is before the point: subnormal numbers are shifted until it is set.
  while (digits !== 0n && bitLength(digits) <= bits) {
    digits <<= 1n;
    power--;
  }
  // 60 bits behind the point are 15 digits.
  digits <<= BigInt(60 - bits);
  if (precision >= 0 && precision < 15) {
    const dropped = BigInt(60 - precision * 4);
    const rest = digits & ((1n << dropped) - 1n);
    const half = 1n << (dropped - 1n);
    digits >>= dropped;
    if (rest > half || (rest === half && digits % 2n === 1n)) digits++;
    digits <<= dropped;
    if (digits >> 61n !== 0n) {
      digits >>= 1n;
      power++;
    }
  }
  let fraction = (digits & ((1n << 60n) - 1n)).toString(16).padStart(15, "0");
  fraction = precision < 0 ? fraction.replace(/0+$/, "") : fraction.slice(0, precision).padEnd(precision, "0");
  const sign = power < 0 ? "-" : "+";
  const exponentText = String(Math.abs(power)).padStart(2, "0");
  const text = `0x${digits >> 60n}${fraction === "" ? "" : `.${fraction}`}p${sign}${exponentText}`;
  return format === "X" ? text.toUpperCase() : text;
}

const decimalSyntax = /^[+-]?(?:(?:\d[\d_]*|_[\d_]*)\.?[\d_]*|\.[\d_]*)(?:e[+-]?\d[\d_]*)?$/i;
const hexSyntax = /^[+-]?0x([\da-f_]*)(?:\.([\da-f_]*))?p([+-]?\d[\d_]*)$/i;
const infinity = /^([+-]?)inf(?:inity)?$/i;

/**
 * Reads a floating-point number. Mirrors Go's `strconv.ParseFloat`: the whole text must be a number in Go's syntax, or
 * `Inf`, `Infinity`, `NaN`. `bitSize` 32 rounds to the nearest float32.
 *
 * The error is a {@link NumError}: `strconv.ParseFloat: parsing "x": invalid syntax`, or `value out of range` with an
 * infinite value.
 *
 * @example
 * ```ts
 * const [value, err] = strconv.parseFloat("2.5e3", 64);
 * console.log(value, err); // 2500 undefined
 * ```
 */
export function parseFloat(text: string, bitSize: number): [value: number, err: Error | undefined] {
  const size = bitSize === 32 ? 32 : 64;
  if (/^[+-]?nan$/i.test(text)) return /^nan$/i.test(text) ? [Number.NaN, undefined] : syntaxError(text);
  const infinite = infinity.exec(text);
  if (infinite !== null) return [infinite[1] === "-" ? -Infinity : Infinity, undefined];
  const value = parseHex(text, size) ?? parseDecimal(text, size);
  if (value === undefined) return syntaxError(text);
  if (!Number.isFinite(value)) return [value, new NumError("ParseFloat", text, errRange)];
  return [value, undefined];
}

function syntaxError(text: string): [number, Error] {
  return [0, new NumError("ParseFloat", text, errSyntax)];
}

function parseDecimal(text: string, size: number): number | undefined {
  if (!decimalSyntax.test(text) || !/^[^e]*\d/i.test(text) || !underscoresOk(text)) return undefined;
  const plain = text.replaceAll("_", "");
  const value = Number(plain);
  if (size === 64) return value;
  const float = Math.fround(value);
  // Rounding twice goes wrong only if the first step yields the middle between two float32.
  if (float === value || value === 0 || Math.abs(value) > 1e39 || Math.abs(value) < 1e-50) return float;
  const magnitude = nearestDecimal(plain.replace(/^[+-]/, ""));
  return value < 0 ? -magnitude : magnitude;
}

function nearestDecimal(text: string): number {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = BigInt(whole + fraction);
  const power = Number(exponent) - fraction.length;
  return nearest(power > 0 ? digits * 10n ** BigInt(power) : digits, power < 0 ? 10n ** BigInt(-power) : 1n, 32);
}

function parseHex(text: string, size: number): number | undefined {
  const match = hexSyntax.exec(text);
  if (match === null || !underscoresOk(text)) return undefined;
  const [whole, fraction, exponent] = match
    .slice(1)
    .map((part: string | undefined) => (part ?? "").replaceAll("_", ""));
  const digits = `${whole}${fraction}`;
  if (digits === "") return undefined;
  const mantissa = BigInt(`0x${digits}`);
  const power = Number(exponent) - 4 * (fraction as string).length;
  let value: number;
  if (mantissa === 0n) value = 0;
  // Beyond the range of numbers, whatever the mantissa.
  else if (power + bitLength(mantissa) > 1100) value = Infinity;
  else if (power + bitLength(mantissa) < -1200) value = 0;
  else if (power >= 0) value = nearest(mantissa << BigInt(power), 1n, size);
  else value = nearest(mantissa, 1n << BigInt(-power), size);
  return text.startsWith("-") ? -value : value;
}
