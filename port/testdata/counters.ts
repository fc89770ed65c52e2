// Counters that go down by what stands for a negative number.
import { main } from "gocsp";
import * as atomic from "gocsp/golib/atomic";
import * as fmt from "gocsp/golib/fmt";

let n = 10;

class Stats {
  open = new atomic.Uint64();
  n = 0;

  constructor(init?: Partial<Stats>) {
    Object.assign(this, init);
  }
}

main(() => {
  n += -1;
  const c = 3;
  fmt.println(n += -(c - 1) - 1, n);
  const s = new Stats();
  s.open.add(5);
  fmt.println(s.open.add(-1), s.open.load());
  s.open.add(-(c - 2) - 1);
  s.n = s.n + 2 >>> 0;
  fmt.println(s.n = s.n + 4294967295 >>> 0, s.open.load());
  let x = 1;
  x += -1;
  fmt.println(x);
});
