// Structs and arrays are values: every assignment, call, range and method value copies them.
import { chan, defer, main } from "gocsp";
import { asserted, at, cloneArray, copy, equal, KeyMap, put, type Ref, ref, refTo, view } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

export class S {
  n = 0;
  a: number[] = new Array<number>(3).fill(0);
  in: { k: number } = { k: 0 };
  p: Ref<number> | undefined;

  constructor(init?: Partial<S>) {
    Object.assign(this, init);
  }

  val(): number {
    const s = this.clone();
    s.n++;
    return s.n;
  }

  inc(): number {
    this.n++;
    return this.n;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): S {
    return new S({ ...this, a: this.a.slice(), in: { ...this.in } });
  }
}

export class T {
  s = new S();
  name = "";

  constructor(init?: Partial<T>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): T {
    return new T({ ...this, s: this.s.clone() });
  }
}

function byval(s: S): S {
  s.n = 100;
  s.a[0] = 100;
  s.in.k = 100;
  return s;
}

function arr(a: number[]): number {
  a[0] = 50;
  return a[0]!;
}

export type M = Map<string, S>;

function ret(): S {
  let s = new S();
  using _ = defer(() => {
    s.n = 9;
  });
  s.n = 1;
  s = s.clone();
  return s;
}

export class L {
  v = 0;
  next: L | undefined;

  constructor(init?: Partial<L>) {
    Object.assign(this, init);
  }
}

main(async () => {
  const a = new S({ n: 1 });
  const b = a.clone();
  b.n = 2;
  b.a[1] = 7;
  b.in.k = 3;
  fmt.println(a.n, a.a.slice(), a.in.k, b.n, b.a.slice(), b.in.k);
  const c = byval(a.clone());
  fmt.println(a.n, a.a.slice(), c.n, c.a.slice());
  console.log(a.val(), a.inc());
  console.log(a.n);
  const x = [1, 2, 3];
  const y = x.slice();
  y[0] = 9;
  fmt.println(x.slice(), y.slice(), equal(x, y), arr(x.slice()), x.slice());
  const px = x;
  px[1] = 44;
  for (const i of px.keys()) {
    px[i]!++;
  }
  fmt.println(x.slice(), px.slice(), 3);
  const list = [new S({ n: 1 }), new S({ n: 2 })];
  for (const sElem of list) {
    const s = sElem.clone();
    s.n = 99;
  }
  console.log(list[0]!.n, list[1]!.n);
  for (const i of list.keys()) {
    list[i]!.n *= 10;
  }
  console.log(list[0]!.n, list[1]!.n);
  const first_ = list[0]!.clone();
  first_.n = 5;
  list[1] = first_.clone();
  first_.n = 6;
  console.log(list[0]!.n, list[1]!.n, first_.n);
  const m = new Map<string, S>([["a", new S({ n: 1 })]]);
  const s = (m.get("a") ?? new S()).clone();
  s.n = 2;
  console.log((m.get("a") ?? new S()).n, s.n);
  m.set("a", s.clone());
  s.n = 3;
  fmt.println((m.get("a") ?? new S()).n, (m.get("zz") ?? new S()).n, (m.get("zz") ?? new S()).a.slice());
  const mp = new Map<string, S>([["a", new S({ n: 1 })]]);
  mp.get("a")!.n = 7;
  console.log(mp.get("a")!.n);
  const t = new T({ s: new S({ n: 1 }), name: "t" });
  const u = t.clone();
  u.s.n = 2;
  u.s.a[0] = 1;
  fmt.println(t.s.n, t.s.a.slice(), u.s.n, u.s.a.slice(), u.s.val());
  console.log(ret().n);
  const arr2 = [new S({ n: 1 }), new S({ n: 2 })];
  const arr3 = cloneArray(arr2);
  arr3[0]!.n = 55;
  console.log(arr2[0]!.n, arr3[0]!.n);
  for (const [i, eElem] of cloneArray(arr2).entries()) {
    const e = eElem.clone();
    arr2[1]!.n = 1000;
    console.log(i, e.n);
  }
  const ar = [1, 2, 3];
  for (const [i, v] of ar.slice().entries()) {
    ar[2] = 10;
    fmt.print(i, v, " ");
  }
  console.log();
  const sl = [1, 2, 3];
  for (const [i, v] of view(sl, 0).entries()) {
    put(sl, 2, 10);
    if (i === 0) {
      sl.push(4);
    }
    fmt.print(i, v, " ");
  }
  console.log(sl.length);
  const i1: unknown = a.clone();
  a.n = 77;
  console.log(asserted<S>(i1, (v) => v instanceof S, "main.S").n, a.n);
  const ch = chan<S>(1);
  await ch.send(a.clone());
  a.n = 78;
  console.log((await ch.receive())!.n);
  const f = a.val.bind(a.clone());
  a.n = 500;
  fmt.println(f(), a.n);
  const g = () => a.inc();
  a.n = 600;
  fmt.println(g(), a.n);
  const h = (self: S) => self.val();
  const k = (self: S) => self.inc();
  fmt.println(h(a.clone()), k(a), a.n);
  const p = a;
  const q = p.clone();
  q.n = 1;
  console.log(a.n, p.n, q.n);
  Object.assign(p, new S({ n: 3 }));
  console.log(a.n, p.n);
  const fn = () => {
    a.n++;
  };
  fn();
  console.log(a.n);
  class Key_ {
    a = 0;
    b = 0;

    constructor(init?: Partial<Key_>) {
      Object.assign(this, init);
    }
  }
  const km = new KeyMap<Key_, string>([[new Key_({ a: 1, b: 2 }), "x"]]);
  km.set(new Key_({ a: 3, b: 4 }), "y");
  fmt.println(km.get(new Key_({ a: 1, b: 2 })) ?? "", km.get(new Key_({ a: 3, b: 4 })) ?? "", km.size);
  const ka = new KeyMap<number[], number>([[[1, 2], 5]]);
  const kk = [1, 2];
  console.log(ka.get(kk.slice()) ?? 0, equal(new Key_({ a: 1, b: 2 }), new Key_({ a: 1, b: 2 })), !equal(new Key_({ a: 1, b: 2 }), new Key_({ a: 1, b: 3 })));
  const head = ref<L | undefined>(undefined);
  for (let i = 0; i < 3; i++) {
    head.value = new L({ v: i, next: head.value });
  }
  for (let n: L | undefined = head.value; n !== undefined; n = n!.next) {
    fmt.print(n.v, " ");
  }
  console.log();
  let pp = head;
  while (pp.value !== undefined) {
    if (pp.value!.v === 1) {
      pp.value = pp.value!.next!;
      break;
    }
    pp = refTo(pp.value!, "next");
  }
  for (let n: L | undefined = head.value; n !== undefined; n = n!.next) {
    fmt.print(n.v, " ");
  }
  console.log();
  const anon = { x: 1, y: ["q"] };
  const anon2 = { ...anon };
  anon2.x = 5;
  put(anon2.y, 0, "z");
  fmt.println({ ...anon }, { ...anon2 });
  const swap = [new S({ n: 1 }), new S({ n: 2 })];
  [swap[0], swap[1]] = [swap[1]!.clone(), swap[0]!.clone()];
  swap[0]!.n = 8;
  console.log(swap[0]!.n, swap[1]!.n);
  const sw = [new S({ n: 1 }), new S({ n: 2 }), new S({ n: 3 })];
  [sw[0], sw[2]] = [sw[2]!.clone(), sw[0]!.clone()];
  console.log(sw[0]!.n, sw[1]!.n, sw[2]!.n);
  const ss = [new S({ n: 1 })];
  const ss2 = [...ss, ss[0]!.clone()];
  ss2[1]!.n = 9;
  console.log(ss[0]!.n, ss2[0]!.n, ss2[1]!.n);
  const cp = Array.from({ length: 1 }, () => new S());
  copy(cp, cloneArray(ss));
  cp[0]!.n = 44;
  console.log(ss[0]!.n, cp[0]!.n);
  const ap = [...cloneArray(ss)];
  ap[0]!.n = 45;
  console.log(ss[0]!.n, ap[0]!.n);
  const ptrs: S[] = [];
  for (const eElem of sw) {
    const e = eElem.clone();
    ptrs.push(e);
  }
  at(ptrs, 0).n = 321;
  console.log(sw[0]!.n, ptrs[0]!.n, at(ptrs, 1).n);
});
