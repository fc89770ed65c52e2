// Integers: division, remainders, shifts, and the types that overflow.
import { main } from "gocsp";
import { andNot64, byteAt, deferringSync, div, float64, len, or64, rem } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as math from "gocsp/golib/math";

function hash(s: string): number {
  let h = 2166136261;
  for (let i = 0; i < len(s); i++) {
    h = (h ^ byteAt(s, i)) >>> 0;
    h = Math.imul(h, 16777619) >>> 0;
  }
  return h;
}

type Flags = number;

const read = 1;
const write = 2;
const exec = 4;

class Random {
  state = 0;

  constructor(init?: Partial<Random>) {
    Object.assign(this, init);
  }

  next(): number {
    this.state = (this.state ^ this.state << 13 >>> 0) >>> 0;
    this.state = (this.state ^ this.state >>> 17) >>> 0;
    this.state = (this.state ^ this.state << 5 >>> 0) >>> 0;
    return this.state;
  }
}

main(() => {
  deferringSync((deferred) => {
    const a = 7;
    const b = -2;
    fmt.println(div(a, b), rem(a, b), Math.trunc(-a / 2), -1, Math.trunc(a / 2) * 2);
    let u8 = 250;
    u8 = u8 + 10 & 0xff;
    let i8 = 127;
    i8 = (i8 + 1 << 24) >> 24;
    let u16 = 1;
    u16 = u16 - 2 & 0xffff;
    let i32 = math.maxInt32;
    i32 = i32 + 1 | 0;
    console.log(u8, i8, u16, i32);
    console.log(hash("hello"), hash(""));
    const f = 5;
    console.log(f, (f & write) === 0, f & ~read, f | write);
    console.log(1024, 1099511627776, 128, -5, 15, 5);
    const r = new Random({ state: 2463534242 });
    console.log(r.next(), r.next(), r.next());
    const x = 3.99;
    fmt.println(Math.trunc(x), Math.trunc(-x), 44, float64(a / 2), a * 1000000);
    const big = 1099511627776;
    console.log(big, Math.floor(big / 2 ** 38), or64(big, 1));
    let n = 1;
    n = n * 2 ** 4;
    n = or64(n, 3);
    n = andNot64(n, 1);
    fmt.println(n, n & 3, math.maxInt32, float64(math.sqrt(16)), float64(math.inf(1)));
    const d = 0;
    deferred((recover) => {
      fmt.println(recover());
    });
    console.log(div(1, d));
  });
});
