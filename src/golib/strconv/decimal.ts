/** Floating-point numbers in decimal digits, exactly. */

/**
 * The digits of a positive number, and the place of the decimal point: 0.d1d2d3… times 10^point. An empty text is 0.
 */
export interface Decimal {
  readonly digits: string;
  readonly point: number;
}

const zero: Decimal = { digits: "", point: 0 };

const view = new DataView(new ArrayBuffer(8));

/** Splits a positive finite number into the mantissa and the exponent of its bits: mantissa times 2^exponent. */
export function parts(value: number, size: number): { mantissa: bigint; exponent: number } {
  if (size === 32) {
    view.setFloat32(0, value);
    const bits = view.getUint32(0);
    const biased = (bits >>> 23) & 0xff;
    const fraction = BigInt(bits & 0x7fffff);
    if (biased === 0) return { mantissa: fraction, exponent: -149 };
    return { mantissa: fraction | (1n << 23n), exponent: biased - 150 };
  }
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** Returns all digits of a positive finite number. */
export function exact(value: number, size: number): Decimal {
  if (value === 0) return zero;
  const { mantissa, exponent } = parts(value, size);
  // m / 2^k is m * 5^k / 10^k.
  const whole = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = whole.toString();
  return { digits: digits.replace(/0+$/, ""), point: digits.length + Math.min(exponent, 0) };
}

/** Returns the fewest digits that identify this number. */
export function shortest(value: number, size: number): Decimal {
  if (value === 0) return zero;
  if (size === 64) return read(String(value));
  // Not toPrecision, which rounds half up.
  const all = exact(value, 32);
  for (let precision = 1; precision < 9; precision++) {
    const { digits, point } = rounded(all, precision);
    const nearest = BigInt(digits.padEnd(precision, "0"));
    // Below a power of two numbers are closer together: the nearest decimal may round to another number, while the next
    // one above rounds to this.
    for (const candidate of [nearest, nearest + 1n]) {
      const text = candidate.toString();
      if (Math.fround(Number(`0.${text}e${point + text.length - precision}`)) !== value) continue;
      return { digits: text.replace(/0+$/, ""), point: point + text.length - precision };
    }
  }
  return rounded(all, 9);
}

/** Reads a number as JavaScript prints it. */
function read(text: string): Decimal {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const all = whole + fraction;
  const leading = /^0*/.exec(all)?.[0].length ?? 0;
  return { digits: all.slice(leading).replace(/0+$/, ""), point: whole.length - leading + Number(exponent) };
}

/** Keeps `count` digits, rounding half to even. */
export function rounded({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return zero;
  const rest = digits.slice(count);
  const last = count === 0 ? 0 : Number(digits[count - 1]);
  const up = rest === "5" ? last % 2 === 1 : rest >= "5";
  const kept = digits.slice(0, count);
  if (!up) {
    const left = kept.replace(/0+$/, "");
    return left === "" ? zero : { digits: left, point };
  }
  const next = (BigInt(kept === "" ? 0 : kept) + 1n).toString();
  return { digits: next.replace(/0+$/, ""), point: point + next.length - count };
}

/**
 * Rounds a fraction to the nearest number of that size, half to even. Rounding twice, first to 64 bits and then to 32,
 * can yield another number.
 */
export function nearest(numerator: bigint, denominator: bigint, size: number): number {
  if (numerator === 0n) return 0;
  const [precision, least] = size === 32 ? [24, -149] : [53, -1074];
  // The quotient has this many bits before the point, or one less.
  const magnitude = bitLength(numerator) - bitLength(denominator) + 1;
  let unit = Math.max(magnitude - precision, least);
  let quotient = scaledQuotient(numerator, denominator, unit);
  if (bitLength(quotient.value) < precision && unit > least) {
    unit--;
    quotient = scaledQuotient(numerator, denominator, unit);
  }
  const { value, rest } = quotient;
  const up = rest > 0 || (rest === 0 && value % 2n === 1n);
  const result = Number(up ? value + 1n : value) * 2 ** unit;
  return size === 32 && result >= 2 ** 128 ? Infinity : result;
}

/** Divides by 2^unit times the denominator; `rest` is the sign of the remainder minus a half. */
function scaledQuotient(numerator: bigint, denominator: bigint, unit: number): { value: bigint; rest: number } {
  const n = unit < 0 ? numerator << BigInt(-unit) : numerator;
  const d = unit > 0 ? denominator << BigInt(unit) : denominator;
  const value = n / d;
  const twice = (n - value * d) * 2n;
  return { value, rest: twice < d ? -1 : twice > d ? 1 : 0 };
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
