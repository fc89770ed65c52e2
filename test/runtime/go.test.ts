import { chan, go, gosched } from "gocsp";
import { attach, numGoroutine } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

test("a goroutine never begins on the caller's stack [J1]", async () => {
  const log: string[] = [];
  go(() => log.push("goroutine"));
  log.push("caller");
  await settle();
  expect(log).toEqual(["caller", "goroutine"]);
});

test("function and arguments are evaluated by the caller, at once and in order; only the call comes later [G1]", async () => {
  const log: string[] = [];
  const evaluated = <T>(what: string, value: T): T => {
    log.push(what);
    return value;
  };
  const called = (...args: number[]) => log.push(`called with ${args.join(" ")}`);
  go(evaluated("function", called), evaluated("first", 1), evaluated("second", 2));
  log.push("caller goes on");
  await settle();
  expect(log).toEqual(["function", "first", "second", "caller goes on", "called with 1 2"]);
});

test("arguments are those of the go statement, though variables change afterwards [G1]", async () => {
  const log: unknown[] = [];
  let n = 1;
  let f = (...args: unknown[]) => log.push("old", ...args);
  go(f, n);
  n = 2;
  f = (...args) => log.push("new", ...args);
  await settle();
  expect(log).toEqual(["old", 1]);
});

test("results are discarded, also promises [G1]", async () => {
  expect(go(() => 42)).toBeUndefined();
  expect(go(async () => 42)).toBeUndefined();
  await settle();
});

test("objects are shared with the goroutine, not copied [J4]", async () => {
  const shared = { n: 1 };
  go((object: { n: number }) => {
    object.n++;
  }, shared);
  shared.n = 10;
  await settle();
  expect(shared.n).toBe(11);
});

test("an error while the arguments are evaluated belongs to the caller, and nothing is started [G2]", async () => {
  const before = numGoroutine();
  const panics = (): number => {
    throw new Error("argument");
  };
  expect(() => go((n: number) => n, panics())).toThrow("argument");
  expect(numGoroutine()).toBe(before);
});

test.each([
  [42, "42"],
  ["f", '"f"'],
  [{}, "Object"],
  [Object.create(null), "object"],
  [Symbol("s"), "Symbol(s)"],
])("what is no function is refused: %s", (given: unknown, printed) => {
  expect(() => go(given as never)).toThrow(new TypeError(`go: ${printed} is not a function`));
});

test("every goroutine runs, in whatever order [G4]", async () => {
  const ran = new Set<number>();
  for (let i = 0; i < 1000; i++) go(() => ran.add(i));
  await settle();
  expect(ran.size).toBe(1000);
});

test("a goroutine whose promise calls back twice ends once", async () => {
  class Twice extends Promise<void> {
    // oxlint-disable-next-line unicorn/no-thenable
    override then<A, B>(
      resolved?: ((value: void) => A | PromiseLike<A>) | null,
      rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      void super.then(resolved, rejected);
      return super.then(resolved, rejected);
    }
  }
  const before = numGoroutine();
  const release = chan<void>();
  go(async () => release.receive());
  go(() => Twice.resolve());
  await settle();
  expect(numGoroutine() - before).toBe(1);
  release.close();
  await settle();
  expect(numGoroutine()).toBe(before);
});

test("a goroutine may be any function: one that returns nothing, a promise, or another thenable [J1]", async () => {
  const log: string[] = [];
  go(() => undefined);
  go(function () {
    log.push("function");
  });
  go(async () => {
    await gosched();
    log.push("async");
  });
  // oxlint-disable-next-line unicorn/no-thenable
  go(() => ({ then: (resolve: (value: unknown) => void) => resolve(log.push("thenable")) }));
  await settle();
  expect(log.toSorted()).toEqual(["async", "function", "thenable"]);
});

test("gosched lets the others run before the caller continues, and returns [G23]", async () => {
  const log: string[] = [];
  for (const name of ["a", "b"]) {
    go(async () => {
      for (let i = 1; i <= 3; i++) {
        log.push(`${name}${i}`);
        await gosched();
      }
    });
  }
  await settle();
  // The order is not promised: now and then a goroutine loses its place.
  expect(log.filter((name) => name.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
  expect(log.filter((name) => name.startsWith("b"))).toEqual(["b1", "b2", "b3"]);
  expect(log.slice(0, 2)).toEqual(["a1", "b1"]);
});

test("goroutines in a loop see their own copy of the variable [G25]", async () => {
  const seen: number[] = [];
  for (let i = 0; i < 3; i++) go(() => seen.push(i));
  for (const i of [3, 4, 5]) go(() => seen.push(i));
  const ch = chan<number>(3);
  for (const i of [6, 7, 8]) ch.trySend(i);
  ch.close();
  for await (const i of ch) go(() => seen.push(i));
  await settle();
  expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

describe("a panic", () => {
  /** Takes over what goroutines throw. */
  function takeOver(): { panics: string[]; [Symbol.dispose](): void } {
    const panics: string[] = [];
    const attached = attach({
      panic(_, error) {
        panics.push(String(error));
        return true;
      },
    });
    return { panics, [Symbol.dispose]: () => attached[Symbol.dispose]() };
  }

  test("that is recovered ends only the call that it unwound [G24]", async () => {
    const log: string[] = [];
    go(async () => {
      try {
        throw new Error("inner");
      } catch (error) {
        log.push(`recovered ${(error as Error).message}`);
      }
      await gosched();
      log.push("goes on");
    });
    go(async () => {
      await gosched();
      log.push("other");
    });
    await settle();
    expect(log.toSorted()).toEqual(["goes on", "other", "recovered inner"]);
  });

  test("leaves the goroutines alone that are started at the same moment [G24]", async () => {
    using taken = takeOver();
    const log: string[] = [];
    for (let i = 0; i < 5; i++) {
      go(() => {
        if (i % 2 === 0) throw new Error(`panic ${i}`);
        log.push(`runs ${i}`);
      });
    }
    await settle();
    expect(log).toEqual(["runs 1", "runs 3"]);
    expect(taken.panics).toEqual(["Error: panic 0", "Error: panic 2", "Error: panic 4"]);
  });
});

test("numGoroutine counts those that have been started and have not ended [G27] [G26]", async () => {
  const before = numGoroutine();
  const gate = chan<void>();
  for (let i = 0; i < 10; i++) go(async () => gate.receive());
  expect(numGoroutine() - before).toBe(10);
  await settle();
  expect(numGoroutine() - before).toBe(10);
  await gate.send();
  await settle();
  expect(numGoroutine() - before).toBe(9);
  gate.close();
  await settle();
  expect(numGoroutine()).toBe(before);
});
