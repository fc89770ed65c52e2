// Deferred calls, named results, recover, and the panics of the runtime.
import { type Chan, chan, defer, errors, main, nilChan } from "gocsp";
import { asError, asserted, bound, deferring, deferringSync, div, nilMap, panic, recovered, rem } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

function order(): void {
  using deferred = new DisposableStack();
  for (let i = 0; i < 3; i++) {
    deferred.defer(bound(fmt.println, "d", i));
  }
  let x = 1;
  deferred.defer(bound(fmt.println, "x", x));
  x = 2;
  deferred.defer(() => {
    console.log("closure x", x);
  });
  x = 3;
}

function named(): [number, Error | undefined] {
  let n = 0;
  let err = undefined as Error | undefined;
  return deferringSync((deferred) => {
    deferred(() => {
      n *= 2;
      if (err !== undefined) {
        err = fmt.errorf("wrapped: %w", err);
      }
    });
    n = 5;
    [n, err] = [10, new Error("e")];
    return undefined;
  }, (): [number, Error | undefined] => [n, err]);
}

function rec(): string {
  let r = "";
  try {
    const m: Map<string, number> = nilMap();
    m.set("a", 1);
    r = "no";
    return r;
  } catch (thrown) {
    const v = recovered(thrown);
    r = fmt.sprint("recovered ", v);
  }
  return r;
}

async function try_(name: string, f: () => void | Promise<void>): Promise<void> {
  await deferring(async (deferred) => {
    deferred((recover) => {
      const v = recover();
      const e = v instanceof Error ? (v as Error) : undefined;
      const ok = e !== undefined;
      if (ok) {
        fmt.println(name, "error:", e.message);
      } else {
        fmt.println(name, "value:", v);
      }
    });
    await f();
  });
}

function repanic(): void {
  deferringSync((deferred) => {
    deferred((recover) => {
      fmt.println("outer", recover());
    });
    deferred((recover) => {
      const v = recover();
      panic(fmt.sprint("again ", v));
    });
    panic("first");
  });
}

export class E extends Error {
  code = 0;

  constructor(init?: Partial<E>) {
    super();
    Object.assign(this, init);
  }

  override get message(): string {
    return fmt.sprint("E", this.code);
  }
}

function mayFail(n: number): Error | undefined {
  if (n > 0) {
    return new E({ code: n });
  }
  return undefined;
}

function nested(): string {
  let s = "";
  return deferringSync((deferred) => {
    deferred(() => {
      s += "1";
    });
    deferred(() => {
      deferringSync((deferred1) => {
        deferred1((recover) => {
          s += "3";
          recover();
        });
        panic("inner");
      });
    });
    s = "r";
    return undefined;
  }, (): string => s);
}

export class T {
  name = "";

  constructor(init?: Partial<T>) {
    Object.assign(this, init);
  }

  show(): void {
    console.log("T", this.name);
  }

  pshow(): void {
    console.log("*T", this.name);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): T {
    return new T(this);
  }
}

function methods(): void {
  const t = new T({ name: "a" });
  using _ = defer(t.show.bind(t.clone()));
  using _1 = defer(() => t.pshow());
  t.name = "b";
}

function loopDefer(): void {
  for (let i = 0; i < 2; i++) {
    (() => {
      using _ = defer(() => console.log("inner", i));
      console.log("body", i);
    })();
  }
}

function get(s: string): () => void {
  console.log("get", s);
  return () => {
    console.log("run", s);
  };
}

function cond(b: boolean): void {
  using deferred = new DisposableStack();
  if (b) {
    deferred.defer(bound(get("x")));
  }
  console.log("cond", b);
}

function recoverRet(): number {
  let n = 0;
  return deferringSync((deferred) => {
    deferred((recover) => {
      recover();
    });
    n = 3;
    panic(1);
  }, (): number => n);
}

function recoverUnnamed(): number {
  return deferringSync((deferred) => {
    deferred((recover) => {
      recover();
    });
    panic(1);
  }, (): number => 0);
}

main(async () => {
  await deferring(async (deferred) => {
    order();
    fmt.println(...named());
    console.log(rec());
    let np: T | undefined;
    let ni: { toString(): string } | undefined;
    const zero_ = 0;
    await try_("nilptr", () => {
      console.log(np!.name);
    });
    await try_("div", () => {
      console.log(div(1, zero_));
    });
    await try_("mod", () => {
      console.log(rem(1, zero_));
    });
    await try_("nilfunc", () => {
      let f: (() => void) | undefined;
      f!();
    });
    await try_("niliface", () => {
      console.log(ni!.toString());
    });
    await try_("assert", () => {
      const x: unknown = "s";
      console.log(asserted<number>(x, (v) => typeof v === "number", "int"));
    });
    await try_("assertnil", () => {
      let x: unknown;
      console.log(asserted<number>(x, (v) => typeof v === "number", "int"));
    });
    await try_("closeclosed", () => {
      const c = chan<number>();
      c.close();
      c.close();
    });
    await try_("sendclosed", async () => {
      const c = chan<number>(1);
      c.close();
      await c.send(1);
    });
    await try_("closenil", () => {
      const c: Chan<number> = nilChan();
      c.close();
    });
    await try_("neg make", () => {
      const n = -1;
      new Array<number>(n).fill(0);
    });
    await try_("custom", () => panic(new E({ code: 4 })));
    await try_("int", () => panic(42));
    await try_("errorf", () => panic(new Error(`x ${1}`)));
    await try_("struct", () => panic(new T({ name: "q" })));
    await try_("none", () => {});
    await try_("arrptr", () => {
      let p: number[] | undefined;
      console.log(p![1]!);
    });
    repanic();
    const err = mayFail(3);
    let e: E | undefined;
    console.log(asError(err, (e) => e instanceof E, (found) => { e = found as E; }), e!.code, mayFail(0) === undefined);
    const w = fmt.errorf("a: %w", err);
    fmt.println(w, errors.unwrap(w) as Error | undefined === err, errors.is(w, err));
    console.log(nested());
    methods();
    loopDefer();
    cond(true);
    cond(false);
    console.log(recoverRet(), recoverUnnamed());
    const j = errors.join(new Error("a"), undefined, new Error("b"))!;
    fmt.println(j);
    deferred(() => console.log("deferred not run on exit"));
    deferred((recover) => {
      const r = recover();
      fmt.println("main recovered", r);
    });
    const mm: Map<string, number[]> = nilMap();
    mm.set("x", [...(mm.get("x") ?? []), 1]);
  });
});
