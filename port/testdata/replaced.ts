// A part of a slice takes the place of the slice, which something else still refers to.
import { main } from "gocsp";
import { append, put, view } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Box {
  f: number[] = [];

  constructor(init?: Partial<Box>) {
    Object.assign(this, init);
  }

  cut(n: number): void {
    this.f = view(this.f, 0, n);
  }
}

class Outer {
  in!: Box;

  constructor(init?: Partial<Outer>) {
    Object.assign(this, init);
  }

  share(): number[] {
    return this.in.f;
  }
}

class Shelf {
  books: string[] = [];
  lent: string[] = [];

  constructor(init?: Partial<Shelf>) {
    Object.assign(this, init);
  }
}

main(() => {
  // A variable has the whole slice.
  const b = new Box({ f: [1, 2, 3] });
  const all = b.f;
  b.f = view(b.f, 0, 2);
  b.f[0] = 9;
  fmt.println(all);
  b.f = append(b.f, 7);
  fmt.println(all);

  // The slice came from a variable, and a method cuts it.
  const given = [1, 2, 3, 4];
  const c = new Box({ f: given });
  c.cut(2);
  put(c.f, 1, 20);
  c.f = append(c.f, 30);
  fmt.println(given, c.f);

  // A result has it, and the field is a field of a field.
  const o = new Outer({ in: new Box({ f: [1, 2, 3] }) });
  const shared = o.share();
  o.in.f = view(o.in.f, 1);
  put(o.in.f, 0, 40);
  fmt.println(shared, o.in.f);

  // Another field has it.
  const s = new Shelf({ books: ["a", "b", "c"] });
  s.lent = s.books;
  s.books = view(s.books, 0, 1);
  s.books = append(s.books, "z");
  fmt.println(s.lent, s.books);

  // A variable instead of a field.
  let x = given;
  x = view(x, 0, 1);
  x[0] = 5;
  fmt.println(given, x);
  let y = [1, 2, 3];
  const z = y;
  y = view(y, 0, 1);
  y = append(y, 8);
  fmt.println(y, z);
});
