// Interfaces, embedding, generics, methods on all kinds of types, comparisons.
import { main } from "gocsp";
import { at, box, Boxed, equal, float64, has, len, type Ref, ref, seq, unbox, zero } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as sort from "gocsp/golib/sort";
import * as strings from "gocsp/golib/strings";

export interface Shape {
  area(): number;
  name(): string;
}

export class Base {
  name_ = "";

  constructor(init?: Partial<Base>) {
    Object.assign(this, init);
  }

  name(): string {
    return this.name_;
  }

  setName(n: string): void {
    this.name_ = n;
  }

  describe(): string {
    return "base " + this.name_;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Base {
    return new Base(this);
  }
}

export class Rect {
  base = new Base();
  w = 0;
  h = 0;

  constructor(init?: Partial<Rect>) {
    Object.assign(this, init);
  }

  area(): number {
    return this.w * this.h;
  }

  describe(): string {
    return this.base.describe();
  }

  name(): string {
    return this.base.name();
  }

  setName(n: string): void {
    return this.base.setName(n);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Rect {
    return new Rect({ ...this, base: this.base.clone() });
  }
}

export class Circle {
  base!: Base;
  r = 0;

  constructor(init?: Partial<Circle>) {
    Object.assign(this, init);
  }

  area(): number {
    return this.r * 3;
  }

  describe(): string {
    return "circle+" + this.base.describe();
  }

  name(): string {
    return this.base.name();
  }

  setName(n: string): void {
    return this.base.setName(n);
  }
}

export interface Logger {
  log(arg: string): void;
}

export class Service {
  logger!: Logger;
  calls = 0;

  constructor(init?: Partial<Service>) {
    Object.assign(this, init);
  }

  log(arg0: string): void {
    return this.logger.log(arg0);
  }
}

class Mem {
  lines: string[] = [];

  constructor(init?: Partial<Mem>) {
    Object.assign(this, init);
  }

  log(s: string): void {
    this.lines.push(s);
  }
}

export class Stack<T> {
  items: T[] = [];

  constructor(init?: Partial<Stack<T>>) {
    Object.assign(this, init);
  }

  push(v: T): void {
    this.items.push(v);
  }

  pop(): [T, boolean] {
    const zero_: T = zero<T>();
    if (this.items.length === 0) {
      return [zero_, false];
    }
    const v = this.items[this.items.length - 1] as T;
    this.items = this.items.slice(0, this.items.length - 1);
    return [v, true];
  }
}

export type Number_ = number;

export function sum<T extends number>(...xs: T[]): T {
  let s: T = 0 as T;
  for (const x of xs) {
    s = s + x as T;
  }
  return s;
}

export function map<T, U>(xs: T[], f: (arg: T) => U): U[] {
  const out: U[] = [];
  for (const x of xs) {
    out.push(f(x));
  }
  return out;
}

export function keys<K, V>(m: Map<K, V>): K[] {
  const ks: K[] = [];
  for (const k of m.keys()) {
    ks.push(k);
  }
  return ks;
}

export function zero_<T>(): T {
  const z: T = zero<T>();
  return z;
}

export function ptr<T>(vValue: T): Ref<T> {
  const v = ref<T>(vValue);
  return v;
}

export function eq<T>(a: T, b: T): boolean {
  return equal(a, b);
}

export class Pair<K, V> {
  key: K = zero<K>();
  val: V = zero<V>();

  constructor(init?: Partial<Pair<K, V>>) {
    Object.assign(this, init);
  }

  toString(): string {
    return fmt.sprintf("%v=>%v", this.key, this.val);
  }
}

export class List<T> {
  head: Node<T> | undefined;
  n = 0;

  constructor(init?: Partial<List<T>>) {
    Object.assign(this, init);
  }

  add(v: T): List<T> {
    this.head = new Node<T>({ v, next: this.head });
    this.n++;
    return this;
  }

  all(): Iterable<[number, T]> {
    return seq(function* (this: List<T>): Generator<[number, T]> {
      let i = 0;
      for (let n: Node<T> | undefined = this.head; n !== undefined; n = n!.next) {
        yield [i, n.v];
        i++;
      }
    }.bind(this));
  }
}

class Node<T> {
  v: T = zero<T>();
  next: Node<T> | undefined;

  constructor(init?: Partial<Node<T>>) {
    Object.assign(this, init);
  }
}

type ByLen = string[];

export function byLenLen(b: ByLen): number {
  return b.length;
}

export function byLenLess(b: ByLen, i: number, j: number): boolean {
  return len(at(b, i)) < len(at(b, j));
}

export function byLenSwap(b: ByLen, i: number, j: number): void {
  [b[i], b[j]] = [at(b, j), at(b, i)];
}

export type Op = (arg0: number, arg1: number) => number;

export function opApply(o: Op, a: number, b: number): number {
  return o(a, b);
}

export type Set_ = Map<string, void>;

export function setAdd(s: Set_, k: string): void {
  s.set(k, undefined);
}

export function setHas(s: Set_, k: string): boolean {
  const ok = s.has(k);
  return ok;
}

export function setSorted(s: Set_): string[] {
  const out: string[] = [];
  for (const k of s.keys()) {
    out.push(k);
  }
  sort.strings(out);
  return out;
}

export type Counter = number;

export function counterInc(c: Ref<Counter>): void {
  c.value++;
}

export function counterGet(c: Counter): number {
  return c;
}

export type Temp = number;

export function tempString(t: Temp): string {
  return fmt.sprintf("%.1f°", float64(t));
}

export class Inner {
  a = 0;

  constructor(init?: Partial<Inner>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Inner {
    return new Inner(this);
  }
}

export class Mid {
  inner = new Inner();

  constructor(init?: Partial<Mid>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Mid {
    return new Mid({ ...this, inner: this.inner.clone() });
  }
}

export class Outer {
  mid = new Mid();
  a = "";

  constructor(init?: Partial<Outer>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Outer {
    return new Outer({ ...this, mid: this.mid.clone() });
  }
}

/** A byLen in an interface: the value with its methods. */
class ByLenValue extends Boxed<ByLen> {
  static override typeName = "main.byLen";

  len(): number {
    return byLenLen(this.value);
  }

  less(i: number, j: number): boolean {
    return byLenLess(this.value, i, j);
  }

  swap(i: number, j: number): void {
    return byLenSwap(this.value, i, j);
  }
}

/** A Counter in an interface: the value with its methods. */
class CounterValue extends Boxed<Counter> {
  static override typeName = "main.Counter";

  get(): number {
    return counterGet(this.value);
  }
}

/** A Temp in an interface: the value with its methods. */
class TempValue extends Boxed<Temp> {
  static override typeName = "main.Temp";

  override toString(): string {
    return tempString(this.value);
  }
}

main(() => {
  const r = new Rect({ base: new Base({ name_: "rect" }), w: 2, h: 3 });
  const c = new Circle({ base: new Base({ name_: "circ" }), r: 2 });
  for (const s of [r, c]) {
    fmt.println(s.name(), float64(s.area()));
  }
  r.base.setName("R2");
  fmt.println(r.base.describe(), c.describe(), r.base.name_);
  const m = new Mem();
  const sv = new Service({ logger: m });
  sv.logger.log("x");
  const lg: Logger = sv;
  lg.log("y");
  fmt.println(m.lines);
  const st = new Stack<number>();
  st.push(1);
  st.push(2);
  fmt.println(...(([a = 0, b]) => [a, b] as const)(st.pop()));
  fmt.println(...(([a = 0, b]) => [a, b] as const)(st.pop()));
  fmt.println(...(([a = 0, b]) => [a, b] as const)(st.pop()));
  const ss = new Stack<string>();
  const [v = "", ok] = ss.pop();
  fmt.printf("%q %v\n", v, ok);
  fmt.println(sum(1, 2, 3), float64(sum(1.5, 2)), sum<number>());
  fmt.println(map([1, 2], (i: number) => strings.repeat("x", i)));
  const ks = keys(new Map<string, number>([["b", 1], ["a", 2]]));
  sort.strings(ks);
  fmt.println(ks);
  fmt.printf("%v %q %v %v\n", zero_<number>() ?? 0, zero_<string>() ?? "", zero_<boolean>() ?? false, zero_<Ref<number> | undefined>() === undefined);
  fmt.println(zero_<{ a: number }>() ?? { a: 0 }, (zero_<number[]>() ?? new Array<number>(2).fill(0)).slice());
  const p = ptr(5);
  p.value++;
  console.log(p.value, eq(1, 1), eq("a", "b"), eq([1, 2], [1, 2]));
  const pr = new Pair<string, number>({ key: "a", val: 1 });
  fmt.println(pr, pr);
  console.log(eq(pr, new Pair<string, number>({ key: "a", val: 1 })));
  const l = new List<string>().add("a").add("b").add("c");
  for (const [i, s] of l.all()) {
    if (i === 2) {
      break;
    }
    fmt.print(i, s, " ");
  }
  console.log(l.n);
  const w = ["ccc", "a", "bb"];
  sort.sort(box(ByLenValue, w));
  fmt.println(box(ByLenValue, w), sort.isSorted(box(ByLenValue, w)));
  sort.sort(sort.reverse(box(ByLenValue, w)));
  fmt.println(box(ByLenValue, w));
  console.log(opApply((a: number, b: number) => a * b, 3, 4));
  const set = new Map<string, void>();
  setAdd(set, "q");
  setAdd(set, "b");
  fmt.println(setHas(set, "q"), setHas(set, "z"), setSorted(set), set.size);
  const cn = ref<Counter>(0);
  counterInc(cn);
  counterInc(cn);
  fmt.println(counterGet(cn.value), box(CounterValue, cn.value));
  const cp = cn;
  counterInc(cp);
  fmt.println(box(CounterValue, cp.value), box(CounterValue, cn.value));
  fmt.println(box(TempValue, 3), [1, 2].map((v) => box(TempValue, v)), new Map(Array.from(new Map<string, Temp>([["a", 4]]), ([k, v]) => [k, box(TempValue, v)])));
  const i: unknown = box(TempValue, 4);
  const s = has(i, "toString") ? (i as { toString(): string }) : undefined;
  const ok1 = s !== undefined;
  if (ok1) {
    fmt.println(s, s.toString());
  }
  const isInt = typeof i === "number";
  const isTemp = i instanceof TempValue;
  const t = isTemp ? (unbox(i) as Temp) : 0;
  fmt.println(isInt, isTemp, float64(t));
  const o = new Outer({ mid: new Mid({ inner: new Inner({ a: 1 }) }), a: "s" });
  o.mid.inner.a = 2;
  fmt.println(o.a, o.mid.inner.a, o.clone());
  const x: unknown = 1;
  const y: unknown = 1;
  console.log(equal(x, y));
  const s1: Shape | undefined = r;
  const s2: Shape = r;
  console.log(equal(s1, s2), s1 !== undefined);
  const e1: unknown = new Inner({ a: 1 });
  const e2: unknown = new Inner({ a: 1 });
  console.log(equal(e1, e2));
  const fn = r.area.bind(r.clone());
  r.w = 100;
  fmt.println(float64(fn()), float64(r.area()));
  const g = (self: Base) => self.name();
  console.log(g(r.base));
  const h = (self: Shape) => self.area();
  fmt.println(float64(h(r)));
  if (s1 instanceof Rect) {
    const s3 = s1;
    fmt.println("rect", float64(s3.w));
  } else if (s1 instanceof Circle) {
    const s3 = s1;
    fmt.println("circle", float64(s3.r));
  }
  const d = has(s1, "describe") ? (s1 as unknown as { describe(): string }) : undefined;
  const ok2 = d !== undefined;
  if (ok2) {
    console.log(d.describe());
  }
});
