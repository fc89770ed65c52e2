// Containers as packages write them: rings, heaps, caches, tries, sets of bits, graphs.
import { main } from "gocsp";
import { and64, at, box, Boxed, copy, fromRune, nilMap, or64, put, rem, runes, zero } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as strings from "gocsp/golib/strings";

// containers, as packages write them

export class RingBuffer<T> {
  buf: T[] = [];
  start = 0;
  count = 0;

  constructor(init?: Partial<RingBuffer<T>>) {
    Object.assign(this, init);
  }

  push(v: T): void {
    const i = rem((this.start + this.count), this.buf.length);
    put(this.buf, i, v);
    if (this.count === this.buf.length) {
      this.start = rem((this.start + 1), this.buf.length);
    } else {
      this.count++;
    }
  }

  pop(): [T, boolean] {
    let v: T = zero<T>();
    const ok = false;
    if (this.count === 0) {
      return [v, ok];
    }
    v = at(this.buf, this.start);
    const zero_: T = zero<T>();
    this.buf[this.start] = zero_;
    this.start = rem((this.start + 1), this.buf.length);
    this.count--;
    return [v, true];
  }

  slice(): T[] {
    const out: T[] = [];
    for (let i = 0; i < this.count; i++) {
      out.push(at(this.buf, rem((this.start + i), this.buf.length)));
    }
    return out;
  }
}

export function newRing<T>(n: number): RingBuffer<T> {
  return new RingBuffer<T>({ buf: Array.from({ length: n }, () => zero<T>()) });
}

export class Heap<T> {
  data: T[] = [];
  less!: (a: T, b: T) => boolean;

  constructor(init?: Partial<Heap<T>>) {
    Object.assign(this, init);
  }

  push(v: T): void {
    this.data.push(v);
    let i = this.data.length - 1;
    while (i > 0) {
      const p = Math.trunc((i - 1) / 2);
      if (!this.less(at(this.data, i), at(this.data, p))) {
        break;
      }
      [this.data[i], this.data[p]] = [at(this.data, p), at(this.data, i)];
      i = p;
    }
  }

  pop(): T {
    const top = at(this.data, 0);
    const n = this.data.length - 1;
    this.data[0] = this.data[n] as T;
    this.data = this.data.slice(0, n);
    let i = 0;
    for (;;) {
      const l = 2 * i + 1;
      const r = 2 * i + 2;
      let m = i;
      if (l < n && this.less(at(this.data, l), at(this.data, m))) {
        m = l;
      }
      if (r < n && this.less(at(this.data, r), at(this.data, m))) {
        m = r;
      }
      if (m === i) {
        return top;
      }
      [this.data[i], this.data[m]] = [at(this.data, m), at(this.data, i)];
      i = m;
    }
  }
}

class Entry {
  key = "";
  val = "";
  prev: Entry | undefined;
  next: Entry | undefined;

  constructor(init?: Partial<Entry>) {
    Object.assign(this, init);
  }
}

export class LRU {
  cap = 0;
  m: Map<string, Entry> = nilMap();
  head: Entry | undefined;
  tail: Entry | undefined;

  constructor(init?: Partial<LRU>) {
    Object.assign(this, init);
  }

  unlink(e: Entry | undefined): void {
    [e!.prev!.next, e!.next!.prev] = [e!.next, e!.prev];
  }

  front(e: Entry | undefined): void {
    e!.prev = this.head;
    e!.next = this.head!.next;
    this.head!.next!.prev = e;
    this.head!.next = e;
  }

  get(k: string): [string, boolean] {
    const e = this.m.get(k);
    const ok = e !== undefined;
    if (!ok) {
      return ["", false];
    }
    this.unlink(e);
    this.front(e);
    return [e.val, true];
  }

  put(k: string, v: string): void {
    const e = this.m.get(k);
    const ok = e !== undefined;
    if (ok) {
      e.val = v;
      this.unlink(e);
      this.front(e);
      return;
    }
    if (this.m.size >= this.cap) {
      const last = this.tail!.prev;
      this.unlink(last);
      this.m.delete(last!.key);
    }
    const e1 = new Entry({ key: k, val: v });
    this.m.set(k, e1);
    this.front(e1);
  }
}

export function newLRU(n: number): LRU {
  const l = new LRU({ cap: n, m: new Map<string, Entry>() });
  l.head = new Entry();
  l.tail = new Entry();
  l.head!.next = l.tail;
  l.tail!.prev = l.head;
  return l;
}

export class Trie {
  kids: Map<number, Trie | undefined> = nilMap();
  end = false;

  constructor(init?: Partial<Trie>) {
    Object.assign(this, init);
  }

  insert(w: string): void {
    let n: Trie | undefined = this;
    for (const [, r] of runes(w)) {
      if (n!.kids === nilMap()) {
        n!.kids = new Map<number, Trie | undefined>();
      }
      let k: Trie | undefined = n!.kids.get(r);
      const ok = n!.kids.has(r);
      if (!ok) {
        k = new Trie();
        n!.kids.set(r, k);
      }
      n = k;
    }
    n!.end = true;
  }

  has(w: string): boolean {
    let n: Trie | undefined = this;
    for (const [, r] of runes(w)) {
      n = n!.kids.get(r);
      if (n === undefined) {
        return false;
      }
    }
    return n!.end;
  }
}

export type Bitset = number[];

export function bitsetSet(b: Bitset, i: number): void {
  while (b.length <= Math.trunc(i / 64)) {
    b.push(0);
  }
  // PORT: arithmetic that may overflow 2^53 (overflow; use bigint with BigInt.asUintN(64, …), or a hash of 32 bits)
  b[Math.trunc(i / 64)] = or64(at(b, Math.trunc(i / 64)), 2 ** (i % 64));
}

export function bitsetHas(b: Bitset, i: number): boolean {
  // PORT: arithmetic that may overflow 2^53 (overflow; use bigint with BigInt.asUintN(64, …), or a hash of 32 bits)
  return Math.trunc(i / 64) < b.length && and64(at(b, Math.trunc(i / 64)), (2 ** (i % 64))) !== 0;
}

export type Graph = Map<string, string[]>;

export function graphTopo(g: Graph): [string[], Error | undefined] {
  const order: string[] = [];
  let err: Error | undefined;
  const state = new Map<string, number>();
  let visit: ((n: string) => Error | undefined) | undefined;
  visit = (n: string): Error | undefined => {
    switch (state.get(n) ?? 0) {
      case 1:
        return new Error(`cycle at ${n}`);
      case 2:
        return undefined;
    }
    state.set(n, 1);
    for (const m of g.get(n) ?? []) {
      const err = visit!(m);
      if (err !== undefined) {
        return err;
      }
    }
    state.set(n, 2);
    order.push(n);
    return undefined;
  };
  for (const n of ["a", "b", "c", "d"]) {
    err = visit(n);
    if (err !== undefined) {
      return [[], err];
    }
  }
  return [order, err];
}

function perms(xs: number[]): number[][] {
  const out: number[][] = [];
  let rec: ((i: number) => void) | undefined;
  rec = (i: number) => {
    if (i === xs.length) {
      out.push([...xs]);
      return;
    }
    for (let j = i; j < xs.length; j++) {
      [xs[i], xs[j]] = [at(xs, j), at(xs, i)];
      rec!(i + 1);
      [xs[i], xs[j]] = [xs[j]!, xs[i]!];
    }
  };
  rec(0);
  return out;
}

function subsets(xs: number[]): number[][] {
  const out: number[][] = [];
  let rec: ((i: number, cur: number[]) => void) | undefined;
  rec = (i: number, cur: number[]) => {
    if (i === xs.length) {
      const c = new Array<number>(cur.length).fill(0);
      copy(c, cur);
      out.push(c);
      return;
    }
    rec!(i + 1, cur);
    rec!(i + 1, [...cur, at(xs, i)]);
  };
  rec(0, []);
  return out;
}

function tokenize(s: string): string[] {
  const toks: string[] = [];
  const cur = new strings.Builder();
  const flush = () => {
    if (cur.len() > 0) {
      toks.push(cur.string());
      cur.reset();
    }
  };
  for (const [, c] of runes(s)) {
    if (c === 32 /* ' ' */) {
      flush();
    } else if (strings.containsRune("+-*/()", c)) {
      flush();
      toks.push(fromRune(c));
    } else {
      cur.writeRune(c);
    }
  }
  flush();
  return toks;
}

export type Matrix = number[][];

export function matrixMul(m: Matrix, o: Matrix): Matrix {
  const r = Array.from({ length: m.length }, (): number[] => []);
  for (const i of r.keys()) {
    r[i] = new Array<number>(at(o, 0).length).fill(0);
    for (const j of r[i]!.keys()) {
      for (const k of o.keys()) {
        r[i]![j] = at(r[i]!, j) + at(m[i]!, k) * at(o[k]!, j);
      }
    }
  }
  return r;
}

function sieve(n: number): number[] {
  const comp = new Array<boolean>(n + 1).fill(false);
  const ps: number[] = [];
  for (let i = 2; i <= n; i++) {
    if (!at(comp, i)) {
      ps.push(i);
      for (let j = i * i; j <= n; j += i) {
        put(comp, j, true);
      }
    }
  }
  return ps;
}

/** A Matrix in an interface: the value with its methods. */
class MatrixValue extends Boxed<Matrix> {
  static override typeName = "main.Matrix";

  mul(o: Matrix): Matrix {
    return matrixMul(this.value, o);
  }
}

main(() => {
  const r = newRing<number>(3);
  for (let i = 0; i < 5; i++) {
    r.push(i);
  }
  fmt.println(r.slice());
  const [v = 0, ok] = r.pop();
  fmt.println(v, ok, r.slice());
  const rs = newRing<string>(2);
  const [s = "", ok1] = rs.pop();
  fmt.printf("%q %v\n", s, ok1);
  const h = new Heap<number>({ less: (a: number, b: number) => a < b });
  for (const v of [5, 2, 8, 1, 9, 3]) {
    h.push(v);
  }
  while (h.data.length > 0) {
    fmt.print(h.pop(), " ");
  }
  console.log();
  const l = newLRU(2);
  l.put("a", "1");
  l.put("b", "2");
  l.get("a");
  l.put("c", "3");
  const [, okb] = l.get("b");
  const [va, oka] = l.get("a");
  console.log(okb, va, oka, l.m.size);
  const t = new Trie();
  t.insert("go");
  t.insert("gopher");
  console.log(t.has("go"), t.has("gop"), t.has("gopher"), t.has("x"));
  const b: Bitset = [];
  bitsetSet(b, 3);
  bitsetSet(b, 40);
  bitsetSet(b, 70);
  console.log(bitsetHas(b, 3), bitsetHas(b, 4), bitsetHas(b, 40), bitsetHas(b, 70), bitsetHas(b, 1000), b.length);
  fmt.println(...graphTopo(new Map<string, string[]>([["a", ["b", "c"]], ["b", ["c"]]])));
  fmt.println(...graphTopo(new Map<string, string[]>([["a", ["b"]], ["b", ["a"]]])));
  fmt.println(perms([1, 2, 3]));
  fmt.println(subsets([1, 2, 3]));
  fmt.println(tokenize("foo + (bar*2)"), tokenize("").length);
  fmt.println(box(MatrixValue, matrixMul([[1, 2], [3, 4]], [[0, 1], [1, 0]])));
  fmt.println(sieve(30));
});
