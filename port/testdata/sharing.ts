// Slices that share memory through fields, parameters, results, channels and maps; algorithms in place.
import { chan, main } from "gocsp";
import {
  append,
  appendAll,
  at,
  cap,
  cloneArray,
  copyInto,
  fromBytes,
  fromRunes,
  makeBytes,
  put,
  type Ref,
  ref,
  refTo,
  slice,
  view,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

// aliasing through struct fields, params, returns, channels

class Buf {
  data: number[] = [];

  constructor(init?: Partial<Buf>) {
    Object.assign(this, init);
  }

  window(i: number, j: number): number[] {
    return view(this.data, i, j);
  }

  grow(n: number): void {
    this.data = append(this.data, n);
  }
}

function double(xs: number[]): void {
  for (const [i, x] of xs.entries()) {
    xs[i] = x * 2;
  }
}

function firstHalf(xs: number[]): number[] {
  return view(xs, 0, Math.trunc(xs.length / 2));
}

function partition(xs: number[], p: (arg: number) => boolean): [number[], number[]] {
  let i = 0;
  for (const j of xs.keys()) {
    if (p(xs[j]!)) {
      [xs[i], xs[j]] = [xs[j]!, at(xs, i)];
      i++;
    }
  }
  return [view(xs, 0, i), view(xs, i)];
}

function chunk(xs: number[], n: number): number[][] {
  const out: number[][] = [];
  while (xs.length > n) {
    out.push(view(xs, 0, n));
    xs = view(xs, n);
  }
  return [...out, xs];
}

function dedupe(xs: number[]): number[] {
  if (xs.length === 0) {
    return xs;
  }
  let j = 0;
  for (let i = 1; i < xs.length; i++) {
    if (xs[i]! !== at(xs, j)) {
      j++;
      put(xs, j, xs[i]!);
    }
  }
  return view(xs, 0, j + 1);
}

class Stack {
  s: string[] = [];

  constructor(init?: Partial<Stack>) {
    Object.assign(this, init);
  }

  push(v: string): void {
    this.s.push(v);
  }

  pop(): string {
    let v = "";
    v = at(this.s, this.s.length - 1);
    this.s = this.s.slice(0, this.s.length - 1);
    return v;
  }
}

class Queue {
  items: number[] = [];

  constructor(init?: Partial<Queue>) {
    Object.assign(this, init);
  }

  put(n: number): void {
    this.items.push(n);
  }

  get(): number {
    const n = at(this.items, 0);
    this.items = this.items.slice(1);
    return n;
  }

  drop(i: number): void {
    this.items = appendAll(view(this.items, 0, i), slice(this.items, i + 1));
  }

  ins(i: number, n: number): void {
    this.items.push(0);
    copyInto(this.items, slice(this.items, i), i + 1);
    put(this.items, i, n);
  }

  keep(f: (arg: number) => boolean): void {
    const kept: number[] = [];
    for (const x of this.items.slice()) {
      if (f(x)) {
        kept.push(x);
      }
    }
    this.items = kept;
  }
}

class Mat {
  w = 0;
  h = 0;
  d: number[] = [];

  constructor(init?: Partial<Mat>) {
    Object.assign(this, init);
  }

  row(i: number): number[] {
    return view(this.d, i * this.w, (i + 1) * this.w);
  }
}

class Node {
  keys: number[] = [];
  kids: Node[] = [];

  constructor(init?: Partial<Node>) {
    Object.assign(this, init);
  }

  split(): [number, Node] {
    const m = Math.trunc(this.keys.length / 2);
    const k = at(this.keys, m);
    const r = new Node();
    r.keys.push(...this.keys.slice(m + 1));
    this.keys = slice(this.keys, 0, m);
    if (this.kids.length > 0) {
      r.kids.push(...slice(this.kids, m + 1));
      this.kids = slice(this.kids, 0, m + 1);
    }
    return [k, r];
  }
}

function insertAt(xs: number[], i: number, v: number): number[] {
  return appendAll(view(xs, 0, i), [...[v], ...slice(xs, i)]);
}

function swapPtr(a: Ref<number>, b: Ref<number>): void {
  const [next, next1] = [b.value, a.value];
  a.value = next;
  b.value = next1;
}

function setAll(m: Map<string, number[]>): void {
  for (const v of m.values()) {
    for (const i of v.keys()) {
      v[i] = 0;
    }
  }
}

function qsort(a: number[], lo: number, hi: number): void {
  if (lo >= hi) {
    return;
  }
  const p = at(a, hi);
  let i = lo;
  for (let j = lo; j < hi; j++) {
    if (at(a, j) < p) {
      [a[i], a[j]] = [a[j]!, at(a, i)];
      i++;
    }
  }
  [a[i], a[hi]] = [a[hi]!, at(a, i)];
  qsort(a, lo, i - 1);
  qsort(a, i + 1, hi);
}

function radix(xs: number[]): number[] {
  let tmp = new Array<number>(xs.length).fill(0);
  for (let sh = 0; sh < 32; sh += 8) {
    const cnt: number[] = new Array<number>(257).fill(0);
    for (const x of xs) {
      cnt[((Math.floor(x / 2 ** sh) & 0xff) >>> 0) + 1 >>> 0] = at(cnt, ((Math.floor(x / 2 ** sh) & 0xff) >>> 0) + 1 >>> 0) + 1;
    }
    for (let i = 0; i < 256; i++) {
      cnt[i + 1]! += cnt[i]!;
    }
    for (const x of xs) {
      const b = (Math.floor(x / 2 ** sh) & 0xff) >>> 0;
      put(tmp, cnt[b]!, x);
      cnt[b]!++;
    }
    [xs, tmp] = [tmp, xs];
  }
  return xs;
}

main(async () => {
  const b = new Buf({ data: [1, 2, 3, 4] });
  const w = b.window(1, 3);
  put(w, 0, 20);
  double(b.window(2, 4));
  fmt.println(b.data, w);
  b.grow(5);
  fmt.println(b.data);
  const h = firstHalf(b.data);
  put(h, 0, -1);
  fmt.println(b.data, h);
  const xs = [5, 2, 8, 1, 9];
  const [y, n] = partition(xs, (x: number) => x < 5);
  put(y, 0, 100);
  put(n, 0, 200);
  fmt.println(xs, y, n);
  const cs = chunk([1, 2, 3, 4, 5], 2);
  put(at(cs, 0), 0, 9);
  fmt.println(cs);
  const src = [1, 2, 3, 4, 5];
  for (const c of chunk(src, 2)) {
    double(c);
  }
  fmt.println(src);
  const d = [1, 1, 2, 2, 3];
  const d2 = dedupe(d);
  fmt.println(d2, d);
  const s = new Stack();
  s.push("a");
  s.push("b");
  s.push("c");
  fmt.println(s.pop(), s.pop(), s.s);
  s.push("z");
  fmt.println(s.s);
  const q = new Queue();
  for (let i = 0; i < 6; i++) {
    q.put(i);
  }
  q.drop(2);
  fmt.println(q.get(), q.items);
  q.ins(1, 77);
  q.keep((n: number) => n !== 3);
  fmt.println(q.items);
  const m = new Mat({ w: 2, h: 2, d: new Array<number>(4).fill(0) });
  put(m.row(1), 0, 5);
  const r0 = m.row(0);
  for (const i of r0.keys()) {
    r0[i] = i + 0.5;
  }
  fmt.println(m.d);
  const nd = new Node({ keys: [1, 2, 3, 4, 5] });
  const [k, r] = nd.split();
  nd.keys.push(9);
  fmt.println(k, nd.keys, r.keys);
  fmt.println(insertAt([1, 2, 3], 1, 9));
  const a = [1, 2, 3];
  swapPtr(refTo(a, 0), refTo(a, 2));
  const p1 = ref<number>(1);
  const p2 = ref<number>(2);
  swapPtr(p1, p2);
  fmt.println(a, p1.value, p2.value);
  const mm = new Map<string, number[]>([["a", [1, 2]]]);
  const al = mm.get("a") ?? [];
  setAll(mm);
  fmt.println(mm, al);
  const z = [3, 1, 2, 9, 5];
  qsort(z, 0, z.length - 1);
  fmt.println(z);
  fmt.println(radix([4000000000, 5, 70000, 2147483648, 0]));
  const ch = chan<number[]>(1);
  await ch.send(view(z, 1, 3));
  const got = (await ch.receive())!;
  put(got, 0, -7);
  fmt.println(z);
  const fs: (() => void)[] = [];
  for (const i of view(z, 0, 2).keys()) {
    fs.push(() => {
      put(z, i, 0);
    });
  }
  for (const f of fs) {
    f();
  }
  fmt.println(z, got);
  const grid: number[][] = Array.from({ length: 3 }, () => new Array<number>(3).fill(0));
  for (const i of grid.keys()) {
    for (const j of grid[i]!.keys()) {
      grid[i]![j] = 46 /* '.' */;
    }
  }
  const row = grid[1]!;
  row[1] = 35 /* '#' */;
  const g2 = cloneArray(grid);
  g2[0]![0] = 64 /* '@' */;
  for (const r of grid) {
    fmt.print(fromRunes(r), " ");
  }
  console.log(fromRunes(g2[0]!));
  let buf: Uint8Array = makeBytes(0, 16);
  for (let i = 0; i < 3; i++) {
    buf = appendAll(buf.subarray(0, 0), "line");
    buf = append(buf, 48 /* '0' */ + i & 0xff);
    fmt.print(fromBytes(buf), " ");
  }
  console.log(buf.length, cap(buf));
  const parts: number[][] = [[1, 2], [3]];
  let flat = parts[0]!;
  for (const p of parts.slice(1)) {
    flat = appendAll(flat, p);
  }
  put(flat, 0, 42);
  fmt.println(parts, flat);
  const tmp = [1, 2, 3, 4];
  copyInto(tmp, tmp.slice(0, 2), 2);
  fmt.println(tmp, tmp.slice(tmp.length), tmp.slice(1)[0]!);
  const last3 = view(tmp, tmp.length - 3);
  last3[2] = at(last3, 2) + 1;
  const tmp2 = tmp;
  tmp2[0]!--;
  fmt.println(tmp, last3);
});
