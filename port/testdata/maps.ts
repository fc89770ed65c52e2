// Maps: missing keys, nil maps, maps of maps and slices, deletion, keys of all kinds.
import { main } from "gocsp";
import { deferringSync, KeyMap, len, nilMap } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as sort from "gocsp/golib/sort";

class Key_ {
  name = "";
  n = 0;

  constructor(init?: Partial<Key_>) {
    Object.assign(this, init);
  }
}

type Set_ = Map<string, boolean>;

function setAdd(s: Set_, ...names: string[]): void {
  for (const n of names) {
    s.set(n, true);
  }
}

function setSorted(s: Set_): string[] {
  const out: string[] = [];
  for (const n of s.keys()) {
    out.push(n);
  }
  sort.strings(out);
  return out;
}

main(() => {
  const ages = new Map<string, number>([["ann", 30]]);
  ages.set("bob", (ages.get("bob") ?? 0) + 1);
  ages.set("ann", (ages.get("ann") ?? 0) + 2);
  console.log(ages.get("ann") ?? 0, ages.get("bob") ?? 0, ages.get("nobody") ?? 0, ages.size);
  const age = ages.get("ann") ?? 0;
  const ok = ages.has("ann");
  if (ok) {
    console.log("found", age);
  }
  const ok1 = ages.has("eve");
  console.log(ok1);
  ages.delete("ann");
  fmt.println(ages);

  const none: Map<string, number> = nilMap();
  console.log(none === nilMap(), none.get("x") ?? 0, none.size);
  (() => {
    deferringSync((deferred) => {
      deferred((recover) => {
        fmt.println(recover());
      });
      none.set("x", 1);
    });
  })();

  const groups = new Map<number, string[]>();
  for (const w of ["a", "bb", "cc", "ddd"]) {
    groups.set(len(w), [...(groups.get(len(w)) ?? []), w]);
  }
  fmt.println(groups, (groups.get(2) ?? []).length, (groups.get(9) ?? []).length === 0);

  const nested = new Map<string, Map<string, number>>();
  if (nested.get("a") === undefined) {
    nested.set("a", new Map<string, number>());
  }
  nested.get("a")!.set("b", 5);
  nested.get("a")!.set("b", (nested.get("a")?.get("b") ?? 0) + 1);
  console.log(nested.get("a")?.get("b") ?? 0, nested.get("x")?.get("y") ?? 0);

  const counts = new KeyMap<Key_, number>([[new Key_({ name: "a", n: 1 }), 1]]);
  counts.set(new Key_({ name: "a", n: 1 }), (counts.get(new Key_({ name: "a", n: 1 })) ?? 0) + 1);
  counts.set(new Key_({ name: "b", n: 2 }), 7);
  console.log(counts.get(new Key_({ name: "a", n: 1 })) ?? 0, counts.get(new Key_({ name: "b", n: 2 })) ?? 0, counts.size);
  const pointers = new Map<string, Key_>([["p", new Key_({ name: "p", n: 1 })]]);
  pointers.get("p")!.n = 10;
  const p = pointers.get("q");
  if (p === undefined) {
    console.log(pointers.get("p")!.n, "no q");
  }
  const s = new Map<string, boolean>();
  setAdd(s, "z", "y");
  fmt.println(setSorted(s), s.get("z") ?? false, s.get("w") ?? false);
  const grid = new KeyMap<number[], string>([[[0, 1], "x"]]);
  fmt.println(grid.get([0, 1]) ?? "", (grid.get([1, 1]) ?? "") === "");
  for (const [k, v] of new Map<string, number>([["only", 1]])) {
    fmt.println(k, v);
  }
  s.clear();
  console.log(s.size);
});
