// Pointers: to variables, to fields and elements, to slices; methods that may be called on nil.
import { main } from "gocsp";
import { assignSlice, at, box, Boxed, type Ref, ref, refTo } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Tree {
  left: Tree | undefined;
  right: Tree | undefined;
  value = 0;

  constructor(init?: Partial<Tree>) {
    Object.assign(this, init);
  }
}

function treeInsert(t: Tree | undefined, v: number): Tree | undefined {
  if (t === undefined) {
    return new Tree({ left: undefined, right: undefined, value: v });
  }
  if (v < t.value) {
    t.left = treeInsert(t.left, v);
  } else {
    t.right = treeInsert(t.right, v);
  }
  return t;
}

function treeSum(t: Tree | undefined): number {
  if (t === undefined) {
    return 0;
  }
  return treeSum(t.left) + t.value + treeSum(t.right);
}

function increment(p: Ref<number>): void {
  p.value++;
}

function swap(a: Ref<string>, b: Ref<string>): void {
  const [next, next1] = [b.value, a.value];
  a.value = next;
  b.value = next1;
}

class Config {
  limit = 0;
  name = "";
  list: number[] = [];

  constructor(init?: Partial<Config>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Config {
    return new Config(this);
  }
}

type IntHeap = number[];

export function intHeapLen(h: IntHeap): number {
  return h.length;
}

export function intHeapPush(h: IntHeap, n: number): void {
  h.push(n);
}

export function intHeapPop(h: IntHeap): number {
  const old = h;
  const n = at(old, old.length - 1);
  assignSlice(h, old.slice(0, old.length - 1));
  return n;
}

type Level = number;

function levelRaise(l: Ref<Level>): void {
  l.value++;
}

function levelHigh(l: Level): boolean {
  return l > 1;
}

/** A level in an interface: the value with its methods. */
class LevelValue extends Boxed<Level> {
  static override typeName = "main.level";

  high(): boolean {
    return levelHigh(this.value);
  }
}

main(() => {
  let root: Tree | undefined;
  for (const v of [5, 2, 8, 1]) {
    root = treeInsert(root, v);
  }
  console.log(treeSum(root), root!.left!.value, root!.left!.left!.value, root!.right!.right === undefined);

  const n = ref<number>(1);
  const p = n;
  increment(p);
  increment(n);
  p.value *= 10;
  console.log(n.value, p.value, p === n);

  const a = ref<string>("a");
  const b = ref<string>("b");
  swap(a, b);
  fmt.println(a.value, b.value);

  const c = new Config({ limit: 1 });
  const q = refTo(c, "limit");
  q.value = 9;
  increment(refTo(c, "limit"));
  const r = c;
  r.name = "shared";
  const copied = c.clone();
  copied.name = "copied";
  Object.assign(r, new Config({ limit: 3, name: "replaced" }));
  console.log(c.limit, c.name, copied.name, copied.limit);

  const list = [1, 2, 3];
  const e = refTo(list, 1);
  e.value = 20;
  fmt.println(list);

  const h = [3];
  intHeapPush(h, 4);
  intHeapPush(h, 5);
  console.log(intHeapPop(h), intHeapLen(h), at(h, 1), h.length);

  const l = ref<Level>(0);
  levelRaise(l);
  levelRaise(l);
  fmt.println(box(LevelValue, l.value), levelHigh(l.value));

  const s = ref<number>(0);
  s.value = 7;
  const t = s;
  t.value++;
  console.log(s.value);
});
