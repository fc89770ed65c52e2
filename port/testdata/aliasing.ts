// Slices that share memory: writes through parts, appending into room, growing, and copies that overlap.
import { main } from "gocsp";
import { append, at, cap, copy, copyInto, fromBytes, put, refTo, rem, slice, toBytes, view } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as sort from "gocsp/golib/sort";

function fill(xs: number[], v: number): void {
  for (const i of xs.keys()) {
    xs[i] = v;
  }
}

function quick(a: number[]): void {
  if (a.length < 2) {
    return;
  }
  const p = a[a.length - 1]!;
  let i = 0;
  for (let j = 0; j < a.length - 1; j++) {
    if (a[j]! < p) {
      [a[i], a[j]] = [a[j]!, at(a, i)];
      i++;
    }
  }
  [a[i], a[a.length - 1]] = [a[a.length - 1]!, at(a, i)];
  quick(view(a, 0, i));
  quick(view(a, i + 1));
}

function merge(a: number[], tmp: number[]): void {
  if (a.length < 2) {
    return;
  }
  const m = Math.trunc(a.length / 2);
  merge(view(a, 0, m), view(tmp, 0, m));
  merge(view(a, m), view(tmp, m));
  copy(tmp, a);
  let i = 0;
  let j = m;
  for (const k of a.keys()) {
    if (i < m && (j >= a.length || at(tmp, i) <= at(tmp, j))) {
      a[k] = at(tmp, i);
      i++;
    } else {
      a[k] = at(tmp, j);
      j++;
    }
  }
}

function filter(xs: number[], f: (arg: number) => boolean): number[] {
  let out = view(xs, 0, 0);
  for (const x of xs) {
    if (f(x)) {
      out = append(out, x);
    }
  }
  return out;
}

class Grid {
  cells: number[] = [];
  rows: number[][] = [];

  constructor(init?: Partial<Grid>) {
    Object.assign(this, init);
  }
}

function newGrid(w: number, h: number): Grid {
  const g = new Grid({ cells: new Array<number>(w * h).fill(0) });
  for (let y = 0; y < h; y++) {
    g.rows.push(view(g.cells, y * w, (y + 1) * w));
  }
  return g;
}

class Ring {
  buf: string[] = [];
  head = 0;
  size = 0;

  constructor(init?: Partial<Ring>) {
    Object.assign(this, init);
  }

  push(s: string): void {
    if (this.size === this.buf.length) {
      const nb = new Array<string>(2 * this.buf.length + 1).fill("");
      const n = copy(nb, slice(this.buf, this.head));
      copyInto(nb, slice(this.buf, 0, this.head), n);
      this.buf = nb;
      this.head = 0;
    }
    put(this.buf, rem((this.head + this.size), this.buf.length), s);
    this.size++;
  }
}

function insert(xs: number[], i: number, v: number): number[] {
  xs = [...xs, 0];
  copyInto(xs, slice(xs, i), i + 1);
  put(xs, i, v);
  return xs;
}

function reverse(xs: number[]): void {
  for (let i = 0, j = xs.length - 1; i < j; i = i + 1, j = j - 1) {
    [xs[i], xs[j]] = [at(xs, j), at(xs, i)];
  }
}

function rotate(xs: number[], k: number): void {
  reverse(view(xs, 0, k));
  reverse(view(xs, k));
  reverse(xs);
}

class Point {
  x = 0;
  y = 0;

  constructor(init?: Partial<Point>) {
    Object.assign(this, init);
  }
}

main(() => {
  const a = [5, 3, 9, 1, 7];
  const b = view(a, 1, 3);
  b[0] = 100;
  fmt.println(a, b);
  fill(view(a, 3), 8);
  fmt.println(a);
  const q = [5, 3, 9, 1, 7, 2, 8];
  quick(q);
  fmt.println(q);
  const m = [5, 3, 9, 1, 7, 2, 8];
  merge(m, new Array<number>(m.length).fill(0));
  fmt.println(m);
  const f = [1, 2, 3, 4, 5, 6];
  const g = filter(f, (n: number) => n % 2 === 0);
  fmt.println(f, g);
  const gr = newGrid(3, 2);
  put(at(gr.rows, 1), 2, 7);
  put(gr.cells, 0, 1);
  fmt.println(gr.cells, gr.rows);
  const r = new Ring();
  for (const s of ["a", "b", "c", "d"]) {
    r.push(s);
  }
  fmt.println(r.buf, r.size);
  fmt.println(insert([1, 2, 3], 1, 9));
  const ro = [1, 2, 3, 4, 5];
  rotate(ro, 2);
  fmt.println(ro);
  sort.ints(view(ro, 1, 4));
  fmt.println(ro);
  sort.slice(view(ro, 0, 3), (i: number, j: number) => at(ro, i) > at(ro, j));
  fmt.println(ro);
  const ps = [new Point({ x: 1, y: 2 }), new Point({ x: 3, y: 4 }), new Point({ x: 5, y: 6 })];
  const tail = ps.slice(1);
  tail[0]!.x = 99;
  const p = ps[2]!;
  p.y = 77;
  fmt.println(ps, tail);
  const arr = [1, 2, 3, 4];
  const sl = arr;
  sl[0] = 9;
  const part = view(arr, 1, 3);
  part[0] = 8;
  fmt.println(arr.slice(), sl, part);
  const x = view(new Array<number>(10).fill(0), 0, 3);
  const y = append(x, 1);
  const z = append(x, 2);
  console.log(y[3]!, z[3]!, x.length, cap(x));
  const w = view(x, 0, 5);
  fmt.println(w, w.length, cap(x));
  const c = [1, 2, 3];
  const d = append(view(c, 0, 1), 9);
  fmt.println(c, d);
  const e = append(view(c, 0, 1, 1), 7);
  fmt.println(c, e);
  let st = [1, 2, 3];
  const top = st[st.length - 1]!;
  st = st.slice(0, st.length - 1);
  st.push(4);
  fmt.println(top, st);
  let queue = [1, 2, 3];
  while (queue.length > 0) {
    const n = queue[0]!;
    queue = queue.slice(1);
    if (n < 3) {
      queue.push(n + 2);
    }
    fmt.print(n, " ");
  }
  console.log();
  copyInto(a, a, 1);
  fmt.println(a);
  copy(a, a.slice(2));
  fmt.println(a);
  let del = [0, 1, 2, 3, 4];
  del.splice(1, 3 - 1);
  fmt.println(del);
  const bs = toBytes("hello world");
  let bb: Uint8Array = view(bs, 0, 5);
  bb[0] = 74 /* 'J' */;
  fmt.println(fromBytes(bs), fromBytes(bb));
  bb = append(bb, 33 /* '!' */);
  fmt.println(fromBytes(bs), fromBytes(bb));
  const matrix = Array.from({ length: 2 }, (): number[] => []);
  let flat = new Array<number>(6).fill(0);
  for (const i of matrix.keys()) {
    [matrix[i], flat] = [slice(flat, 0, 3), slice(flat, 3)];
  }
  put(matrix[1]!, 1, 5);
  fmt.println(matrix, flat.length);
  const rows = view(matrix, 1);
  rows[0] = [9];
  fmt.println(matrix);
  view(a, 1, 3).fill(0);
  fmt.println(a);
  const win = view(a, 1, 4);
  for (const i of win.keys()) {
    win[i]! += 10;
  }
  win[0]!++;
  fmt.println(a);
  fmt.println(a);
  const pa = refTo(a, 2);
  pa.value = 1234;
  fmt.println(a);
});
