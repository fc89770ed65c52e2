// Integers of all widths, floats, constants, flags, hashes of 32 bits.
import { main } from "gocsp";
import {
  and64,
  andNot64,
  at,
  box,
  Boxed,
  byteAt,
  float64,
  len,
  mulRem,
  or64,
  rem,
  runes,
  typed,
  xor64,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as math from "gocsp/golib/math";

export type Bits = number;

export const a = 1;
export const b = 2;
export const d = 8;

export type Weekday = number;

/** A Weekday in an interface: the value with its methods. */
class WeekdayValue extends Boxed<Weekday> {
  static override typeName = "main.Weekday";

  override toString(): string {
    return weekdayString(this.value);
  }
}

export const sun = 0;
export const mon = 1;
export const tue = 2;

export function weekdayString(d: Weekday): string {
  return at(["Sun", "Mon", "Tue"], d);
}

export const kb = 1024;
export const mb = 1048576;
export const gb = 1073741824;

const huge = 1;

function fnv(s: string): number {
  let h = 2166136261;
  for (let i = 0; i < len(s); i++) {
    h = (h ^ byteAt(s, i)) >>> 0;
    h = Math.imul(h, 16777619) >>> 0;
  }
  return h;
}

function lcg(x: number): number {
  return (Math.imul(x, 1664525) >>> 0) + 1013904223 >>> 0;
}

function hash(s: string): number {
  let h = 0;
  for (const [, c] of runes(s)) {
    // PORT: arithmetic that may overflow 2^53 (overflow; use bigint with BigInt.asUintN(64, …), or a hash of 32 bits)
    h = 31 * h + c;
  }
  return h;
}

function gcd(a: number, b: number): number {
  while (b !== 0) {
    [a, b] = [b, rem(a, b)];
  }
  return a;
}

main(() => {
  console.log(a, b, d, 9, 1, ~a & 0xff);
  fmt.println(box(WeekdayValue, sun), box(WeekdayValue, mon), box(WeekdayValue, tue), box(WeekdayValue, 1));
  fmt.printf("%d %v %s %x\n", box(WeekdayValue, mon), box(WeekdayValue, mon), box(WeekdayValue, mon), box(WeekdayValue, tue));
  fmt.println(kb, mb, gb, float64(huge));
  let u8 = 250;
  u8 = u8 + 10 & 0xff;
  let i8 = 127;
  i8 = (i8 + 1 << 24) >> 24;
  let u16 = 0;
  u16 = u16 - 1 & 0xffff;
  let i32 = math.maxInt32;
  i32 = i32 + 1 | 0;
  let u32 = 2147483648;
  u32 = u32 << 1 >>> 0;
  console.log(u8, i8, u16, i32, u32);
  console.log(-3, -1, -3, 1, 3, -4, 25);
  const x = -7;
  fmt.println(Math.trunc(x / 2), x % 2, Math.floor(x / 2 ** 1), x & 3, or64(x, 1), xor64(x, 5), -x - 1, andNot64(x, 2));
  console.log(fnv("hello"), lcg(12345), hash("hi"), gcd(48, 18));
  const n = 3;
  console.log(2 ** n, 2147483648, 1099511627776, 2 ** n * 2 ** n);
  console.log(255 + (n & 0xff) & 0xff, (-128 - ((n << 24) >> 24) << 24) >> 24);
  const a1 = 3735928559;
  console.log(a1 << 8 >>> 0, a1 >>> 8, (a1 & 0xff) >>> 0, ~a1 >>> 0, -a1 >>> 0, Math.imul(a1, a1) >>> 0);
  fmt.printf("%x %X %b %o %08b %#x\n", a1, a1, 10, 8, 5, 255);
  const fl = 3.99;
  fmt.println(Math.trunc(fl), Math.trunc(-fl), Math.trunc(fl) & 0xff, float64(3.5), 3, float64(3.5));
  fmt.println(float64(math.floor(-2.5)), float64(math.round(2.5)), float64(math.trunc(-2.7)), float64(math.sqrt(2)), float64(math.inf(1)), float64(math.naN()), float64(-math.inf(1)));
  const w64 = 8589934597;
  const w32 = 200;
  console.log(w64 | 0, (w32 << 24) >> 24, w64 & 0xffff, w64 * 3);
  const k = -1;
  console.log(k & 0xff, k & 0xffff, k >>> 0, (40000 + k << 16) >> 16);
  fmt.println(float64(1000000), float64(1e+21), float64(123456789), float64(0.3), typed(0.10000000149011612, "float32"), float64(1e-07), float64(100000000000000000000));
  let f32 = 16777216;
  f32 += 1;
  fmt.println(typed(f32, "float32"), typed(0.3333333432674408, "float32"), float64(0.3333333432674408));
  console.log(true, 97 /* 'a' */, 98, "b", "st");
  fmt.println(1, float64(2.5), "a");
  let s = 0;
  for (let i = 0; i < 10; i++) {
    if (i % 2 === 0) {
      continue;
    }
    s += i;
  }
  console.log(s);
  let mask = 0;
  for (let i = 0; i < 40; i += 13) {
    mask = or64(mask, 2 ** i);
  }
  console.log(mask, and64(mask, 549755813888), Math.floor(mask / 2 ** 26) & 1);
  const m = 1000000007;
  let p = 1;
  for (let i = 0; i < 20; i++) {
    // PORT: arithmetic that may overflow 2^53 (overflow; use bigint with BigInt.asUintN(64, …), or a hash of 32 bits)
    p = mulRem(p, 987654321, m);
  }
  console.log(p);
  let h = 1;
  h = ((h << 5 >>> 0) - h >>> 0) + 7 >>> 0;
  h = Math.imul(((h ^ (h >>> 16)) >>> 0), 0x45d9f3b) >>> 0;
  console.log(h);
});
