// Entries of maps, elements and pointers whose parts have effects: each is evaluated once.
import { chan, main } from "gocsp";
import {
  asserted,
  at,
  fromRune,
  maximum,
  nilMap,
  or64,
  type Ref,
  ref,
  refTo,
  runes,
  slice,
  substring,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as strings from "gocsp/golib/strings";

let n = 0;

function key(): string {
  n++;
  return strings.repeat("k", n);
}

function maps(): Map<string, number> {
  n++;
  return new Map<string, number>([["k", 1]]);
}

function ptr(): Ref<number> {
  n++;
  return ref<number>(0);
}

export class S {
  list: number[] = [];
  m: Map<string, number> = nilMap();
  c = 0;

  constructor(init?: Partial<S>) {
    Object.assign(this, init);
  }
}

function get(s: S): S {
  n++;
  return s;
}

function idx(): number {
  n++;
  return n % 2;
}

const map = new Map<string, number>([["k", 5]]);
const key1 = key();
export const [pv, pok] = [map.get(key1) ?? 0, map.has(key1)];

main(async () => {
  const a = ref<number[]>([12]);
  a.value = [...a.value, 13];
  const mm = new Map<string, number>([["x", 1]]);
  mm.set("y", 2);
  const arr = [1, 2, 3];
  arr[1] = 9;
  fmt.println(a.value, a.value.length, a.value[0]!, mm.size, arr.slice(), pv, pok);
  n = 0;
  const m = new Map<string, number>([["k", 7]]);
  const key1 = key();
  let v = m.get(key1) ?? 0;
  let ok = m.has(key1);
  console.log(v, ok, n);
  const key2 = key();
  [v, ok] = [m.get(key2) ?? 0, m.has(key2)];
  console.log(v, ok, n);
  const key3 = key();
  [, ok] = [m.get(key3) ?? 0, m.has(key3)];
  console.log(ok, n);
  const map = maps();
  const v1 = map.get("k") ?? 0;
  const ok1 = map.has("k");
  if (ok1) {
    console.log(v1, n);
  }
  const ok2 = m.has(key());
  if (!ok2) {
    console.log("no", n);
  }
  n = 0;
  const key4 = key();
  m.set(key4, (m.get(key4) ?? 0) + 1);
  const key5 = key();
  m.set(key5, (m.get(key5) ?? 0) + 2);
  fmt.println(m, n);
  ptr().value += 3;
  ptr().value++;
  console.log(n);
  const s = new S({ list: [1, 2], m: new Map<string, number>(), c: 0 });
  get(s).c++;
  get(s).c += 2;
  const list = get(s).list;
  const index = idx();
  list[index] = at(list, index) + 1;
  const list1 = get(s).list;
  const index1 = idx();
  list1[index1] = at(list1, index1) + 10;
  const map1 = get(s).m;
  map1.set("a", (map1.get("a") ?? 0) + 1);
  const map2 = get(s).m;
  const key6 = key();
  map2.set(key6, or64((map2.get(key6) ?? 0), 1));
  fmt.println(s.c, s.list, s.m.size, n);
  s.list.push(idx());
  fmt.println(s.list, n);
  let i = 0;
  [s.list[i], i] = [42, 1];
  fmt.println(i, s.list);
  [s.list[0], s.list[1]] = [at(s.list, 1), s.list[0]!];
  let x = 1;
  let y = 2;
  [x, y] = [y, x + y];
  fmt.println(s.list, x, y);
  const e: unknown = new Map<string, number>([["q", 1]]);
  let q: number;
  [q, ok] = [asserted<Map<string, number>>(e, (v) => v instanceof Map, "map[string]int").get("q") ?? 0, asserted<Map<string, number>>(e, (v) => v instanceof Map, "map[string]int").has("q")];
  console.log(q, ok);
  const p = refTo(s.list, idx());
  p.value = 77;
  fmt.println(s.list, n);
  const ch = chan<number>(1);
  await ch.send(5);
  const m2 = new Map<number, string>([[5, "five"]]);
  const key7 = (await ch.receive())!;
  let w: string;
  [w, ok] = [m2.get(key7) ?? "", m2.has(key7)];
  fmt.println(w, ok);
  const key8 = key();
  const v2 = m.get(key8) ?? 0;
  const ok3 = m.has(key8);
  if (ok3) {
    console.log("has", v2);
  } else {
    console.log("none", n);
  }
  maps().delete(key());
  console.log(maps().size, Math.min(idx(), 5), maximum(key(), "a") !== "");
  console.log(n);
  const str = "héllo";
  for (const [i, r] of runes(substring(str, idx()))) {
    if (i > 2) {
      break;
    }
    fmt.print(i, fromRune(r), " ");
  }
  fmt.println(at(get(s).list, idx()), slice(get(s).list, 0, idx() + 1));
  console.log(n);
  const b = get(s);
  if (b.c > 0 && at(b.list, idx()) > 0 || n > 100) {
    console.log("ok", n);
  }
});
