import { main } from "gocsp";
import {
  appendAll,
  at,
  byteAt,
  copyInto,
  deferringSync,
  len,
  put,
  refTo,
  slice,
  substring,
  toBytes,
  view,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as sort from "gocsp/golib/sort";

class Ring {
  items: number[] = [];
  head = 0;

  constructor(init?: Partial<Ring>) {
    Object.assign(this, init);
  }

  /** pop shrinks the slice that its callers look at. */
  pop(): number {
    const v = at(this.items, 0);
    this.items = this.items.slice(1);
    return v;
  }

  drain(): number {
    let sum = 0;
    for (const i of this.items.keys()) {
      sum += at(this.items, i);
      if (this.items[i]! % 2 === 0) {
        this.pop();
      }
    }
    return sum;
  }
}

function try_(name: string, f: () => void): void {
  deferringSync((deferred) => {
    deferred((recover) => {
      const r = recover();
      if (r !== undefined) {
        fmt.println(name, "panics:", r);
      } else {
        fmt.println(name, "is in range");
      }
    });
    f();
  });
}

function at_(list: string[], i: number): string {
  return at(list, i);
}

function set(list: number[], i: number, v: number): void {
  put(list, i, v);
}

function add(list: number[], i: number, v: number): void {
  list[i] = at(list, i) + v;
}

function count(list: number[], i: number): void {
  list[i] = at(list, i) + 1;
}

function swap(list: number[], i: number, j: number): void {
  [list[i], list[j]] = [at(list, j), at(list, i)];
}

function middle(list: number[], lo: number, hi: number): number[] {
  return view(list, lo, hi);
}

function rest(list: number[], lo: number): number[] {
  return view(list, lo);
}

function remove(list: number[], i: number): number[] {
  return appendAll(view(list, 0, i), slice(list, i + 1));
}

function square(grid: number[][], y: number, x: number): number {
  return at(at(grid, y), x);
}

function octet(b: Uint8Array, i: number): number {
  return at(b, i);
}

function char(s: string, i: number): number {
  return byteAt(s, i);
}

function sub(s: string, lo: number, hi: number): string {
  return substring(s, lo, hi);
}

function last(list: number[]): number {
  return at(list, list.length - 1);
}

function lastOr(list: number[], none: number): number {
  if (list.length === 0) {
    return none;
  }
  return list[list.length - 1]!;
}

function pairs(list: number[]): number {
  let sum = 0;
  for (let i = 1; i < list.length; i++) {
    sum += list[i]! * list[i - 1]!;
  }
  for (let i = list.length - 1; i >= 0; i--) {
    sum -= list[i]!;
  }
  return sum;
}

function beyond(list: number[]): number {
  let sum = 0;
  for (let i = 0; i <= list.length; i++) {
    sum += at(list, i);
  }
  return sum;
}

function shrinking(list: number[]): number {
  let sum = 0;
  for (const i of list.keys()) {
    sum += at(list, i);
    list = slice(list, 0, list.length - 1);
  }
  return sum;
}

function find(list: number[], v: number): number[] {
  for (const [i, x] of list.entries()) {
    if (x === v) {
      list = list.toSpliced(i, 1);
      break;
    }
  }
  return list;
}

function doubled(list: number[]): number[] {
  const out = new Array<number>(list.length).fill(0);
  for (const [i, v] of list.entries()) {
    out[i] = 2 * v;
  }
  const n = out.length;
  for (let i = 0; i < Math.trunc(n / 2); i++) {
    [out[i], out[n - 1 - i]] = [at(out, n - 1 - i), at(out, i)];
  }
  return out;
}

function calls(): number {
  console.log("called");
  return 5;
}

main(() => {
  const list = [1, 2, 3];
  const names = ["a", "b"];
  const none: number[] = [];
  try_("an index", () => {
    at_(names, 1);
  });
  try_("an index", () => {
    at_(names, 2);
  });
  try_("an index", () => {
    at_(names, -1);
  });
  try_("an index of nothing", () => set(none, 0, 1));
  try_("a write", () => set(list, 2, 9));
  try_("a write", () => set(list, 3, 9));
  try_("a sum", () => add(list, 3, 1));
  try_("an increment", () => count(list, 4));
  try_("an increment", () => count(list, 0));
  try_("a swap", () => swap(list, 0, 3));
  try_("a swap", () => swap(list, 0, 2));
  try_("a part", () => {
    middle(list, 1, 4);
  });
  try_("a part", () => {
    middle(list, 2, 1);
  });
  try_("a part", () => {
    middle(list, 1, 2);
  });
  try_("a rest", () => {
    rest(list, 4);
  });
  try_("a rest", () => {
    rest(list, 3);
  });
  try_("a removal", () => {
    remove([1, 2], 2);
  });
  try_("a removal", () => {
    fmt.println(remove([1, 2], 1));
  });
  try_("a cell", () => {
    square([new Array<number>(3).fill(0), new Array<number>(3).fill(0), new Array<number>(3).fill(0)], 2, 3);
  });
  try_("a cell", () => {
    square([new Array<number>(3).fill(0), new Array<number>(3).fill(0), new Array<number>(3).fill(0)], 2, 2);
  });
  try_("a byte", () => {
    octet(toBytes("ab"), 2);
  });
  try_("a character", () => {
    char("héllo", 6);
  });
  try_("a substring", () => {
    sub("héllo", 2, 9);
  });
  try_("the last", () => {
    last(none);
  });
  fmt.println(list, lastOr(none, 7), lastOr(list, 7), pairs(list), doubled(list), find(list, 1));
  try_("one too far", () => {
    beyond([1]);
  });
  try_("a shrinking slice", () => {
    shrinking([1, 2, 3]);
  });
  try_("a copy", () => {
    copyInto(list, list, 5);
  });
  try_("a pointer", () => {
    const i = 3;
    const p = refTo(list, i);
    p.value = 1;
  });
  const r = new Ring({ items: [1, 2, 3, 4] });
  try_("a drained ring", () => {
    console.log(r.drain());
  });
  try_("an operand", () => {
    const index = calls();
    none[index] = at(none, index) + 1;
  });
  const words = ["pear", "fig", "apple"];
  sort.slice(words, (i: number, j: number) => len(words[i]!) < len(words[j]!));
  fmt.println(words, sort.search(list.length, (i: number) => list[i]! >= 3));
  (() => {
    deferringSync((deferred) => {
      deferred((recover) => {
        const value = recover();
        const err = value instanceof Error ? (value as Error) : undefined;
        const ok = err !== undefined;
        fmt.println(ok, err);
      });
      const grid: number[][] = [[1], [2, 3]];
      for (const y of grid.keys()) {
        for (const x of grid[y]!.keys()) {
          grid[y]![x]! *= 2;
        }
      }
      fmt.println(grid, at(grid[1]!, 1), at(grid[0]!, 1));
    });
  })();
});
