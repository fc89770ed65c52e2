// Type parameters: functions, types, constraints, and methods of generic types.
import { main } from "gocsp";
import { float64, zero } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as sort from "gocsp/golib/sort";

type Number_ = number;

function sum<T extends number>(...list: T[]): T {
  let total: T = 0 as T;
  for (const n of list) {
    total = total + n as T;
  }
  return total;
}

function mapped<A, B>(list: A[], f: (arg: A) => B): B[] {
  const out: B[] = [];
  for (const a of list) {
    out.push(f(a));
  }
  return out;
}

function keys<K extends number | string, V>(m: Map<K, V>): K[] {
  const out: K[] = [];
  for (const k of m.keys()) {
    out.push(k);
  }
  sort.slice(out, (i: number, j: number) => (out[i] as K) < (out[j] as K));
  return out;
}

/** A list is a linked list. */
class List<T> {
  head: Element<T> | undefined;
  size = 0;

  constructor(init?: Partial<List<T>>) {
    Object.assign(this, init);
  }

  push(v: T): void {
    this.head = new Element<T>({ value: v, next: this.head });
    this.size++;
  }

  each(f: (arg: T) => void): void {
    for (let e: Element<T> | undefined = this.head; e !== undefined; e = e!.next) {
      f(e.value);
    }
  }
}

class Element<T> {
  value: T = zero<T>();
  next: Element<T> | undefined;

  constructor(init?: Partial<Element<T>>) {
    Object.assign(this, init);
  }
}

function find<T>(list: T[], v: T): [number, Error | undefined] {
  for (const [i, x] of list.entries()) {
    if (x === v) {
      return [i, undefined];
    }
  }
  return [-1, new Error("not found")];
}

class Pair<K, V> {
  key: K = zero<K>();
  value: V = zero<V>();

  constructor(init?: Partial<Pair<K, V>>) {
    Object.assign(this, init);
  }
}

main(() => {
  fmt.println(sum(1, 2, 3), float64(sum(0.5, 0.25)));
  fmt.println(mapped([1, 2], (n: number) => fmt.sprint("n", n)));
  fmt.println(keys(new Map<string, number>([["b", 1], ["a", 2]])));
  const l = new List<string>();
  l.push("x");
  l.push("y");
  l.each((s: string) => {
    console.log(s);
  });
  console.log(l.size);
  fmt.println(...find(["a", "b"], "b"));
  fmt.println(...find([1], 2));
  const p = new Pair<string, number[]>({ key: "k", value: [1, 2] });
  fmt.println(p.key, p.value, p.value.length);
});
