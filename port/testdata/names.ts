// Names: reserved words, collisions of exported and unexported ones, shadowing, the order of package variables.
import { main } from "gocsp";
import * as fmt from "gocsp/golib/fmt";
import * as strings from "gocsp/golib/strings";

let words = strings.fields("a b c");

const offset = words.length;

const base = 10;

const total = double(base) + offset;

function double(n: number): number {
  return n * 2;
}

/** A State has a field and a method that differ in their first letter only. */
export class State {
  name_ = "";
  delete_ = false;
  default_ = 0;

  constructor(init?: Partial<State>) {
    Object.assign(this, init);
  }

  name(): string {
    return this.name_;
  }

  delete(): void {
    this.delete_ = true;
  }

  then_(n: number): number {
    return n + 1;
  }

  constructor_(): number {
    return this.default_;
  }
}

function new_(in_: string, class_: number, function_: number): [string, number] {
  const this_ = in_ + "!";
  const typeof_ = class_ + function_;
  return [this_, typeof_];
}

function shadow(err: Error | undefined, n: number): [string, Error | undefined] {
  const n1 = n + 1;
  if (n1 > 1) {
    const err = new Error(`inner ${n1}`);
    if (err !== undefined) {
      const n = n1 * 10;
      return [fmt.sprint(n), err];
    }
  }
  const x = 1;
  {
    let x1 = x + 1;
    x1++;
    console.log(x1);
  }
  let v: string;
  [v, err] = [fmt.sprint(x), err];
  let w: string;
  [w, err] = [fmt.sprint(v, "w"), err];
  return [w, err];
}

function send_(go_: number): number {
  return go_;
}

{
  words.push("init");
}

main(() => {
  fmt.println(total, offset, words);
  const s = new State({ name_: "s", default_: 4 });
  s.delete();
  fmt.println(s.name(), s.delete_, s.then_(1), s.constructor_());
  fmt.println(...new_("x", 1, 2));
  fmt.println(...shadow(undefined, 3));
  fmt.println(...shadow(undefined, -3));
  for (let i = 0; i < 2; i++) {
    const i1 = i * 2;
    console.log(i1, send_(i1));
  }
  const chan_ = 1;
  const select_ = 2;
  const await_ = 3;
  console.log(chan_, select_, await_);
});
