// sql: the embedded engine, in memory. Not in a page: the pool is portable, the engine's threads are Node's.
import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { check, equal, thrownBy } from "./check.mjs";

const background = context.background();
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

if (globalThis.process?.versions?.node !== undefined) {
  const { sqlite, SqliteError } = await import("gocsp/sql/sqlite");
  const db = sql.open(sqlite(":memory:"));

  await check("sql: rows come back as they went in", async () => {
    await db.exec("CREATE TABLE album (id INTEGER PRIMARY KEY, title TEXT, cover BLOB, price REAL)");
    const inserted = await db.exec(
      "INSERT INTO album (title, cover, price) VALUES (?, ?, ?), (?, NULL, NULL)",
      "Blue Train",
      new Uint8Array([0, 255]),
      56.99,
      "Jeru'; DROP TABLE album; --",
    );
    equal(inserted.rowsAffected(), 2);
    const rows = await db.query("SELECT * FROM album ORDER BY id");
    const [first, second] = await rows.toArray();
    equal([first.id, first.title, [...first.cover].join(), first.price].join(" "), "1 Blue Train 0,255 56.99");
    equal([second.id, second.title, second.cover, second.price].join(" "), "2 Jeru'; DROP TABLE album; --  ");
  });

  await check("sql: an endless query stops at its deadline, and the connection is good", async () => {
    const [ctx, cancel] = context.withTimeout(background, 50 * time.millisecond);
    const error = await thrownBy(() => db.queryRowContext(ctx, endless).scan());
    cancel();
    equal(errors.is(error, context.deadlineExceeded), true);
    equal(error.cause instanceof SqliteError, true);
    const [answer] = await db.queryRow("SELECT 42").scan(sql.int);
    equal(answer, 42);
    equal(db.stats().inUse, 0);
    equal(db.stats().openConnections, 1);
  });

  await check("sql: a transaction rolls back when its context ends", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const tx = await db.beginTx(ctx);
    await tx.execContext(ctx, "DELETE FROM album");
    cancel();
    equal(await thrownBy(() => tx.commit()), context.canceled);
    const [count] = await db.queryRow("SELECT count(*) FROM album").scan(sql.int);
    equal(count, 2);
  });

  await db.close();
}
