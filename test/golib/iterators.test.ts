import { AsyncLocalStorage } from "node:async_hooks";
import fc from "fast-check";
import { PanicError } from "gocsp";
import * as golib from "gocsp/golib";
import { describe, expect, test } from "vitest";

/** An iterator of 1, 2, 3 … up to n, which tells what it sees. */
const upTo = (n: number, seen: unknown[]): Iterable<number> =>
  golib.pushing(function* (): Generator<number, void, boolean> {
    try {
      for (let i = 1; i <= n; i++) {
        const more = yield i;
        seen.push(more);
        if (!more) return;
      }
      seen.push("end");
    } finally {
      seen.push("finally");
    }
  });

describe("iterators that push", () => {
  test("a yield tells whether to go on, and the code after a refused one runs [B14]", () => {
    const seen: unknown[] = [];
    for (const n of upTo(5, seen)) if (n === 2) break;
    expect(seen).toEqual([true, false, "finally"]);
    seen.length = 0;
    expect([...upTo(2, seen)]).toEqual([1, 2]);
    expect(seen).toEqual([true, true, "end", "finally"]);
  });

  test("one that goes on after it was refused panics with Go's words, and is ended [B14]", () => {
    let isEnded = false;
    const thoughtless = golib.pushing(function* (): Generator<number, void, boolean> {
      try {
        yield 1;
        yield 2;
      } finally {
        isEnded = true;
      }
    });
    const loop = (): void => {
      for (const _ of thoughtless) break;
    };
    expect(loop).toThrow(PanicError);
    expect(loop).toThrow(
      "runtime error: range function continued iteration after function for loop body returned false",
    );
    expect(isEnded).toBe(true);
  });

  test("what the body of a loop throws is thrown, and one that has not begun is not begun by its end [B14]", () => {
    const seen: unknown[] = [];
    expect(() => {
      for (const _ of upTo(3, seen)) throw new Error("body");
    }).toThrow("body");
    expect(seen).toEqual([false, "finally"]);
    seen.length = 0;
    upTo(3, seen)[Symbol.iterator]().return?.();
    expect(seen).toEqual([]);
  });

  test("a function is called with the values until it returns false, and the generator's result is returned [B14]", () => {
    function* walk(): Generator<string, boolean, boolean> {
      return (yield "left") && (yield "right");
    }
    const called: string[] = [];
    const until = (last: string) => (side: string) => {
      called.push(side);
      return side !== last;
    };
    expect([golib.push(walk(), until("left")), golib.push(walk(), until(""))]).toEqual([false, true]);
    golib.pushAll(["a", "b", "c"], until("b"));
    expect(called).toEqual(["left", "left", "right", "a", "b"]);
  });

  test("values are passed on until one is refused, and the iterable behind is left [B14]", () => {
    const seen: unknown[] = [];
    const handingOn = golib.pushing(function* (): Generator<number, void, boolean> {
      yield* golib.passing(upTo(2, seen));
      seen.push("after");
    });
    for (const n of handingOn) if (n === 2) break;
    expect(seen).toEqual([true, false, "finally", "after"]);
    expect([...handingOn]).toEqual([1, 2]);
  });

  test("pulled values come one at a time, and stopping gives the rest up, once [B14]", () => {
    const seen: unknown[] = [];
    const [next, stop] = golib.pull(upTo(3, seen), 0);
    expect(seen).toEqual([]);
    expect([next(), next()]).toEqual([
      [1, true],
      [2, true],
    ]);
    stop();
    stop();
    expect(seen).toEqual([true, false, "finally"]);
    expect(next()).toEqual([0, false]);
    const [pair, end] = golib.pull2(new Map([["k", 1]]), "", 0);
    expect([pair(), pair(), pair()]).toEqual([
      ["k", 1, true],
      ["", 0, false],
      ["", 0, false],
    ]);
    end();
    const [, never] = golib.pull(upTo(3, seen), 0);
    never();
  });

  test("whatever is left where, the iterator sees what Go's would [B14]", () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(6), (length, left) => {
        const seen: unknown[] = [];
        const got: number[] = [];
        for (const n of upTo(length, seen)) {
          got.push(n);
          if (got.length > left) break;
        }
        const taken = Math.min(length, left + 1);
        expect(got).toEqual(Array.from({ length: taken }, (_, i) => i + 1));
        const isLeft = length > left;
        expect(seen).toEqual([
          ...Array.from({ length: isLeft ? taken - 1 : taken }, () => true),
          ...(isLeft ? [false] : ["end"]),
          "finally",
        ]);
      }),
    );
  });

  test("functions are called in the asynchronous context of the caller [B14]", () => {
    const store = new AsyncLocalStorage<string>();
    const stores: unknown[] = [];
    const values = golib.pushing(function* (): Generator<number, void, boolean> {
      stores.push(store.getStore());
      yield 1;
    });
    store.run("pushAll", () => golib.pushAll(values, () => stores.push(store.getStore()) > 0));
    store.run("pull", () => golib.pull(values, 0)[0]());
    expect(stores).toEqual(["pushAll", "pushAll", "pull"]);
  });
});
