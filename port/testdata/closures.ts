// Functions as values: captured variables, arguments of go, method values, recursion, variadics.
import { defer, go, main, sync } from "gocsp";
import { box, Boxed } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Counter {
  n = 0;

  constructor(init?: Partial<Counter>) {
    Object.assign(this, init);
  }

  add(d: number): number {
    this.n += d;
    return this.n;
  }
}

function adder(): (arg: number) => number {
  let total = 0;
  return (n: number): number => {
    total += n;
    return total;
  };
}

function apply(f: (arg: number) => number, ...list: number[]): number[] {
  const out: number[] = [];
  for (const n of list) {
    out.push(f(n));
  }
  return out;
}

type Op = (a: number, b: number) => number;

function opTwice(o: Op, a: number, b: number): number {
  return o(o(a, b), b);
}

interface Handler {
  handle(s: string): string;
}

type HandlerFunc = (arg: string) => string;

function handlerFuncHandle(f: HandlerFunc, s: string): string {
  return f(s);
}

function use(h: Handler): string {
  return h.handle("x");
}

/** A handlerFunc in an interface: the value with its methods. */
class HandlerFuncValue extends Boxed<HandlerFunc> {
  static override typeName = "main.handlerFunc";

  handle(s: string): string {
    return handlerFuncHandle(this.value, s);
  }
}

main(async () => {
  const add = adder();
  add(1);
  fmt.println(add(2), apply(add, 1, 2, 3), apply((n: number) => n * n, ...[4, 5]));

  const fns: (() => number)[] = [];
  for (let i = 0; i < 3; i++) {
    fns.push(() => i * 10);
  }
  for (const f of fns) {
    fmt.print(f(), " ");
  }
  console.log();

  let c = new Counter();
  const m = c.add.bind(c);
  const old = c;
  c = new Counter({ n: 100 });
  fmt.println(m(1), m(2));
  console.log(old.n, c.n);
  console.log(c.add(5));

  let fib: ((n: number) => number) | undefined;
  fib = (n: number): number => {
    if (n < 2) {
      return n;
    }
    return fib!(n - 1) + fib!(n - 2);
  };
  fmt.println(fib(15));

  const wg = new sync.WaitGroup();
  const results = new Array<number>(3).fill(0);
  let n = 1;
  for (let i = 0; i < 3; i++) {
    wg.add(1);
    go((n: number) => {
      using _ = defer(() => wg.done());
      results[i] = n;
    }, n);
    n *= 2;
  }
  await wg.wait();
  fmt.println(results);

  // mu: no section of this mutex waits, so nobody needs it here.
  let shared = 0;
  for (let i1 = 0; i1 < 10; i1++) {
    wg.go(() => {
      shared++;
    });
  }
  await wg.wait();
  console.log(shared, opTwice((a: number, b: number) => a + b, 1, 2));
  console.log(use(box(HandlerFuncValue, (s: string) => s + "!")));

  let none: (() => void) | undefined;
  console.log(none === undefined);
  (() => {
    console.log("called at once");
  })();
});
