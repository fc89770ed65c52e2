// Order of evaluation, assignments to several places, switches, labels, closures.
import { main } from "gocsp";
import { at, float64, or64, put, ref } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

function next(s: string, n: number): number {
  fmt.print(s, " ");
  return n;
}

function three(): [number, string, Error | undefined] {
  return [1, "x", undefined];
}

export class Node {
  val = 0;
  left: Node | undefined;
  right: Node | undefined;

  constructor(init?: Partial<Node>) {
    Object.assign(this, init);
  }
}

function nodeInsert(n: Node | undefined, v: number): Node | undefined {
  if (n === undefined) {
    return new Node({ val: v });
  }
  if (v < n.val) {
    n.left = nodeInsert(n.left, v);
  } else {
    n.right = nodeInsert(n.right, v);
  }
  return n;
}

function nodeWalk(n: Node | undefined, f: (arg: number) => void): void {
  if (n === undefined) {
    return;
  }
  nodeWalk(n.left, f);
  f(n.val);
  nodeWalk(n.right, f);
}

function sw(n: number): string {
  let s = "";
  sw1: {
    if (n < 0) {
      s += "neg";

      s += "zero";
    } else if (n === 0) {
      s += "zero";
    } else if (n > 100) {
      if (n > 1000) {
        break sw1;
      }
      s += "big";
    } else {
      s += "def";
    }
  }
  switch (n) {
    case 1:
    case 2:
    case 3:
      s += "small";
      break;
    case 4:
      s += "four";

      s += "five";

      s += "D";
      break;
    case 5:
      s += "five";

      s += "D";
      break;
    default:
      s += "D";
  }
  const x = n * 2;
  if (x > 5) {
    s += "x";
  }
  return s;
}

function labels(): void {
  outer: for (let i = 0; i < 4; i++) {
    for (let j = 0; ; j++) {
      sw1: {
        if (j === 2) {
          continue outer;
        } else if (i === 2) {
          break outer;
        } else if (j === 5) {
          break sw1;
        }
      }
      fmt.print(i, j, ";");
    }
  }
  console.log();
  let i = 0;
  loop: for (;;) {
    if (i < 3) {
      fmt.print(i);
      i++;
      continue loop;
    }
    console.log();
    done: {
      for (let i = 0; i < 3; i++) {
        if (i === 1) {
          break done;
        }
      }
    }

    console.log("done");
    sel: switch (i) {
      case 3:
        for (;;) {
          break sel;
        }
    }
    break;
  }
}

function closures(): void {
  using deferred = new DisposableStack();
  const fs: (() => number)[] = [];
  for (let i = 0; i < 3; i++) {
    fs.push((): number => {
      i += 10;
      return i;
    });
  }
  for (const f of fs) {
    fmt.print(f(), " ", f(), " ");
  }
  console.log();
  for (let i = 0; i < 6; i++) {
    deferred.defer(() => {
      fmt.print(i, " ");
    });
    i++;
  }
  let x = 1;
  const inc = (): number => {
    x++;
    return x;
  };
  const y = inc() + x * 10;
  console.log(y, x);
  const add = (n: number): (arg: number) => number => {
    return (m: number): number => {
      n += m;
      return n;
    };
  };
  const a = add(1);
  const b = add(100);
  console.log(a(1), a(1), b(1), b(1));
  let fib: ((arg: number) => number) | undefined;
  fib = (n: number): number => {
    if (n < 2) {
      return n;
    }
    return fib!(n - 1) + fib!(n - 2);
  };
  console.log(fib(15));
  const x1 = 5;
  if (x1 > 3) {
    const x = x1 + 1;
    console.log("inner", x);
  } else {
    console.log(x1);
  }
  console.log("outer", x);
  {
    let x = 7;
    const z = 8;
    x++;
    console.log(x, z);
  }
  let err: Error;
  [x, err] = [9, undefined!];
  fmt.println(x, err);
  const n = ref<number>(0);
  const p = n;
  p.value = 5;
  (() => {
    n.value++;
  })();
  console.log(n.value, p.value);
  const q = p;
  q.value++;
  console.log(n.value, p === q);
}

function assign(): void {
  const a = [1, 2, 3];
  let i = 0;
  [a[i], i] = [9, 1];
  fmt.println(i, a);
  const [next1, next2] = [5, 2];
  put(a, i, next1);
  i = next2;
  fmt.println(i, a);
  [a[0], a[1], a[2]] = [a[2]!, a[0]!, a[1]!];
  fmt.println(a);
  let x = 1;
  let y = 2;
  [x, y] = [y, x + y];
  console.log(x, y);
  const m = new Map<string, number>();
  const [next3, next4] = [x, 10];
  m.set("a", next3);
  x = next4;
  fmt.println(m, x);
  let n = new Node({ val: 1 });
  n.left = new Node({ val: 3 });
  n = new Node({ val: 2 });
  console.log(n.val, n.left === undefined);
  let head: Node | undefined = new Node({ val: 1, right: new Node({ val: 2, right: new Node({ val: 3 }) }) });
  let prev: Node | undefined;
  while (head !== undefined) {
    [head.right, prev, head] = [prev, head, head.right];
  }
  for (; prev !== undefined; prev = prev!.right) {
    fmt.print(prev.val, " ");
  }
  console.log();
  const arr = [next("a", 1), next("b", 2), next("c", 3)];
  put(arr, next("i", 0), next("v", 5));
  fmt.println(arr.slice());
  const z = next("l", 1) + next("r", 2) * next("q", 3);
  console.log(z);
  if (next("s", 0) === 1 && next("t", 1) === 1 || next("u", 1) === 1) {
    console.log("ok");
  }
  const [v, s, err] = three();
  const [, s2] = three();
  fmt.println(v, s, err, s2);
  a[1]! += 5;
  a[2]! -= a[1]!;
  a[0]! = a[0]! * 2 ** 2;
  a[0]!++;
  fmt.println(a);
  const ms = new Map<string, number[]>();
  ms.set("q", [...(ms.get("q") ?? []), 1, 2]);
  (ms.get("q") ?? [])[0] = at(ms.get("q") ?? [], 0) + 1;
  const mi = new Map<string, number>([["z", 1]]);
  mi.set("z", (mi.get("z") ?? 0) + 1);
  mi.set("y", (mi.get("y") ?? 0) + 3);
  mi.set("w", or64((mi.get("w") ?? 0), 6));
  mi.delete("z");
  const val = mi.get("nope") ?? 0;
  const ok = mi.has("nope");
  const v1 = mi.get("y") ?? 0;
  const ok1 = mi.has("y");
  if (ok1) {
    console.log(v1);
  }
  fmt.println(ms, mi, val, ok, mi.size);
  const mm = new Map<string, Map<string, number>>();
  if (mm.get("a") === undefined) {
    mm.set("a", new Map<string, number>());
  }
  mm.get("a")!.set("b", (mm.get("a")?.get("b") ?? 0) + 1);
  fmt.println(mm, mm.get("x")?.get("y") ?? 0);
  for (const k of mi.keys()) {
    mi.delete(k);
  }
  console.log(mi.size);
  mm.clear();
  console.log(mm.size);
}

main(() => {
  for (const n of [-1, 0, 1, 4, 5, 50, 500, 5000]) {
    console.log(n, sw(n));
  }
  labels();
  closures();
  console.log();
  assign();
  let root: Node | undefined;
  for (const v of [5, 2, 8, 1, 9]) {
    root = nodeInsert(root, v);
  }
  nodeWalk(root, (v: number) => {
    fmt.print(v, " ");
  });
  console.log();
  const c = 10;
  const d = 3;
  const e = c / 3;
  const fl = c;
  fmt.println(d, float64(e), float64(fl / 4), 2, 194, 6);
  class Loc {
    c = 0;

    constructor(init?: Partial<Loc>) {
      Object.assign(this, init);
    }
  }
  console.log(new Loc({ c: 3 }).c);
});
