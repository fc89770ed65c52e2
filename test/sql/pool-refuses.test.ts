import { type Context, nilChan } from "gocsp";
import { describe, expect, test } from "vitest";
import { calledOnce } from "../../src/sql/lease.ts";
import { Pool } from "../../src/sql/pool.ts";
import { settle } from "../support/settle.ts";
import { Fake } from "./fake/fake.ts";
import { background, expectAllClosed } from "./fake/open.ts";

expectAllClosed();

describe("a pool", () => {
  test("refuses a connection that it has already, and counts on as before [Q26]", async () => {
    const pool = new Pool(new Fake());
    const connection = await pool.acquire(background, false);
    pool.release(connection);
    expect(() => pool.release(connection)).toThrow("sql: internal error: a connection was given back that is idle");
    expect(pool.stats()).toMatchObject({ openConnections: 1, inUse: 0, idle: 1 });
    const again = await pool.acquire(background, false);
    expect(again).toBe(connection);
    expect(await pool.acquire(background, false)).not.toBe(connection);
    pool.release(again);
    await pool.close();
  });

  test("refuses a connection that it has closed [Q26]", async () => {
    const pool = new Pool(new Fake());
    const connection = await pool.acquire(background, false);
    connection.spoiled = true;
    pool.release(connection);
    await settle();
    expect(() => pool.release(connection)).toThrow("sql: internal error: a connection was given back that is closed");
    expect(pool.stats()).toMatchObject({ openConnections: 0, inUse: 0, idle: 0 });
    await pool.close();
  });

  test("lets nobody wait whose context has given the only connection back as it was asked [Q3]", async () => {
    const pool = new Pool(new Fake());
    pool.setMaxOpen(1);
    const connection = await pool.acquire(background, false);
    let asked = 0;
    const ctx: Context = {
      deadline: () => undefined,
      done: () => {
        if (asked++ === 0) pool.release(connection);
        return nilChan<never>();
      },
      err: () => undefined,
      value: () => undefined,
    };
    expect(await pool.acquire(ctx, false)).toBe(connection);
    expect(pool.stats()).toMatchObject({ openConnections: 1, inUse: 1, idle: 0, waitCount: 1 });
    pool.release(connection);
    await pool.close();
  });

  test("a lease refuses to be given back twice, although another user may have the connection by then [Q26]", () => {
    const errors: unknown[] = [];
    const release = calledOnce((error) => errors.push(error));
    release("first");
    expect(() => release("second")).toThrow("sql: internal error: a connection was given back twice");
    expect(errors).toEqual(["first"]);
  });
});
