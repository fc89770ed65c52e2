// Iterators, slices, maps, strconv and strings.
import { defer, main } from "gocsp";
import { cloneArray, float64, seq } from "gocsp/golib";
import * as cmp from "gocsp/golib/cmp";
import * as fmt from "gocsp/golib/fmt";
import * as maps from "gocsp/golib/maps";
import * as slices from "gocsp/golib/slices";
import * as strconv from "gocsp/golib/strconv";
import * as strings from "gocsp/golib/strings";

class Rec {
  name = "";
  age = 0;

  constructor(init?: Partial<Rec>) {
    Object.assign(this, init);
  }
}

function count(n: number): Iterable<number> {
  return seq(function* (): Generator<number> {
    for (let i = 0; i < n; i++) {
      yield i;
    }
  });
}

function find(n: number): number {
  let r = 0;
  using _ = defer(() => {
    console.log("find done", r);
  });
  for (const v of count(10)) {
    if (v === n) {
      r = v * 100;
      return r;
    }
  }
  r = -1;
  return r;
}

function outer(): void {
  out: for (const a of count(3)) {
    for (const b of count(3)) {
      if (b === 1) {
        continue out;
      }
      if (a === 1) {
        break out;
      }
      console.log(a, b);
    }
  }
}

function variadic(pre: string, ...xs: number[]): string {
  return pre + fmt.sprint(xs.length, xs.length === 0, xs);
}

class Tree {
  l: Tree | undefined;
  r: Tree | undefined;
  v = 0;

  constructor(init?: Partial<Tree>) {
    Object.assign(this, init);
  }

  each(): Iterable<number> {
    return seq(function* (this: Tree): Generator<number> {
      yield this.v;
    }.bind(this));
  }
}

function treeAll(t: Tree | undefined, yield_: (arg: number) => boolean): boolean {
  if (t === undefined) {
    return true;
  }
  return treeAll(t.l, yield_) && yield_(t.v) && treeAll(t.r, yield_);
}

function pull(): void {}

main(() => {
  const rs = [new Rec({ name: "b", age: 2 }), new Rec({ name: "a", age: 2 }), new Rec({ name: "c", age: 1 })];
  slices.sortFunc(rs, (a: Rec, b: Rec): number => {
    return cmp.or(cmp.compare(a.age, b.age), strings.compare(a.name, b.name));
  });
  fmt.println(rs);
  let xs = [3, 1, 2];
  const ys = slices.clone(xs);
  slices.sort(ys);
  const [i, found] = slices.binarySearch(ys, 2);
  fmt.println(xs, ys, i, found, slices.contains(xs, 3), slices.index(xs, 9), slices.max(xs));
  xs = slices.insert(xs, 1, 8, 9);
  xs = slices.delete(xs, 0, 1);
  fmt.println(xs, slices.equal(xs, ys), slices.indexFunc(xs, (n: number) => n === 1));
  const m = new Map<string, number>([["x", 1], ["y", 2]]);
  const ks = slices.sorted(maps.keys(m));
  fmt.println(ks, slices.collect(maps.values(new Map<number, number>([[1, 2]]))));
  console.log(find(3), find(20));
  outer();
  fmt.println(variadic("a"), variadic("b", 1, 2), variadic("c", ...xs), variadic("d"));
  new Tree().each.bind(new Tree());
  const [n, err] = strconv.atoi("12x");
  fmt.println(n, err);
  const [f, err1] = strconv.parseFloat("1.5", 64);
  const [b, err2] = strconv.parseBool("maybe");
  fmt.println(float64(f), err1, b, err2, strconv.itoa(-5), strconv.quote("a\tb"), strconv.formatInt(255, 16));
  const fs: (() => void)[] = [];
  for (let i = 0; i < 3; i++) {
    fs.push(() => {
      fmt.print(i, " ");
    });
  }
  for (const f of fs) {
    f();
  }
  console.log();
  const funcs = new Map<string, ((arg0: number, arg1: number) => number) | undefined>([
    ["add", (a: number, b: number) => a + b],
    ["div", (a: number, b: number) => a / b],
  ]);
  fmt.println(float64(funcs.get("add")!(1, 2)), float64(funcs.get("div")!(1, 4)), funcs.get("nope") === undefined);
  class Kv {
    k = "";
    v = 0;
    static readonly goFields = ["k", "v"];

    constructor(init?: Partial<Kv>) {
      Object.assign(this, init);
    }
  }
  const kvs: Kv[] = [];
  for (const [k, v] of m) {
    kvs.push(new Kv({ k, v }));
  }
  slices.sortFunc(kvs, (a: Kv, b: Kv) => cmp.compare(b.v, a.v));
  fmt.printf("%v %+v\n", kvs, kvs);
  const groups = new Map<boolean, number[]>();
  for (const x of xs) {
    groups.set(x % 2 === 0, [...(groups.get(x % 2 === 0) ?? []), x]);
  }
  fmt.println(groups);
  const nested: number[][] = [[1], [2, 3], []];
  let total = 0;
  for (const in_ of nested) {
    for (const v of in_) {
      total += v;
    }
  }
  console.log(total, nested[2]!.length);
  const arr: number[][] = Array.from({ length: 3 }, () => new Array<number>(2).fill(0));
  arr[1]![0] = 5;
  const cp = cloneArray(arr);
  cp[1]![0] = 6;
  fmt.println(cloneArray(arr), cloneArray(cp));
  const sparse = ["a", "", "c"];
  fmt.printf("%q %d\n", sparse.slice(), 3);
  const chunks: number[][] = [];
  for (const c of slices.chunk([1, 2, 3, 4, 5], 2)) {
    chunks.push(c);
  }
  fmt.println(chunks);
  const cm = slices.compact([1, 1, 2, 2, 1]);
  fmt.println(cm, slices.repeat([1], 3), slices.concat([1], [2]));
  const [before, after, ok] = strings.cut("k=v", "=");
  fmt.println(before, after, ok);
  fmt.println(strings.newReplacer("a", "1", "b", "2").replace("abc"), strings.fieldsFunc("a1b2", (r: number) => r < 97 /* 'a' */));
});
