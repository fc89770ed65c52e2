// Iterators: functions that yield, and loops over them.
import { main } from "gocsp";
import { seq } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as slices from "gocsp/golib/slices";

function count(n: number): Iterable<number> {
  return seq(function* (): Generator<number> {
    for (let i = 0; i < n; i++) {
      yield i;
    }
  });
}

class Bag {
  items: string[] = [];

  constructor(init?: Partial<Bag>) {
    Object.assign(this, init);
  }

  all(): Iterable<[number, string]> {
    return seq(function* (this: Bag): Generator<[number, string]> {
      for (const [i, s] of this.items.entries()) {
        yield [i, s];
      }
    }.bind(this));
  }
}

main(() => {
  for (const n of count(10)) {
    if (n === 3) {
      break;
    }
    console.log(n);
  }
  const b = new Bag({ items: ["x", "y"] });
  for (const [i, s] of b.all()) {
    console.log(i, s);
  }
  let total = 0;
  for (const n of count(4)) {
    total += n;
  }
  fmt.println(total, slices.sorted(count(3)));
});
