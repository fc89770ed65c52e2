import { expect, test } from "vitest";
import { all, args, bg, connect, connector, one, run, table } from "./support.ts";

test("columns have their names, which may occur twice, and the types they were declared with", async () => {
  const conn = await connect();
  await run(conn, "CREATE TABLE t(a INTEGER PRIMARY KEY, b VARCHAR(20), c)");
  const rows = await conn.query(bg, "SELECT a, b, c, a + 1 AS a FROM t", []);
  expect(rows.columns).toEqual([
    { name: "a", databaseTypeName: "INTEGER" },
    { name: "b", databaseTypeName: "VARCHAR(20)" },
    { name: "c", databaseTypeName: "" },
    { name: "a", databaseTypeName: "" },
  ]);
  await rows.close();
});

test("rows come in batches, and all of them", async () => {
  const conn = await connect();
  await run(conn, table(1000));
  const rows = await conn.query(bg, "SELECT i FROM t ORDER BY i", []);
  const sizes = [];
  const found = [];
  for (let batch = await rows.next(); batch.length > 0; batch = await rows.next()) {
    sizes.push(batch.length);
    found.push(...batch.map(([i]) => i));
  }
  expect(found).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(256);
  expect(await rows.next()).toEqual([]);
});

test("a batch of large rows has few of them", async () => {
  const conn = await connect();
  await run(conn, table(100));
  const large = await conn.query(bg, "SELECT zeroblob(200000) FROM t", []);
  const batch = await large.next();
  expect(batch.length).toBeLessThanOrEqual(2);
  expect(batch[0]?.[0]).toEqual(new Uint8Array(200_000));
  await large.close();
});

test("the first rows of a query that goes on for ever come at once", async () => {
  const conn = await connect();
  const rows = await conn.query(
    bg,
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    [],
  );
  expect((await rows.next())[0]).toEqual([1]);
  expect((await rows.next()).length).toBeGreaterThan(0);
  await rows.close();
  expect(await one(conn, "SELECT 1")).toBe(1);
});

test("several rows can be open on one connection, with statements between them", async () => {
  const conn = await connect();
  await run(conn, table(1000));
  const statement = await conn.prepare(bg, "SELECT i FROM t WHERE i > ? ORDER BY i");
  const first = await statement.query(bg, args(0));
  const second = await statement.query(bg, args(500));
  const head = await first.next();
  const tail = await second.next();
  expect([head[0], tail[0]]).toEqual([[1], [501]]);
  expect(await run(conn, "UPDATE t SET name = 'x' WHERE i = 1000")).toBe(1);
  expect((await statement.exec(bg, args(990))).rowsAffected()).toBe(0);
  expect((await first.next())[0]).toEqual([1 + head.length]);
  expect((await second.next())[0]).toEqual([501 + tail.length]);
  await first.close();
  await second.close();
  await statement.close();
});

test("closing rows early lets others write", async () => {
  const from = connector(":memory:", { busyTimeout: 0 });
  const reader = await connect(from);
  const writer = await connect(from);
  await run(reader, table(10_000));
  const rows = await reader.query(bg, "SELECT * FROM t", []);
  await rows.next();
  await expect(run(writer, "DELETE FROM t")).rejects.toMatchObject({
    code: "SQLITE_BUSY",
    message: "database is locked",
  });
  await rows.close();
  expect(await run(writer, "DELETE FROM t")).toBe(10_000);
});

test("rows that were read to the end let others write without being closed", async () => {
  const from = connector(":memory:", { busyTimeout: 0 });
  const reader = await connect(from);
  const writer = await connect(from);
  await run(reader, table(10));
  const rows = await reader.query(bg, "SELECT * FROM t", []);
  let count = 0;
  for (let batch = await rows.next(); batch.length > 0; batch = await rows.next()) count += batch.length;
  expect(count).toBe(10);
  expect(await run(writer, "DELETE FROM t")).toBe(10);
});

test("a statement that changes something does so without its rows being read", async () => {
  const conn = await connect();
  await run(conn, table(0));
  await (await conn.query(bg, "INSERT INTO t VALUES (1, 'a')", [])).close();
  const rows = await conn.query(bg, "INSERT INTO t VALUES (2, 'b'), (3, 'c') RETURNING i, name", []);
  expect(rows.columns.map(({ name }) => name)).toEqual(["i", "name"]);
  await rows.close();
  expect(await one(conn, "SELECT count(*) FROM t")).toBe(3);
});

test("exec runs what has rows, and drops them", async () => {
  const conn = await connect();
  await run(conn, table(1000));
  expect(await run(conn, "SELECT * FROM t")).toBe(0);
  expect(await run(conn, "DELETE FROM t WHERE i > 600 RETURNING i")).toBe(400);
});

test("rowsAffected counts what the statement itself has changed", async () => {
  const conn = await connect();
  expect(await run(conn, "CREATE TABLE t(a INTEGER PRIMARY KEY); CREATE TABLE log(a)")).toBe(0);
  await run(conn, "CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a), (new.a); END");
  const result = await conn.exec(bg, "INSERT INTO t VALUES (9007199254740993)", []);
  expect(result.rowsAffected()).toBe(1);
  expect(result.lastInsertId()).toBe(9007199254740993n);
  expect(await run(conn, "UPDATE t SET a = a WHERE false")).toBe(0);
  expect(await run(conn, "CREATE TABLE other(a)")).toBe(0);
});

test("a table that has changed since a statement was prepared shows its new columns", async () => {
  const conn = await connect();
  await run(conn, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
  const statement = await conn.prepare(bg, "SELECT * FROM t");
  await run(conn, "ALTER TABLE t ADD COLUMN b DEFAULT 2");
  const rows = await statement.query(bg, []);
  expect(rows.columns.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(await rows.next()).toEqual([[1, 2]]);
});

test("all connections share one database in memory, and each connector has its own", async () => {
  const from = connector();
  const first = await connect(from);
  await run(first, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
  const others = await Promise.all(Array.from({ length: 10 }, () => connect(from)));
  for (const other of others) expect(await one(other, "SELECT a FROM t")).toBe(1);
  expect(await one(await connect(), "SELECT count(*) FROM sqlite_schema")).toBe(0);
});

test("a database in memory is there as long as its connector, without any connection", async () => {
  const from = connector();
  const conn = await from.connect(bg);
  await run(conn, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
  await conn.close();
  expect(await all(await connect(from), "SELECT a FROM t")).toEqual([[1]]);
});

test.each(["TRUNCATE", "PERSIST", "MEMORY"])("the journal mode %s works in memory too", async (mode) => {
  const from = connector();
  const conn = await connect(from);
  const other = await connect(from);
  await run(conn, table(1000));
  expect(await one(conn, `PRAGMA journal_mode = ${mode}`)).toBe(mode.toLowerCase());
  await run(conn, "BEGIN; DELETE FROM t; ROLLBACK; BEGIN; DELETE FROM t WHERE i > 500; COMMIT");
  expect(await one(other, "SELECT count(*) FROM t")).toBe(500);
  expect(await one(other, "PRAGMA integrity_check")).toBe("ok");
});
