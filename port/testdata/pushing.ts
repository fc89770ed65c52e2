// Iterators that hand their yield on, go on when it refuses, or are declared functions; iterators that are pulled.
import { defer, main } from "gocsp";
import { at, deferringSync, passing, pull, pull2, push, pushing, seq, zero } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as maps from "gocsp/golib/maps";
import * as slices from "gocsp/golib/slices";

export class Tree {
  l: Tree | undefined;
  r: Tree | undefined;
  v = 0;

  constructor(init?: Partial<Tree>) {
    Object.assign(this, init);
  }

  *all(): Generator<number, void, boolean> {
    yield* treePush(this);
  }

  seq(): Iterable<number> {
    return pushing(function* (this: Tree): Generator<number, void, boolean> {
      yield* treePush(this);
    }.bind(this));
  }
}

function* treePush(t: Tree | undefined): Generator<number, boolean, boolean> {
  if (t === undefined) {
    return true;
  }
  return (yield* treePush(t.l)) && (yield t.v) && (yield* treePush(t.r));
}

export class List<T> {
  items: T[] = [];

  constructor(init?: Partial<List<T>>) {
    Object.assign(this, init);
  }

  *each(): Generator<[number, T], void, boolean> {
    for (const [i, x] of this.items.entries()) {
      if (!(yield [i, x])) {
        return;
      }
    }
  }

  backward(): Iterable<[number, T]> {
    return seq(function* (this: List<T>): Generator<[number, T]> {
      for (let i = this.items.length - 1; i >= 0; i--) {
        yield [i, at(this.items, i)];
      }
    }.bind(this));
  }
}

function count(n: number): Iterable<number> {
  return pushing(function* (): Generator<number, void, boolean> {
    for (let i = 0; i < n; i++) {
      if (!(yield i)) {
        console.log("stopped at", i);
        return;
      }
    }
  });
}

function* thrice(): Generator<void, void, boolean> {
  (yield) && (yield) && (yield);
}

function* numbers(): Generator<number, void, boolean> {
  (yield 1) && (yield 2) && (yield 3);
}

function filter<T>(s: Iterable<T>, f: (arg: T) => boolean): Iterable<T> {
  return pushing(function* (): Generator<T, void, boolean> {
    for (const x of s) {
      if (f(x) && !(yield x)) {
        return;
      }
    }
  });
}

function find(l: List<string>, want: string): number {
  for (const [i, x] of pushing(() => l.each())) {
    if (x === want) {
      return i;
    }
  }
  return -1;
}

/** Set has an iterator as a type of its own. */
export type Set_ = Map<string, number>;

export type Pairs = Iterable<[string, number]>;

export function* setSorted(s: Set_): Generator<[string, number], void, boolean> {
  for (const k of slices.sorted(maps.keys(s))) {
    if (!(yield [k, s.get(k) ?? 0])) {
      return;
    }
  }
}

export function setPairs(s: Set_): Pairs {
  return pushing(function* (): Generator<[string, number], void, boolean> {
    yield* setSorted(s);
    yield ["end", s.size];
  });
}

function twice<T>(s: Iterable<T>): Iterable<T> {
  return pushing(function* (): Generator<T, void, boolean> {
    yield* passing(s);
    yield* passing(s);
  });
}

function zip<A, B>(a: Iterable<A>, b: Iterable<B>): Iterable<[A, B]> {
  return pushing(function* (): Generator<[A, B], void, boolean> {
    const [next, stop] = pull(b, zero<B>());
    using _ = defer(stop);
    for (const x of a) {
      const [y, ok] = next();
      if (!ok || !(yield [x, y])) {
        return;
      }
    }
  });
}

/** walk is generic, and recursive. */
function* walk_<T>(list: T[]): Generator<[number, T], boolean, boolean> {
  if (list.length === 0) {
    return true;
  }
  if (!(yield* walk_(list.slice(1)))) {
    return false;
  }
  return yield [list.length, list[0] as T];
}

export function walk<T>(list: T[]): Iterable<[number, T]> {
  return pushing(function* (): Generator<[number, T], void, boolean> {
    yield* walk_(list);
  });
}

/** visit gets a function as others do: nothing makes an iterator of it. */
function visit(n: number, f: (arg: number) => boolean): number {
  for (let i = 0; i < n; i++) {
    if (!f(i)) {
      return i;
    }
  }
  return n;
}

function more(): void {
  deferringSync((deferred) => {
    const set = new Map<string, number>([["b", 2], ["a", 1]]);
    for (const [k, v] of pushing(() => setSorted(set))) {
      fmt.print(k, v, " ");
    }
    for (const [k, v] of setPairs(set)) {
      fmt.print(k, v, " ");
    }
    push(setSorted(set), (pair) => ((k: string, v: number): boolean => {
      fmt.print(k, ";");
      return false;
    })(...pair));
    console.log();
    for (const x of twice(count(2))) {
      fmt.print(x, " ");
    }
    for (const [i, x] of walk(["x", "y", "z"])) {
      if (i === 3) {
        break;
      }
      fmt.print(i, x, " ");
    }
    for (const x of pushing(numbers)) {
      fmt.print(x, " ");
    }
    console.log(visit(5, (i: number) => i < 3));
    for (const [a, b] of zip(count(5), twice(count(2)))) {
      fmt.print(a, b, " ");
    }
    for (const [a, b] of zip(count(9), count(2))) {
      fmt.print(a, b, " ");
    }
    console.log();
    const [next, stop] = pull2(walk(["p"]), 0, "");
    let [a, b, ok] = next();
    console.log(a, b, ok);
    [a, b, ok] = next();
    fmt.printf("%d %q %v\n", a, b, ok);
    stop();
    stop();
    fmt.println(slices.collect(pushing(numbers)), slices.collect(twice(count(3))));
    deferred((recover) => {
      fmt.println(recover());
    });
    for (const _ of pushing(thoughtless)) {
      break;
    }
  });
}

function* thoughtless(): Generator<number, void, boolean> {
  yield 1;
  yield 2;
}

main(() => {
  more();
  const t = new Tree({
    l: new Tree({ l: undefined, r: undefined, v: 1 }),
    r: new Tree({ l: undefined, r: undefined, v: 3 }),
    v: 2,
  });
  for (const v of pushing(() => t.all())) {
    fmt.print(v, " ");
  }
  for (const v of t.seq()) {
    if (v === 2) {
      break;
    }
    fmt.print(v, " ");
  }
  const l = new List<string>({ items: ["a", "b", "c"] });
  for (const [i, x] of pushing(() => l.each())) {
    if (i === 1) {
      continue;
    }
    fmt.print(i, x, " ");
  }
  for (const [i, x] of l.backward()) {
    fmt.print(i, x, " ");
  }
  console.log();
  for (const i of count(5)) {
    if (i === 2) {
      break;
    }
  }
  let n = 0;
  for (const _ of pushing(thrice)) {
    n++;
  }
  for (const _ of pushing(numbers)) {
    n++;
  }
  for (const v of pushing(numbers)) {
    n += v;
  }
  console.log(n, find(l, "b"), find(l, "z"));
  const even = filter(count(7), (i: number) => i % 2 === 0);
  fmt.println(slices.collect(even), slices.sorted(maps.keys(new Map<number, boolean>([[3, true], [1, true]]))));
  const [next, stop] = pull(even, 0);
  let [a, ok] = next();
  const [b, ok2] = next();
  console.log(a, ok, b, ok2);
  stop();
  [, ok] = next();
  console.log(ok);
  push(numbers(), (i: number): boolean => {
    fmt.print(i, ";");
    return i < 2;
  });
  push(l.each(), (pair) => ((i: number, s: string): boolean => {
    fmt.print(i, s, ";");
    return true;
  })(...pair));
  console.log();
  outer: for (const i of count(3)) {
    for (const j of pushing(numbers)) {
      if (j === 2) {
        continue outer;
      }
      if (i === 1) {
        break outer;
      }
      fmt.print(i, j, " ");
    }
  }
  console.log();
});
