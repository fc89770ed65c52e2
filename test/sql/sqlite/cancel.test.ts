import { context, errors } from "gocsp";
import { StoppedError } from "gocsp/sql/driver";
import { SqliteError } from "gocsp/sql/sqlite";
import { describe, expect, test } from "vitest";
import { bg, connect, connector, endless, failure, one, run, table } from "./support.ts";

describe.each([false, true])("with threads: %s", (threads) => {
  test("a stopped statement throws the context's error, with SQLite's as its cause", async () => {
    const conn = await connect(connector(":memory:", { threads }));
    const [ctx, cancel] = context.withCancel(bg);
    setTimeout(cancel, 10);
    const error = await failure(conn.query(ctx, endless, []));
    expect(error).toBeInstanceOf(StoppedError);
    expect(error.message).toBe("context canceled");
    expect(errors.is(error, context.canceled)).toBe(true);
    expect(error.cause).toBeInstanceOf(SqliteError);
    expect(error.cause).toMatchObject({ code: "SQLITE_INTERRUPT", errno: 9 });
  });

  test("a deadline stops a statement too", async () => {
    const conn = await connect(connector(":memory:", { threads }));
    const [ctx, cancel] = context.withTimeout(bg, 10);
    using _ = cancel;
    expect(errors.is(await failure(conn.exec(ctx, endless, [])), context.deadlineExceeded)).toBe(true);
  });

  test("a statement whose context has ended does not begin", async () => {
    const conn = await connect(connector(":memory:", { threads }));
    await run(conn, table(1));
    const [ctx, cancel] = context.withCancel(bg);
    cancel();
    const error = await failure(conn.exec(ctx, "DELETE FROM t", []));
    expect(errors.is(error, context.canceled)).toBe(true);
    expect(error.cause).toMatchObject({ code: "SQLITE_INTERRUPT" });
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(1);
  });

  test("a long query does not hold up another connection", async () => {
    const from = connector(":memory:", { threads });
    const busy = await connect(from);
    const other = await connect(from);
    const [ctx, cancel] = context.withCancel(bg);
    const running = failure(busy.query(ctx, endless, []));
    expect(await one(other, "SELECT 1")).toBe(1);
    cancel();
    await running;
  });

  test("rows stop when the context of their query ends, and later reads fail with its error", async () => {
    const conn = await connect(connector(":memory:", { threads }));
    await run(conn, table(10_000));
    const [ctx, cancel] = context.withCancel(bg);
    const rows = await conn.query(ctx, "SELECT * FROM t", []);
    await rows.next();
    cancel();
    const error = await failure(rows.next());
    expect(errors.is(error, context.canceled)).toBe(true);
    expect(error.cause).toMatchObject({ code: "SQLITE_INTERRUPT" });
    await rows.close();
    await run(conn, "DELETE FROM t");
  });

  test("a cancel that comes after the end stops nothing", async () => {
    const conn = await connect(connector(":memory:", { threads }));
    for (let round = 0; round < 50; round++) {
      const [ctx, cancel] = context.withCancel(bg);
      await conn.query(ctx, "SELECT 1", []);
      const next = one(
        conn,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT count(*) FROM n",
      );
      cancel();
      expect(await next).toBe(20_000);
    }
  });

  test("a statement that has finished when its cancel comes returns its result", async () => {
    const conn = await connect(connector(":memory:", { threads }));
    await run(conn, table(5));
    const [ctx, cancel] = context.withCancel(bg);
    const deleted = await conn.exec(ctx, "DELETE FROM t", []);
    cancel();
    expect(deleted.rowsAffected()).toBe(5);
  });

  test("sorting, aggregation, indexing and integrity checks can be stopped", async () => {
    const conn = await connect(connector(":memory:", { threads }));
    await run(conn, `PRAGMA temp_store = memory; ${table(200_000)}`);
    for (const text of [
      "SELECT a.name FROM t a, t b ORDER BY random() LIMIT 1",
      "SELECT sum(length(a.name || b.name)) FROM t a, t b",
      "UPDATE t SET name = (SELECT max(b.name || t.name) FROM t b)",
      "SELECT count(*) FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE b.name LIKE '%' || a.i || 'x%')",
    ]) {
      const [ctx, cancel] = context.withTimeout(bg, 5);
      const error = await failure(conn.exec(ctx, text, []));
      cancel();
      expect(errors.is(error, context.deadlineExceeded), text).toBe(true);
    }
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(200_000);
  });

  test("connecting gives up whenever its context ends, and leaves nothing behind", async () => {
    const from = connector(":memory:", { threads });
    await connect(from);
    for (let turns = 0; turns < 40; turns++) {
      const [ctx, cancel] = context.withCancel(bg);
      const connecting = from.connect(ctx);
      for (let n = 0; n < turns; n++) await Promise.resolve();
      cancel();
      await connecting.then(
        (conn) => conn.close(),
        (error: unknown) => expect(errors.is(error, context.canceled), String(error)).toBe(true),
      );
    }
    expect(await one(await connect(from), "SELECT 1")).toBe(1);
  });

  test("connecting to a thread that starts gives up when its context ends", async () => {
    const from = connector(":memory:", { threads });
    const [ctx, cancel] = context.withCancel(bg);
    const connecting = failure(from.connect(ctx));
    cancel();
    expect(errors.is(await connecting, context.canceled)).toBe(true);
    expect(await one(await connect(from), "SELECT 1")).toBe(1);
  });
});

test("a statement that waits in the queue of a busy thread is stopped as well", async () => {
  const from = connector(":memory:", { threads: true });
  const conns = await Promise.all(Array.from({ length: 4 }, () => connect(from)));
  // There are no more threads than that: it shares one of them.
  const fifth = await connect(from);
  await run(fifth, table(1));
  const [long, stopLong] = context.withCancel(bg);
  const running = conns.map((conn) => failure(conn.query(long, endless, [])));
  const [short, stopShort] = context.withCancel(bg);
  const queued = failure(fifth.exec(short, "DELETE FROM t", []));
  stopShort();
  // It settles when the thread gets to it.
  setTimeout(stopLong, 30);
  expect(errors.is(await queued, context.canceled)).toBe(true);
  for (const error of await Promise.all(running)) expect(errors.is(error, context.canceled)).toBe(true);
  expect(await one(fifth, "SELECT count(*) FROM t")).toBe(1);
});
