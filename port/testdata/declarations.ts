// Declarations of a package and of a function: blank ones, several at once, pointers to what they declare.
import { main } from "gocsp";
import { type Ref, ref, refTo } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

let log: string[] = [];

note("blank");

function note(s: string): number {
  log.push(s);
  return log.length;
}

/** Both are assigned later, and the first has a pointer to it. */
export let [count_, name] = pair();
export const count = ref<number>(count_);

function pair(): [number, string] {
  return [note("pair"), "name"];
}

const first_ = count;

export const [, second] = pair();

export interface Shape {
  area(): number;
}

export class Square {
  side = 0;

  constructor(init?: Partial<Square>) {
    Object.assign(this, init);
  }

  area(): number {
    return this.side * this.side;
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Square {
    return new Square(this);
  }
}

/** Assertions for the compiler. */

const x = note("x");
const y = note("y");

let a = true;

/** It is set before b is. */
((): number => {
  a = false;
  return 0;
})();

const b = a;

class Options {
  limit!: Ref<number>;
  name!: Ref<string>;

  constructor(init?: Partial<Options>) {
    Object.assign(this, init);
  }
}

main(() => {
  count.value = 7;
  first_.value++;
  name += "!";
  fmt.println(log, count.value, name, first_.value, second, x, y, a, b);
  note("local");
  console.log(log.length);

  // A variable that has a value first.
  const p = ref<number>(123);
  p.value++;
  const side = new Square({ side: 2 });
  const q = side.clone();
  q.side = 9;
  const row = [1, 2];
  const r = row.slice();
  r[0] = 7;
  const list = ref<number[]>([1, 2]);
  list.value = [...list.value, 3];
  fmt.println(p.value, side.clone(), q.clone(), row.slice(), r.slice(), list.value, ref<boolean>(side.side > 1).value, ref<string>("text").value);
  const o = new Options({ limit: ref<number>(10), name: ref<string>("none") });
  o.limit.value += 5;
  console.log(o.limit.value, o.name.value);

  // Pointers to one place are equal, also as keys.
  const numbers = [1, 2, 3];
  console.log(refTo(numbers, 1) === refTo(numbers, 1), refTo(numbers, 1) === refTo(numbers, 2), refTo(side, "side") === refTo(side, "side"), refTo(side, "side") === refTo(q, "side"));
  const seen = new Map<Ref<number>, string>([[refTo(numbers, 0), "first"], [refTo(side, "side"), "side"]]);
  fmt.println(seen.get(refTo(numbers, 0)) ?? "", seen.get(refTo(side, "side")) ?? "", seen.size, (seen.get(refTo(numbers, 2)) ?? "") === "");
});
