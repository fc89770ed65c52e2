// The zero values of type parameters, in comparisons, sums, fields and results.
import { main } from "gocsp";
import { float64, isZero, maximum, nilMap, orZero, sameOrZero, zero } from "gocsp/golib";
import * as cmp from "gocsp/golib/cmp";
import * as fmt from "gocsp/golib/fmt";

export function max<T extends number | string>(...xs: T[]): T {
  let m: T = zero<T>();
  for (const x of xs) {
    if (x > orZero(m, x)) {
      m = x;
    }
  }
  return m;
}

export function join<T extends number | string>(xs: T[]): T {
  let s: T = zero<T>();
  for (const x of xs) {
    s = (orZero(s, x) as never) + x as T;
  }
  return s;
}

export function joinB<T extends number | string>(xs: T[]): T {
  let s: T = zero<T>();
  for (const x of xs) {
    s = (orZero(s, x) as never) + x as T;
  }
  return s;
}

export function last<T>(xs: T[]): number {
  let prev: T = zero<T>();
  let n = 0;
  for (const x of xs) {
    if (sameOrZero(x, prev)) {
      n++;
    }
    prev = x;
  }
  return n;
}

export class Tracker<T extends number | string> {
  max: T = zero<T>();
  min: T = zero<T>();
  seen = false;

  constructor(init?: Partial<Tracker<T>>) {
    Object.assign(this, init);
  }

  add(x: T): void {
    if (!this.seen || x < orZero(this.min, x)) {
      this.min = x;
    }
    this.max = maximum(this.max, x);
    this.seen = true;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Tracker<T> {
    return new Tracker<T>(this);
  }
}

export class Heap<K extends number | string, V> {
  keys: Map<string, K> = nilMap();
  list: K[] = [];

  constructor(init?: Partial<Heap<K, V>>) {
    Object.assign(this, init);
  }

  less(a: string, b: string): boolean {
    return orZero(this.keys.get(a) as K, this.keys.get(b) as K) < orZero(this.keys.get(b) as K, this.keys.get(a) as K);
  }
}

export function compare<T extends number | string>(a: T, b: T): number {
  return cmp.compare(a, b);
}

export function countZero<T>(xs: T[]): number {
  let n = 0;
  const zero_: T = zero<T>();
  for (const x of xs) {
    if (isZero(x)) {
      n++;
    }
  }
  return n;
}

export class P {
  x = 0;
  y = 0;

  constructor(init?: Partial<P>) {
    Object.assign(this, init);
  }
}

export function get<K, V>(m: Map<K, V>, k: K): V {
  return m.get(k) as V;
}

export function zero_<T>(): T {
  const z: T = zero<T>();
  return z;
}

main(() => {
  fmt.println(max(1, 3, 2) ?? 0, max("b", "a") ?? "", max(-1, -2) ?? 0, float64(max<number>() ?? 0), (max<string>() ?? "") === "");
  console.log(join([1, 2]) ?? 0, join(["a", "b"]) ?? "", joinB([1, 2]) ?? 0, joinB(["a", "b"]) ?? "", join([]) ?? 0);
  console.log(last([0, 0, 1, 1]), last(["", "a", "a"]), last([new P({ x: 0, y: 0 }), new P({ x: 1, y: 2 }), new P({ x: 1, y: 2 })]), last([undefined, undefined]));
  const t = new Tracker<number>();
  for (const x of [3, -1, 7]) {
    t.add(x);
  }
  fmt.println(t.max ?? 0, t.min ?? 0, t.clone());
  const ts = new Tracker<string>();
  ts.add("m");
  fmt.println(ts.max ?? "", ts.min ?? "");
  const h = new Heap<number, string>({ keys: new Map<string, number>([["a", -1], ["b", 1]]) });
  console.log(h.less("a", "zz"), h.less("zz", "b"), h.less("b", "zz"));
  console.log(compare(zero_<number>() ?? 0, 1), compare("", zero_<string>() ?? ""), countZero([0, 1, 0]), countZero([new P(), new P({ x: 1, y: 0 })]), countZero(["", "x"]));
  fmt.println(get(new Map<string, number>(), "q") ?? 0, (get(new Map<number, string>(), 1) ?? "") === "", get(new Map<number, P>(), 1) ?? new P(), zero_<P>() ?? new P(), (zero_<number>() ?? 0) + 1);
});
