// Copies of structs and arrays: their slices, the elements that a loop changes, what maps, interfaces and containers keep.
// Expressions with calls are evaluated once.
import { main, time } from "gocsp";
import {
  append,
  asError,
  asserted,
  at,
  box,
  Boxed,
  BoxedError,
  boxError,
  duration,
  nilMap,
  put,
  type Ref,
  ref,
  slice,
  unsigned,
  view,
  zero,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as sort from "gocsp/golib/sort";

export type Level = number;

export function levelString(l: Level): string {
  return at(["low", "high"], l);
}

export class Query {
  table = "";
  where_: string[] = [];
  level: Level = 0;
  wait = 0;
  seen: Level[] = [];
  named: Map<string, Level> = nilMap();
  static readonly goTypes = () => ({ wait: "time.Duration" });

  constructor(init?: Partial<Query>) {
    Object.assign(this, init);
  }

  /** Where returns a query with another condition. The receiver stays as it is. */
  where(cond: string): Query {
    const q = this.clone();
    q.where_ = [...q.where_, cond];
    return q;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Query {
    return new Query(this);
  }
}

export type Option = (arg: Query) => void;

const defaults = new Query({ table: "t", wait: time.second });

export function newQuery(...opts: Option[]): Query {
  const q = defaults.clone();
  for (const o of opts) {
    o(q);
  }
  return q;
}

export function with_(cond: string): Option {
  return (q: Query) => {
    q.where_ = [...q.where_, cond];
  };
}

export class Item {
  n = 0;
  tags: string[] = new Array<string>(2).fill("");

  constructor(init?: Partial<Item>) {
    Object.assign(this, init);
  }

  inc(): void {
    this.n++;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Item {
    return new Item({ ...this, tags: this.tags.slice() });
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

  peek(): [T, boolean] {
    const zero_: T = zero<T>();
    if (this.items.length === 0) {
      return [zero_, false];
    }
    return [this.items[this.items.length - 1] as T, true];
  }

  top(): T {
    return at(this.items, this.items.length - 1);
  }
}

let calls = 0;

function key(): string {
  calls++;
  return fmt.sprint("k", calls % 2);
}

function state(): [Level, number] {
  return [1, 2 * time.second];
}

export class Counts {
  small = 0;
  deep: { n: number } = { n: 0 };

  constructor(init?: Partial<Counts>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Counts {
    return new Counts({ ...this, deep: { ...this.deep } });
  }
}

const counts = new Counts();

function get(): Counts {
  calls++;
  return counts;
}

function pointer(): Ref<number> {
  calls++;
  return calls2;
}

const calls2 = ref<number>(0);

function inside(i: number, n: number): boolean {
  return unsigned(i) < unsigned(n);
}

function half(list: number[]): number[] {
  return view(list, 0, Math.trunc(list.length / 2));
}

function negative(a: number, b: number): [number, number, number] {
  return [(-a << 24) >> 24, -b | 0, (Math.trunc(a / -1) << 24) >> 24];
}

export type Errors = Error[];

export function errorsError(e: Errors): string {
  return fmt.sprint(e.length, " errors");
}

/** A Level in an interface: the value with its methods. */
class LevelValue extends Boxed<Level> {
  static override typeName = "main.Level";

  override toString(): string {
    return levelString(this.value);
  }
}

/** A Errors in an interface: the value with its methods. */
class ErrorsValue extends BoxedError<Errors> {
  static override typeName = "main.Errors";

  override get message(): string {
    return errorsError(this.value);
  }
}

main(() => {
  const base = new Query({ table: "t" }).where("a");
  const one = base.where("b");
  const two = base.where("c");
  fmt.println(base.where_, one.where_, two.where_);
  newQuery(with_("x"), with_("y"));
  fmt.println(defaults.where_.length, newQuery(with_("z")).where_);

  const items = [new Item({ n: 1 }), new Item({ n: 2 })];
  for (const [i, itElem] of items.entries()) {
    const it = itElem.clone();
    items[i]!.n *= 10;
    items[i]!.inc();
    fmt.print(it.n, " ", items[i]!.n, " ");
  }
  console.log();
  const pairs = [[1, 2], [3, 4]];
  for (const pElem of pairs) {
    const p = pElem.slice();
    p[0] = 0;
  }
  fmt.println(pairs);

  const byKey = new Map<string, Item>([["k0", new Item({ n: 1 })], ["k1", new Item({ n: 2 })]]);
  const key1 = key();
  let it = (byKey.get(key1) ?? new Item()).clone();
  let ok = byKey.has(key1);
  it.n = 100;
  console.log(it.n, ok, (byKey.get("k0") ?? new Item()).n, (byKey.get("k1") ?? new Item()).n, calls);
  [it, ok] = [(byKey.get("k0") ?? new Item()).clone(), byKey.has("k0")];
  it.n = 200;
  console.log(it.n, ok, (byKey.get("k0") ?? new Item()).n);
  const lists = new Map<string, number[]>([["a", [1, 2]]]);
  let list: number[];
  [list, ok] = [(lists.get("a") ?? new Array<number>(2).fill(0)).slice(), lists.has("a")];
  list[0] = 9;
  fmt.println(lists, list.slice(), ok);
  const any1: unknown = new Item({ n: 5 });
  let held: Item;
  [held, ok] = [any1 instanceof Item ? ((any1 as Item).clone()) : new Item(), any1 instanceof Item];
  held.n++;
  if (any1 instanceof Item) {
    const x = (any1).clone();
    x.n = 50;
    console.log(x.n, held.n, asserted<Item>(any1, (v) => v instanceof Item, "main.Item").n, ok);
  }

  const stack = new Stack<Item>();
  stack.push(new Item({ n: 1 }));
  let topValue: Item;
  [topValue = new Item(), ok] = stack.peek();
  const top = (topValue).clone();
  top.n = 7;
  const other = stack.top().clone();
  other.n = 8;
  console.log(top.n, other.n, ok, at(stack.items, 0).n);

  const totals = new Map<string, number>();
  const key2 = key();
  totals.set(key2, (totals.get(key2) ?? 0) + 5);
  const key3 = key();
  totals.set(key3, (totals.get(key3) ?? 0) + 1);
  const object = get();
  object.small = object.small - 1 & 0xff;
  const object1 = get();
  object1.deep.n = (object1.deep.n - 5 << 16) >> 16;
  pointer().value *= 2;
  fmt.println(totals, counts.clone(), calls);

  fmt.println(new Query({ level: 1, wait: time.minute, seen: [0, 1], named: new Map<string, Level>([["a", 1]]) }));
  fmt.println(...(([a, b]) => [box(LevelValue, a), duration(b)] as const)(state()));
  console.log(inside(-1, 3), inside(2, 3), inside(3, 3));
  fmt.println(...negative(-128, -2147483648));

  const chunks: number[][] = [];
  let rest = [1, 2, 3, 4, 5];
  while (rest.length > 2) {
    chunks.push(slice(rest, 0, 2));
    rest = rest.slice(2);
  }
  at(chunks, 0).push(9);
  fmt.println(chunks, rest);
  const all = [1, 2, 3, 4];
  let first_ = half(all);
  put(first_, 0, 5);
  first_ = append(first_, 6);
  fmt.println(all, first_);

  let errs: Errors = [];
  const err = fmt.errorf("all: %w", boxError(ErrorsValue, [new Error("a")]));
  console.log(asError(err, (e) => e instanceof ErrorsValue, (e) => { errs = (e as ErrorsValue).value; }), errs.length);
  const numbers = [1, 3, 2];
  sort.sort(sort.reverse(sort.intSlice(numbers)));
  fmt.println(numbers, -numbers[0]! * 0);
});
