import { go, gosched } from "gocsp";
import { Map, WaitGroup } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

/** What range visits, in its order. */
function entries<K, V>(map: Map<K, V>): [K, V][] {
  const visited: [K, V][] = [];
  map.range((key, value) => visited.push([key, value]) > 0);
  return visited;
}

const missing = [undefined, false];

describe("operations", () => {
  test("load, store, swap and delete [Y42]", () => {
    const map = new Map<string, number>();
    expect(map.load("a")).toEqual(missing);
    map.store("a", 1);
    expect(map.load("a")).toEqual([1, true]);
    map.store("a", 2);
    expect(map.swap("a", 3)).toEqual([2, true]);
    expect(map.swap("b", 4)).toEqual(missing);
    expect(entries(map)).toEqual([
      ["a", 3],
      ["b", 4],
    ]);
    map.delete("a");
    map.delete("a");
    expect([map.load("a"), map.load("b")]).toEqual([missing, [4, true]]);
  });

  test("loadOrStore and loadAndDelete tell whether there was a value [Y42]", () => {
    const map = new Map<string, number>();
    expect(map.loadOrStore("a", 1)).toEqual([1, false]);
    expect(map.loadOrStore("a", 2)).toEqual([1, true]);
    expect(map.loadAndDelete("a")).toEqual([1, true]);
    expect(map.loadAndDelete("a")).toEqual(missing);
    expect(map.loadOrStore("a", 3)).toEqual([3, false]);
  });

  test("compareAndSwap and compareAndDelete act only on the expected value [Y42]", () => {
    const map = new Map<string, number>();
    map.store("a", 1);
    expect([map.compareAndSwap("a", 2, 3), map.load("a")]).toEqual([false, [1, true]]);
    expect([map.compareAndSwap("a", 1, 3), map.load("a")]).toEqual([true, [3, true]]);
    expect([map.compareAndDelete("a", 1), map.load("a")]).toEqual([false, [3, true]]);
    expect([map.compareAndDelete("a", 3), map.load("a")]).toEqual([true, missing]);
  });

  test("values compare as in Go: 0 and -0 are equal, NaN is not equal to itself [Y42]", () => {
    const map = new Map<string, unknown>();
    map.store("a", -0);
    expect([map.compareAndSwap("a", 0, NaN), map.compareAndSwap("a", NaN, 1)]).toEqual([true, false]);
    expect(map.compareAndDelete("a", NaN)).toBe(false);
    const object = {};
    map.store("a", object);
    expect([map.compareAndSwap("a", {}, 1), map.compareAndSwap("a", object, "1")]).toEqual([false, true]);
    expect(map.compareAndDelete("a", 1)).toBe(false);
  });

  test("on a missing key they are false even if undefined is expected [Y43]", () => {
    const map = new Map<string, unknown>();
    expect(map.compareAndSwap("a", undefined, 1)).toBe(false);
    expect(map.compareAndDelete("a", undefined)).toBe(false);
    expect(map.load("a")).toEqual(missing);
    map.store("a", undefined);
    expect(map.compareAndSwap("a", undefined, null)).toBe(true);
    expect(map.compareAndDelete("a", undefined)).toBe(false);
    expect(map.compareAndDelete("a", null)).toBe(true);
  });

  test("any key and any value is legal [Y42]", () => {
    const odd = [undefined, null, 0, "", false, NaN, {}, [], Symbol("s"), () => 1, Promise.resolve()];
    const map = new Map<unknown, unknown>();
    for (const key of odd) {
      expect(map.load(key)).toEqual(missing);
      for (const value of odd) {
        map.store(key, value);
        expect(map.load(key)).toEqual([value, true]);
        expect(map.loadOrStore(key, 1)).toEqual([value, true]);
      }
    }
    expect(entries(map).length).toBe(odd.length);
    expect(map.load("0")).toEqual(missing);
    expect(map.load({})).toEqual(missing);
  });

  test("clear removes all keys [Y42]", () => {
    const map = new Map<number, number>();
    for (let i = 0; i < 100; i++) map.store(i, i);
    map.clear();
    expect([entries(map), map.load(1)]).toEqual([[], missing]);
    map.store(1, 1);
    expect(entries(map)).toEqual([[1, 1]]);
  });
});

test("of concurrent loadOrStore calls exactly one stores, and all get its value [Y45]", async () => {
  const map = new Map<string, object>();
  const wg = new WaitGroup();
  const results: [object, boolean][] = [];
  for (let i = 0; i < 20; i++) {
    wg.go(async () => {
      for (let waits = i % 4; waits > 0; waits--) await gosched();
      results.push(map.loadOrStore("key", { by: i }));
    });
  }
  await wg.wait();
  expect(new Set(results.map(([value]) => value)).size).toBe(1);
  expect(results.filter(([, loaded]) => !loaded).length).toBe(1);
});

describe("range", () => {
  const filled = (): Map<number, string> => {
    const map = new Map<number, string>();
    for (let i = 0; i < 5; i++) map.store(i, `value ${i}`);
    return map;
  };

  test("visits every key once and stops when f returns false [Y44]", () => {
    expect(entries(filled()).map(([key]) => key)).toEqual([0, 1, 2, 3, 4]);
    const visited: number[] = [];
    filled().range((key) => visited.push(key) < 3);
    expect(visited).toEqual([0, 1, 2]);
  });

  test("tolerates any call from f, also for the current key [Y44]", () => {
    const map = filled();
    const visited: string[] = [];
    map.range((key, value) => {
      visited.push(`${key} ${value}`);
      map.delete(key);
      map.store(key, "stored again");
      map.loadOrStore(key + 10, "new");
      map.swap(key + 1, "swapped");
      map.compareAndSwap(key + 1, "swapped", "swapped twice");
      map.range((inner) => {
        map.loadAndDelete(inner + 20);
        return inner < 2;
      });
      return key < 10;
    });
    expect(visited.slice(0, 5)).toEqual(["0 value 0", ...[1, 2, 3, 4].map((key) => `${key} swapped twice`)]);
    expect(new Set(visited).size).toBe(visited.length);
  });

  test("a key that is removed before its turn is not visited, and comes at most once if it returns [Y44]", () => {
    const map = filled();
    const visited: number[] = [];
    map.range((key) => {
      visited.push(key);
      if (key === 0) map.delete(1);
      if (key === 2) map.store(1, "back");
      return true;
    });
    expect([0, 2, 3, 4].every((key) => visited.includes(key))).toBe(true);
    expect(new Set(visited).size).toBe(visited.length);
    const cleared: number[] = [];
    map.range((key) => (map.clear(), cleared.push(key) > 0));
    expect(cleared).toEqual([0]);
  });

  test("an endless source of new keys does not make it endless [Y44]", () => {
    const map = filled();
    let visits = 0;
    map.range((key) => (map.store(key + 100, "new"), ++visits < 10_000));
    expect(visits).toBe(5);
  });

  test("sees every key that is there throughout while others change the map [Y44]", async () => {
    const map = new Map<number, number>();
    for (let i = 0; i < 1024; i++) map.store(i, i);
    const run = { stop: false };
    go(async () => {
      for (let round = 1; !run.stop; round++) {
        for (let i = round % 7; i < 1024; i += 7) map.store(i, i * round);
        await gosched();
      }
    });
    for (let round = 0; round < 20; round++) {
      const seen = new Set<number>();
      map.range((key, value) => {
        expect([value % Math.max(key, 1), seen.has(key)]).toEqual([0, false]);
        return seen.add(key).size > 0;
      });
      expect(seen.size).toBe(1024);
      await gosched();
    }
    run.stop = true;
  });

  test("what f throws goes to the caller [Y44]", () => {
    const failure = new Error("f failed");
    expect(() =>
      filled().range(() => {
        throw failure;
      }),
    ).toThrow(failure);
  });
});
