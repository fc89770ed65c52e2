import { PanicError } from "gocsp";
import { goexit, isGoexit } from "gocsp/runtime";
import * as singleflight from "gocsp/singleflight";
import * as golib from "gocsp/golib";
import { describe, expect, test } from "vitest";

const thrownBy = (f: () => unknown): unknown => {
  try {
    f();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
};

describe("panics", () => {
  test("a value that is no error is thrown in a Panic with the text of Go's report [B13]", () => {
    const thrown = thrownBy(() => golib.panic(golib.float64(1.5)));
    expect(thrown).toBeInstanceOf(golib.Panic);
    expect([(thrown as Error).message, golib.unbox(golib.recovered(thrown))]).toEqual(["1.5", 1.5]);
    class Celsius extends golib.Boxed<number> {
      static override typeName = "main.Celsius";
      static override underlying = "float64";
    }
    class Name extends golib.Boxed<string> {
      static override typeName = "main.Name";
    }
    class Day extends golib.Boxed<number> {
      static override typeName = "main.Day";
      string(): string {
        return `day ${this.value}`;
      }
    }
    const texts = [
      "text",
      42,
      true,
      golib.float64(1e6),
      golib.float64(123456789),
      golib.float64(1e-5),
      golib.float64(100000),
      0.0001,
      golib.float64(-Infinity),
      golib.box(Celsius, 1e6),
      golib.box(Name, 'q"z'),
      golib.box(Day, 3),
      golib.duration(1000),
    ].map((value) => (thrownBy(() => golib.panic(value)) as Error).message);
    // What Go 1.26 prints behind "panic: ".
    expect(texts).toEqual([
      "text",
      "42",
      "true",
      "1e+06",
      "1.23456789e+08",
      "1e-05",
      "100000",
      "0.0001",
      "-Inf",
      "main.Celsius(1e+06)",
      'main.Name("q"z")',
      "day 3",
      "1s",
    ]);
    const error = new Error("itself");
    expect(golib.recovered(thrownBy(() => golib.panic(error)))).toBe(error);
    expect(thrownBy(() => golib.panic(undefined))).toBeInstanceOf(PanicError);
    expect(golib.noPanic()).toBeUndefined();
  });

  test("the runtime's panics have Go's texts [B13]", () => {
    expect(() => golib.panicIndex(3, 2)).toThrow("runtime error: index out of range [3] with length 2");
    expect(() => golib.panicIndex(-1, 2)).toThrow("runtime error: index out of range [-1]");
    expect(() => golib.panicNil()).toThrow("runtime error: invalid memory address or nil pointer dereference");
    const isText = (value: unknown): boolean => typeof value === "string";
    expect(golib.asserted<string>("a", isText, "string")).toBe("a");
    expect(() => golib.asserted(1, isText, "string")).toThrow("interface conversion: interface {} is int, not string");
    expect(() => golib.asserted(undefined, isText, "string")).toThrow(
      "interface conversion: interface {} is nil, not string",
    );
    expect(() => golib.must([1, new Error("no")])).toThrow("no");
  });

  test("what was not translated throws what says so [D1]", () => {
    const thrown = thrownBy(() => golib.unported("goto again") as unknown);
    expect(thrown).toBeInstanceOf(golib.PortError);
    expect((thrown as Error).message).toBe("not ported from Go: goto again");
  });

  test("deferred calls run in reverse order, and only the panic of the last one is left [D8]", async () => {
    const order: number[] = [];
    const run = golib.deferring(async (deferred) => {
      deferred(() => order.push(1));
      deferred((recover) => order.push(golib.unbox(recover()) as number));
      deferred(() => {
        order.push(3);
        golib.panic(2);
      });
      return golib.panic(1);
    });
    expect([await run, order]).toEqual([undefined, [3, 2, 1]]);
    expect(golib.deferringSync(() => 5)).toBe(5);
    const named = golib.deferringSync<number>(
      (deferred) => {
        deferred((recover) => recover());
        return golib.panic("x");
      },
      () => 7,
    );
    expect(named).toBe(7);
    expect(() => golib.deferringSync((deferred) => deferred(() => golib.panic("late")))).toThrow("late");
  });

  test("the end of a goroutine is no panic: it cannot be recovered [D8]", () => {
    let found: unknown = "not called";
    const thrown = thrownBy(() =>
      golib.deferringSync((deferred) => {
        deferred((recover) => {
          found = recover();
        });
        goexit();
      }),
    );
    expect([isGoexit(thrown), found]).toEqual([true, undefined]);
    expect(thrownBy(() => golib.recovered(thrown))).toBe(thrown);
  });
});

describe("errors as values", () => {
  test("an error becomes a value, and a value an error [W1]", async () => {
    const no = new Error("no");
    expect(golib.caughtError(no)).toBe(no);
    expect(golib.caughtError("text")).toMatchObject({ message: "text", cause: "text" });
    expect(thrownBy(() => golib.caughtError(new PanicError("p")))).toMatchObject({ message: "p" });
    await expect(golib.throwing(() => no)()).rejects.toBe(no);
    await expect(golib.throwing(async () => undefined)()).resolves.toBeUndefined();
  });

  test("a flight returns the value together with its error [D8]", async () => {
    const no = new Error("no");
    const flights = new singleflight.Group<number>();
    expect(await golib.flight(flights, "a", async () => [1, undefined])).toEqual([1, undefined, false]);
    expect(await golib.flight(flights, "a", () => [2, no])).toEqual([2, no, false]);
    expect(await golib.flightChan(flights, "a", () => [3, no]).receive()).toEqual({ val: 3, err: no, shared: false });
  });

  test("an error is found in the tree of another one [W1]", () => {
    const inner = new PanicError("inner");
    const tree = new Error("outer", { cause: new AggregateError([new Error("other"), inner]) });
    let found: unknown;
    const isPanic = (err: unknown): boolean => err instanceof PanicError;
    expect(golib.asError(tree, isPanic, (err) => (found = err))).toBe(true);
    expect(found).toBe(inner);
    expect(golib.asError(new Error("outer"), isPanic, () => expect.fail())).toBe(false);
    expect(golib.asError(undefined, isPanic, () => expect.fail())).toBe(false);
  });
});

describe("variables", () => {
  test("pointers, slices and maps are assigned in place [B14]", () => {
    let count = 1;
    const pointer = golib.refOf(
      () => count,
      (value) => {
        count = value;
      },
    );
    pointer.value += 2;
    expect([count, pointer.value]).toEqual([3, 3]);
    const map = new Map([["a", 1]]);
    golib.assignMap(map, new Map([["b", 2]]));
    const list = [1, 2, 3];
    golib.assignSlice(list, [4]);
    expect([[...map], list]).toEqual([[["b", 2]], [4]]);
    const other = new Map([["c", 3]]);
    golib.assignMap(other, other);
    golib.assignSlice(list, list);
    expect([[...other], list]).toEqual([[["c", 3]], [4]]);
  });

  test("values are equal keys, and a float is one [B14]", () => {
    class Key {
      name = "a";
    }
    expect(golib.interned(new Key())).toBe(golib.interned(new Key()));
    expect(golib.interned(golib.float64(1))).toBe(golib.interned(golib.float64(1)));
    expect(golib.interned(golib.float64(1))).not.toBe(golib.interned(golib.duration(1)));
    expect(golib.float64(1)).toBeInstanceOf(golib.Float);
    expect(golib.interned("a")).toBe("a");
  });

  test("once is once, even if it throws [B14]", () => {
    const once = new golib.Once();
    expect(() =>
      once.do(() => {
        throw new Error("first");
      }),
    ).toThrow("first");
    once.do(() => expect.fail());
  });

  test("a literal of a shared slice is one, and a duration in an interface keeps its type [B14]", () => {
    expect([...golib.sliceOf(1, 2)]).toEqual([1, 2]);
    expect(golib.duration(1)).toBeInstanceOf(golib.Duration);
  });

  test("calls are bound, and sequences start again [B14]", () => {
    let n = 1;
    const call = golib.bound((value: number) => value * 10, n);
    n = 2;
    expect([call(), golib.first(n, (n = 3)), n, golib.zero<number>()]).toEqual([10, 2, 3, undefined]);
    const numbers = golib.seq(function* () {
      yield 1;
      yield 2;
    });
    expect([[...numbers], [...numbers]]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    class Errno extends golib.BoxedError<number> {}
    expect(golib.boxError(Errno, 2)).toBe(golib.boxError(Errno, 2));
    expect(golib.boxError(Errno, 2)).not.toBe(golib.boxError(Errno, 3));
  });
});
