/**
 * Mathematical functions and constants. Mirrors Go's `math` package. Functions that are not exact, such as `sin` and `pow`,
 * may differ from Go's in the last digit.
 *
 * Limits of 64-bit integers are the nearest numbers: `maxInt64` is 2^63 here, because no `number` is exactly 2^63 - 1.
 *
 * @module
 */

/** Euler's number: `math.E`. */
export const e: number = Math.E;
/** `math.Pi`. */
export const pi: number = Math.PI;
/** `math.Phi`. */
export const phi = 1.618033988749895;
/** `math.Sqrt2`. */
export const sqrt2: number = Math.SQRT2;
/** `math.Ln2`. */
export const ln2: number = Math.LN2;
/** `math.Ln10`. */
export const ln10: number = Math.LN10;
/** `math.Log2E`. */
export const log2E: number = Math.LOG2E;
/** `math.Log10E`. */
export const log10E: number = Math.LOG10E;
/** The largest float64: `math.MaxFloat64`. */
export const maxFloat64: number = Number.MAX_VALUE;
/** The smallest positive float64: `math.SmallestNonzeroFloat64`. */
export const smallestNonzeroFloat64: number = Number.MIN_VALUE;
/** The largest float32: `math.MaxFloat32`. */
export const maxFloat32: number = (2 - 2 ** -23) * 2 ** 127;
/** The smallest positive float32: `math.SmallestNonzeroFloat32`. */
export const smallestNonzeroFloat32: number = 2 ** -149;
export const maxInt8 = 127;
export const minInt8 = -128;
export const maxInt16 = 32767;
export const minInt16 = -32768;
export const maxInt32 = 2147483647;
export const minInt32 = -2147483648;
/** 2^63: the nearest number to Go's `math.MaxInt64`. */
export const maxInt64: number = 2 ** 63;
export const minInt64: number = -(2 ** 63);
/** 2^63: the nearest number to Go's `math.MaxInt`. */
export const maxInt: number = 2 ** 63;
export const minInt: number = -(2 ** 63);
export const maxUint8 = 255;
export const maxUint16 = 65535;
export const maxUint32 = 4294967295;
/** 2^64: the nearest number to Go's `math.MaxUint64`. */
export const maxUint64: number = 2 ** 64;
/** 2^64: the nearest number to Go's `math.MaxUint`. */
export const maxUint: number = 2 ** 64;

/** Returns the absolute value. Mirrors Go's `math.Abs`. */
export const abs: (x: number) => number = Math.abs;
/** Returns the arc cosine. Mirrors Go's `math.Acos`. */
export const acos: (x: number) => number = Math.acos;
/** Returns the inverse hyperbolic cosine. Mirrors Go's `math.Acosh`. */
export const acosh: (x: number) => number = Math.acosh;
/** Returns the arc sine. Mirrors Go's `math.Asin`. */
export const asin: (x: number) => number = Math.asin;
/** Returns the inverse hyperbolic sine. Mirrors Go's `math.Asinh`. */
export const asinh: (x: number) => number = Math.asinh;
/** Returns the arc tangent. Mirrors Go's `math.Atan`. */
export const atan: (x: number) => number = Math.atan;
/** Returns the inverse hyperbolic tangent. Mirrors Go's `math.Atanh`. */
export const atanh: (x: number) => number = Math.atanh;
/** Returns the cube root. Mirrors Go's `math.Cbrt`. */
export const cbrt: (x: number) => number = Math.cbrt;
/** Returns the least integer that is not less than x. Mirrors Go's `math.Ceil`. */
export const ceil: (x: number) => number = Math.ceil;
/** Returns the cosine. Mirrors Go's `math.Cos`. */
export const cos: (x: number) => number = Math.cos;
/** Returns the hyperbolic cosine. Mirrors Go's `math.Cosh`. */
export const cosh: (x: number) => number = Math.cosh;
/** Returns e to the power of x. Mirrors Go's `math.Exp`. */
export const exp: (x: number) => number = Math.exp;
/** Returns e to the power of x, minus 1. Mirrors Go's `math.Expm1`. */
export const expm1: (x: number) => number = Math.expm1;
/** Returns the greatest integer that is not greater than x. Mirrors Go's `math.Floor`. */
export const floor: (x: number) => number = Math.floor;
/** Returns the natural logarithm. Mirrors Go's `math.Log`. */
export const log: (x: number) => number = Math.log;
/** Returns the decimal logarithm. Mirrors Go's `math.Log10`. */
export const log10: (x: number) => number = Math.log10;
/** Returns the natural logarithm of 1 + x. Mirrors Go's `math.Log1p`. */
export const log1p: (x: number) => number = Math.log1p;
/** Returns the binary logarithm. Mirrors Go's `math.Log2`. */
export const log2: (x: number) => number = Math.log2;
/** Returns the sine. Mirrors Go's `math.Sin`. */
export const sin: (x: number) => number = Math.sin;
/** Returns the hyperbolic sine. Mirrors Go's `math.Sinh`. */
export const sinh: (x: number) => number = Math.sinh;
/** Returns the square root. Mirrors Go's `math.Sqrt`. */
export const sqrt: (x: number) => number = Math.sqrt;
/** Returns the tangent. Mirrors Go's `math.Tan`. */
export const tan: (x: number) => number = Math.tan;
/** Returns the hyperbolic tangent. Mirrors Go's `math.Tanh`. */
export const tanh: (x: number) => number = Math.tanh;
/** Returns the number without its fraction. Mirrors Go's `math.Trunc`. */
export const trunc: (x: number) => number = Math.trunc;
/** Returns the angle of the point (x, y). Mirrors Go's `math.Atan2`. */
export const atan2: (y: number, x: number) => number = Math.atan2;

/** Returns infinity, negative for a negative sign. Mirrors Go's `math.Inf`. */
export function inf(sign: number): number {
  return sign >= 0 ? Infinity : -Infinity;
}

/**
 * Tells whether a number is an infinity of the given sign, or of either sign if that is 0. Mirrors Go's `math.IsInf`.
 */
export function isInf(x: number, sign: number): boolean {
  return (sign >= 0 && x === Infinity) || (sign <= 0 && x === -Infinity);
}

/** Tells whether a number is NaN. Mirrors Go's `math.IsNaN`. */
export function isNaN(x: number): boolean {
  return Number.isNaN(x);
}

/** Returns NaN. Mirrors Go's `math.NaN`. */
export function naN(): number {
  return Number.NaN;
}

/** Tells whether a number is negative, or -0. Mirrors Go's `math.Signbit`. */
export function signbit(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** Returns a number with the sign of another. Mirrors Go's `math.Copysign`. */
export function copysign(x: number, sign: number): number {
  return signbit(x) === signbit(sign) ? x : -x;
}

/**
 * Returns the larger number. Mirrors Go's `math.Max`: an infinity wins over NaN, and NaN over the rest.
 *
 * @example
 * ```ts
 * console.log(math.max(1, Number.NaN), math.max(Infinity, Number.NaN)); // NaN Infinity
 * ```
 */
export function max(x: number, y: number): number {
  return x === Infinity || y === Infinity ? Infinity : Math.max(x, y);
}

/** Returns the smaller number. Mirrors Go's `math.Min`. */
export function min(x: number, y: number): number {
  return x === -Infinity || y === -Infinity ? -Infinity : Math.min(x, y);
}

/** Returns the difference, or 0 if it is negative. Mirrors Go's `math.Dim`. */
export function dim(x: number, y: number): number {
  const difference = x - y;
  return difference <= 0 ? 0 : difference;
}

/** Returns the remainder with the sign of `x`. Mirrors Go's `math.Mod`. */
export function mod(x: number, y: number): number {
  return x % y;
}

/** Returns the IEEE remainder, which rounds the quotient to the nearest integer. Mirrors Go's `math.Remainder`. */
export function remainder(x: number, y: number): number {
  if (!Number.isFinite(x) || Number.isNaN(y) || y === 0) return Number.NaN;
  if (!Number.isFinite(y)) return x;
  const divisor = Math.abs(y);
  let rest = Math.abs(x) % (2 * divisor);
  const half = divisor / 2;
  if (divisor < 1e-300) {
    // Half of it may be too small a number.
    if (2 * rest > divisor) {
      rest -= divisor;
      if (2 * rest >= divisor) rest -= divisor;
    }
  } else if (rest > half) {
    rest -= divisor;
    if (rest >= half) rest -= divisor;
  }
  return signbit(x) ? -rest : rest;
}

/**
 * Rounds half away from zero. Mirrors Go's `math.Round`; JavaScript's `Math.round` rounds -2.5 up.
 *
 * @example
 * ```ts
 * console.log(math.round(-2.5), Math.round(-2.5)); // -3 -2
 * ```
 */
export function round(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + copysign(1, x) : copysign(whole, x);
}

/** Rounds half to even. Mirrors Go's `math.RoundToEven`. */
export function roundToEven(x: number): number {
  const whole = Math.trunc(x);
  const rest = Math.abs(x - whole);
  const up = rest > 0.5 || (rest === 0.5 && whole % 2 !== 0);
  return up ? whole + copysign(1, x) : copysign(whole, x);
}

/** Splits a number into its whole and its fractional part, both with its sign. Mirrors Go's `math.Modf`. */
export function modf(x: number): [whole: number, fraction: number] {
  if (!Number.isFinite(x)) return [x, Number.NaN];
  const whole = Math.trunc(x);
  return [whole, copysign(x - whole, x)];
}

/** Splits a number into a fraction of at least a half and a power of two. Mirrors Go's `math.Frexp`. */
export function frexp(x: number): [fraction: number, exponent: number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  let fraction = x;
  let exponent = 0;
  // Subnormal numbers have no implicit leading bit.
  if (Math.abs(fraction) < 2 ** -1022) {
    fraction *= 2 ** 53;
    exponent -= 53;
  }
  const bits = float64bits(fraction);
  exponent += Number((bits >> 52n) & 0x7ffn) - 1022;
  return [float64frombits((bits & ~(0x7ffn << 52n)) | (1022n << 52n)), exponent];
}

/** Returns `fraction` times 2^exponent. Mirrors Go's `math.Ldexp`. */
export function ldexp(fraction: number, exponent: number): number {
  if (fraction === 0 || !Number.isFinite(fraction)) return fraction;
  const [f, own] = frexp(fraction);
  const total = own + exponent;
  if (total > 1024) return copysign(Infinity, fraction);
  if (total < -1080) return copysign(0, fraction);
  // In two steps, so that only the second one rounds.
  return total < -1021 ? f * 2 ** (total + 60) * 2 ** -60 : f * 2 * 2 ** (total - 1);
}

/** Returns `x` to the power of `y`. Mirrors Go's `math.Pow`: 1 to any power is 1, even to NaN. */
export function pow(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === -1 && !Number.isFinite(y) && !Number.isNaN(y)) return 1;
  return x ** y;
}

/** Returns 10 to the power of `n`. Mirrors Go's `math.Pow10`. */
export function pow10(n: number): number {
  return n > 308 ? Infinity : n < -323 ? 0 : Number(`1e${n}`);
}

/** Returns 2 to the power of `x`. Mirrors Go's `math.Exp2`. */
export function exp2(x: number): number {
  return 2 ** x;
}

/** Returns the square root of the sum of squares. Mirrors Go's `math.Hypot`. */
export function hypot(x: number, y: number): number {
  return Math.hypot(x, y);
}

const view = new DataView(new ArrayBuffer(8));

/** Returns the bits of a float64, as a bigint: a number cannot hold them. Mirrors Go's `math.Float64bits`. */
export function float64bits(x: number): bigint {
  view.setFloat64(0, x);
  return view.getBigUint64(0);
}

/** Returns the float64 of these bits. Mirrors Go's `math.Float64frombits`. */
export function float64frombits(bits: bigint | number): number {
  view.setBigUint64(0, BigInt(bits));
  return view.getFloat64(0);
}

/** Returns the bits of a float32. Mirrors Go's `math.Float32bits`. */
export function float32bits(x: number): number {
  view.setFloat32(0, x);
  return view.getUint32(0);
}

/** Returns the float32 of these bits. Mirrors Go's `math.Float32frombits`. */
export function float32frombits(bits: number): number {
  view.setUint32(0, bits);
  return view.getFloat32(0);
}
