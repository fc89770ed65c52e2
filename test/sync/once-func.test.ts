import { go, gosched } from "gocsp";
import { goexit } from "gocsp/runtime";
import { onceFunc, onceValue, onceValues } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { collect } from "../support/memory.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([
  ["onceFunc", onceFunc as (f: () => unknown) => () => unknown],
  ["onceValue", onceValue as (f: () => unknown) => () => unknown],
  ["onceValues", onceValues as unknown as (f: () => unknown) => () => unknown],
])("%s", (name, make) => {
  test("f runs once, when it is first called for [Y30]", () => {
    let calls = 0;
    const f = make(() => void calls++);
    expect(calls).toBe(0);
    for (let i = 0; i < 10; i++) f();
    expect(calls).toBe(1);
  });

  test.each([new Error("f failed"), "a string", undefined, null, 0])(
    "if f throws %o every call throws the same [Y30]",
    (thrown) => {
      let calls = 0;
      const f = make(() => {
        calls++;
        throw thrown;
      });
      const caught: unknown[] = [];
      for (let i = 0; i < 3; i++) {
        try {
          f();
          caught.push("nothing");
        } catch (error) {
          caught.push(error);
        }
      }
      expect([calls, caught]).toEqual([1, [thrown, thrown, thrown]]);
    },
  );

  test("an async f is called once; calls while it runs share its promise [Y33]", async () => {
    let calls = 0;
    const f = make(async () => {
      const call = ++calls;
      await gosched();
      return [call];
    });
    const results = [f(), f(), f()];
    expect([calls, new Set(results).size]).toEqual([1, 1]);
    await results[0];
    expect(f()).toBe(results[0]);
    expect(await f()).toEqual([1]);
  });

  test("an async f that throws gives the same error to all [Y30] [Y33]", async () => {
    const failure = new Error("f failed");
    let calls = 0;
    const f = make(async () => {
      calls++;
      await gosched();
      throw failure;
    });
    for (const result of [f(), f()]) await expect(result).rejects.toBe(failure);
    await expect(f()).rejects.toBe(failure);
    expect(calls).toBe(1);
  });

  test("with goexit in f a second call does not run f again [Y31]", async () => {
    let calls = 0;
    const f = make(() => {
      calls++;
      goexit();
    });
    for (let i = 0; i < 2; i++) go(() => f());
    await settle();
    expect(calls).toBe(1);
  });

  test("f, and what it holds, is released after the first call, also if it throws [Y32]", async () => {
    for (const fails of [false, true]) {
      const [f, held] = holding(make, fails);
      await collect();
      expect(held.deref() !== undefined).toBe(true);
      try {
        f();
      } catch {
        expect(fails).toBe(true);
      }
      await collect();
      expect(held.deref() !== undefined).toBe(false);
      expect(f).toBeTypeOf("function");
    }
  });

  test("f that calls the function made of it gets an error that says so [Y28]", () => {
    const f: () => unknown = make(() => f());
    const text = `sync.${name}: f calls the function that is made of it, which would wait for itself`;
    for (let i = 0; i < 2; i++) expect(f).toThrow(new Error(text));
  });
});

/** In a frame of its own, which references nothing after its return. */
function holding(make: (f: () => unknown) => () => unknown, fails: boolean): [f: () => unknown, held: WeakRef<object>] {
  const object = { large: Array(1000).fill(0) };
  const f = make(() => {
    // An error would reference f, in its unformatted stack.
    if (fails || object.large.length === 0) throw "f failed";
  });
  return [f, new WeakRef(object)];
}

describe("results", () => {
  test("onceFunc returns nothing, onceValue the value, onceValues the tuple, each time the same [Y30]", () => {
    const object = {};
    expect(onceFunc(() => undefined)()).toBeUndefined();
    const value = onceValue(() => object);
    expect([value() === object, value() === object]).toEqual([true, true]);
    const values = onceValues(() => [1, object] as const);
    const [number, same] = values();
    expect([number, same === object, values() === values()]).toEqual([1, true, true]);
  });

  test.each([undefined, null, false, 0, NaN, ""])("onceValue caches %o too [Y30]", (result) => {
    let calls = 0;
    const value = onceValue(() => {
      calls++;
      return result;
    });
    expect([value(), value(), calls]).toEqual([result, result, 1]);
  });
});
