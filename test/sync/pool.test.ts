import { inspect } from "node:util";
import { gosched } from "gocsp";
import { Pool, WaitGroup } from "gocsp/sync";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { collect, collectOnce, heapGrowth, survivors } from "../support/memory.ts";

expectNoGoroutinesLeft();

test("get gives what was put, or makes a new one [Y46]", () => {
  let made = 0;
  const pool = new Pool(() => ({ id: ++made }));
  const first = pool.get();
  pool.put(first);
  // Either of the two would be right.
  expect([1, 2]).toContain(pool.get().id);
  const outside = { id: -1 };
  pool.put(outside);
  const next = pool.get();
  expect(next === outside || next.id === made).toBe(true);
});

test("what is put is used again as long as there is any of it, the one put last first [Y46]", () => {
  let made = 0;
  const pool = new Pool(() => ++made);
  pool.put(-1);
  expect([pool.get(), pool.get()]).toEqual([-1, 1]);
  for (const item of [-2, -3]) pool.put(item);
  expect([pool.get(), pool.get(), pool.get()]).toEqual([-3, -2, 2]);
});

test("without a function to make one an empty pool gives undefined [Y46]", () => {
  const pool = new Pool<string | undefined>();
  expect(pool.get()).toBeUndefined();
  pool.put("a");
  pool.put("b");
  const got = [pool.get(), pool.get(), pool.get()];
  expect(got.filter((item) => item !== undefined).every((item) => ["a", "b"].includes(item))).toBe(true);
  expect(new Set(got.filter((item) => item !== undefined)).size).toBe(got.filter((item) => item !== undefined).length);
  expect(pool.get()).toBeUndefined();
});

test("null and undefined are not put [Y46]", () => {
  let made = 0;
  const pool = new Pool<number | null | undefined>(() => ++made);
  pool.put(null);
  pool.put(undefined);
  expect([pool.get(), pool.get(), made]).toEqual([1, 2, 2]);
});

test("other values that count as false are [Y46]", () => {
  for (const value of [0, "", false, NaN]) {
    const pool = new Pool<unknown>(() => "new");
    pool.put(value);
    expect([value, "new"]).toContainEqual(pool.get());
  }
});

test("no object is given to two at the same time [Y46]", async () => {
  const pool = new Pool(() => ({ used: false }));
  const wg = new WaitGroup();
  let clashes = 0;
  for (let g = 0; g < 20; g++) {
    wg.go(async () => {
      for (let i = 0; i < 100; i++) {
        const item = pool.get();
        if (item.used) clashes++;
        item.used = true;
        await gosched();
        item.used = false;
        pool.put(item);
      }
    });
  }
  await wg.wait();
  expect(clashes).toBe(0);
});

test("it keeps no more than it may ever need [Y46]", async () => {
  const pool = new Pool(() => Array.from({ length: 100 }, () => 0));
  const grown = await heapGrowth(() => {
    for (let i = 0; i < 20_000; i++) pool.put(Array.from({ length: 100 }, (_, j) => j));
  });
  // All of them would be 16 MB.
  expect(grown).toBeLessThan(4_000_000);
  expect(pool.get().length).toBe(100);
});

test("an object that is not taken is gone after two collections, and not after one [Y46]", async () => {
  const pool = new Pool<object | undefined>();
  const references = new Map<string, WeakRef<object>>();
  const fill = (): void => {
    for (let i = 0; i < 100; i++) {
      const item = { i };
      pool.put(item);
      references.set(`item ${i}`, new WeakRef(item));
    }
  };
  fill();
  expect(`${pool}`).toBe("Pool(100)");
  await collectOnce();
  expect(`${pool}`).toBe("Pool(100)");
  expect(await survivors(references)).toEqual([]);
  expect(`${pool}`).toBe("Pool(0)");
  expect(pool.get()).toBeUndefined();
  pool.put({});
  expect(`${pool}`).toBe("Pool(1)");
  await collect();
  expect(`${pool}`).toBe("Pool(0)");
});

test("it takes no more than 1,024 between two collections [Y46]", () => {
  const pool = new Pool(() => 0);
  for (let i = 1; i <= 5000; i++) pool.put(i);
  expect(`${pool}`).toBe("Pool(1024)");
  expect(pool.get()).toBe(1024);
  pool.put(1);
  pool.put(2);
  expect(`${pool}`).toBe("Pool(1024)");
});

test("what is taken between collections stays in use [Y46]", async () => {
  let made = 0;
  const pool = new Pool(() => ({ made: ++made }));
  let item = pool.get();
  for (let i = 0; i < 5; i++) {
    pool.put(item);
    await collectOnce();
    item = pool.get();
  }
  expect(made).toBe(1);
});

test("a pool that is dropped is collected with what it holds [Y46]", async () => {
  const references = new Map<string, WeakRef<object>>();
  (() => {
    const pool = new Pool(() => ({}));
    const item = {};
    pool.put(item);
    references.set("pool", new WeakRef(pool)).set("item", new WeakRef(item));
  })();
  expect(await survivors(references)).toEqual([]);
});

test("a pool prints how many objects it holds [Y50]", () => {
  const pool = new Pool(() => "made");
  expect(inspect(pool)).toBe("Pool(0)");
  pool.put("a");
  expect(inspect({ pool })).toBe("{ pool: Pool(1) }");
});
