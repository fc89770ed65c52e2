import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("on an engine without Symbol.asyncDispose, as Node 20.0", () => {
  test("everything that can be disposed of has the registered symbol, and no method is called undefined", async () => {
    vi.resetModules();
    const lacking = new Set(["dispose", "asyncDispose"]);
    // Not of Symbol itself, whose properties a proxy must show as they are.
    const original = Symbol;
    const stub = function symbol(description?: string): symbol {
      return original(description);
    };
    for (const name of Object.getOwnPropertyNames(original)) {
      if (lacking.has(name) || name in stub) continue;
      Object.defineProperty(stub, name, Object.getOwnPropertyDescriptor(original, name) as PropertyDescriptor);
    }
    vi.stubGlobal("Symbol", stub);
    const sql = await import("gocsp/sql");
    const { Fake: FreshFake } = await import("./fake/fake.ts");
    const { context } = await import("gocsp");
    const bg = context.background();
    const db = sql.open(new FreshFake());
    db.setMaxIdleConns(5);
    const conn = await db.conn(bg);
    const objects = [db, conn, await db.begin(), await db.prepare("NOTHING"), await db.query("SERIES 3")];
    const key = Symbol.for("Symbol.asyncDispose");
    for (const object of objects.reverse()) {
      const prototype = Object.getPrototypeOf(object) as object;
      expect(Object.getOwnPropertyNames(prototype), object.constructor.name).not.toContain("undefined");
      const dispose = Reflect.get(object, key) as () => Promise<void>;
      if (object !== db) await dispose.call(object);
    }
    expect(db.stats().inUse).toBe(0);
    await (Reflect.get(db, key) as () => Promise<void>).call(db);
    expect(db.stats().openConnections).toBe(0);
  });
});
