import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { context, errors } from "gocsp";
import { sqlite, SqliteError } from "gocsp/sql/sqlite";
import { expect, test } from "vitest";
import { native, start } from "./process.ts";
import { all, bg, cleanup, connect, connector, endless, failure, newFile, one, run, table } from "./support.ts";

/** Asks Node's SQLite, in this process, about a file that is closed. */
function judge(path: string, query: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return Object.values(db.prepare(query).get() ?? {})[0];
  } finally {
    db.close();
  }
}

test("a file that was written is one that SQLite finds in order", async () => {
  const path = newFile();
  const from = sqlite(path);
  const conn = (await from.connect(bg)) as Awaited<ReturnType<typeof connect>>;
  await run(conn, `${table(10_000)}; CREATE INDEX by_name ON t(name); DELETE FROM t WHERE i % 3 = 0; VACUUM`);
  await conn.close();
  await from.close?.();
  expect(judge(path, "PRAGMA integrity_check")).toBe("ok");
  expect(judge(path, "SELECT count(*) FROM t")).toBe(6667);
  expect(existsSync(`${path}-journal`)).toBe(false);
});

test("a file that SQLite has written can be read and changed", async () => {
  const path = newFile();
  const db = new DatabaseSync(path);
  db.exec("CREATE TABLE t(a); INSERT INTO t VALUES ('grün'), (x'00ff'), (NULL), (1.5)");
  db.close();
  const conn = await connect(connector(path));
  expect(await all(conn, "SELECT a FROM t")).toEqual([["grün"], [new Uint8Array([0, 255])], [null], [1.5]]);
  await run(conn, "DELETE FROM t WHERE a IS NULL");
});

test("a path, a relative path, a file: URL and a file: string name the same database", async () => {
  const path = newFile("a b.db");
  await run(await connect(connector(path)), "CREATE TABLE t(a)");
  const names = [relative(process.cwd(), path), `file:${path}`, `file:${relative(process.cwd(), path)}`];
  for (const name of [...names, pathToFileURL(path).href]) {
    expect(await one(await connect(connector(name)), "SELECT count(*) FROM sqlite_schema")).toBe(1);
  }
  const from = sqlite(pathToFileURL(path));
  cleanup(() => from.close?.());
  expect(await one(await connect(from), "SELECT count(*) FROM sqlite_schema")).toBe(1);
});

test("two connectors of one file, also by a link, see each other's locks", async () => {
  const path = newFile();
  const first = await connect(connector(path, { busyTimeout: 0 }));
  await run(first, table(10));
  const link = join(dirname(path), "link.db");
  const hard = join(dirname(path), "hard.db");
  symlinkSync(path, link);
  linkSync(path, hard);
  const tx = await first.begin(bg, { isolation: "Default", readOnly: false });
  for (const name of [path, link, hard]) {
    const other = await connect(connector(name, { busyTimeout: 0 }));
    expect(await one(other, "SELECT count(*) FROM t")).toBe(10);
    expect(await failure(run(other, "DELETE FROM t"))).toMatchObject({ code: "SQLITE_BUSY" });
  }
  await tx.commit();
});

test("other processes find the file locked until it is closed", async () => {
  const path = newFile();
  const from = sqlite(path);
  const conn = await from.connect(bg);
  await run(conn, "CREATE TABLE t(a)");
  expect(await native(path, `db.exec("INSERT INTO t VALUES (1)"); say("written")`)).toBe("database is locked");
  expect(await native(path, `say(db.prepare("SELECT * FROM t").all())`)).toBe("database is locked");
  await conn.close();
  expect(await native(path, `db.exec("INSERT INTO t VALUES (1)"); say("written")`)).toBe("database is locked");
  await from.close?.();
  expect(await native(path, `db.exec("INSERT INTO t VALUES (1)"); say("written")`)).toBe('"written"');
});

test("a file stays locked for others when one of two connectors is closed", async () => {
  const path = newFile();
  const kept = await connect(connector(path));
  await run(kept, "CREATE TABLE t(a)");
  const other = sqlite(path);
  await (await other.connect(bg)).close();
  await other.close?.();
  expect(await native(path, `db.exec("INSERT INTO t VALUES (1)"); say("written")`)).toBe("database is locked");
  await run(kept, "INSERT INTO t VALUES (2)");
});

test("a file that another program has locked is waited for, until the context ends or it takes too long", async () => {
  const path = newFile();
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE t(a); BEGIN EXCLUSIVE");
  expect(await failure(sqlite(path, { busyTimeout: 0 }).connect(bg))).toMatchObject({ code: "SQLITE_BUSY", errno: 5 });
  const [ctx, cancel] = context.withTimeout(bg, 20);
  const stopped = await failure(sqlite(path).connect(ctx));
  cancel();
  expect(errors.is(stopped, context.deadlineExceeded)).toBe(true);
  expect(stopped.cause).toMatchObject({ code: "SQLITE_BUSY" });
  const connecting = connect(connector(path));
  other.exec("COMMIT");
  other.close();
  expect(await one(await connecting, "SELECT count(*) FROM t")).toBe(0);
});

test("many who connect at once while the file is locked share one lock", async () => {
  const path = newFile();
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE t(a); BEGIN EXCLUSIVE");
  const from = connector(path);
  const connecting = Promise.all(Array.from({ length: 5 }, () => connect(from)));
  other.exec("COMMIT");
  other.close();
  for (const conn of await connecting) await run(conn, "INSERT INTO t VALUES (1)");
});

test("a file that is only read can be read by others, and changed by nobody", async () => {
  const path = newFile();
  expect(await failure(sqlite(path, { readOnly: true }).connect(bg))).toMatchObject({ code: "SQLITE_CANTOPEN" });
  const db = new DatabaseSync(path);
  db.exec("CREATE TABLE t(a)");
  db.close();
  const conn = await connect(connector(path, { readOnly: true }));
  expect(await failure(run(conn, "INSERT INTO t VALUES (1)"))).toMatchObject({ code: "SQLITE_READONLY" });
  expect(await native(path, `say(db.prepare("SELECT count(*) AS n FROM t").get())`)).toBe('{"n":0}');
  expect(await native(path, `db.exec("INSERT INTO t VALUES (1)"); say("written")`)).toBe("database is locked");
  // One who writes may join: then the others are shut out.
  const writer = await connect(connector(path));
  await run(writer, "INSERT INTO t VALUES (1)");
  expect(await one(conn, "SELECT count(*) FROM t")).toBe(1);
  expect(await native(path, `say(db.prepare("SELECT count(*) AS n FROM t").get())`)).toBe("database is locked");
});

// Root may do everything.
test.skipIf(process.getuid?.() === 0)("a file that may not be written can be read", async () => {
  const path = newFile();
  new DatabaseSync(path).exec("CREATE TABLE t(a)");
  chmodSync(path, 0o444);
  expect(await failure(sqlite(path).connect(bg))).toMatchObject({ code: "SQLITE_READONLY" });
  expect(await one(await connect(connector(path, { readOnly: true })), "SELECT count(*) FROM t")).toBe(0);
});

test("a file with a write-ahead log is refused, with a word on how to convert it; converted it is welcome", async () => {
  const path = newFile();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a)");
  db.close();
  const other = `; or sqlite3 ${path} "PRAGMA journal_mode = DELETE" takes it off`;
  const writing = 'open it with { pragmas: { journal_mode: "wal" } }';
  const reading = `a reader needs another connector of this process that has opened it before with { pragmas: { journal_mode: "wal" } }, without readOnly`;
  for (const [options, advice] of [
    [{}, writing],
    [{ pragmas: { journal_mode: "delete" } }, writing],
    [{ readOnly: true }, reading],
    // Which has asked for it already.
    [{ readOnly: true, pragmas: { journal_mode: "wal" } }, reading],
  ] as const) {
    const error = await failure(sqlite(path, options).connect(bg));
    expect(error).toBeInstanceOf(SqliteError);
    expect(error.message).toBe(`sqlite: ${path} has a write-ahead log: ${advice}${other}`);
  }
  const again = new DatabaseSync(path);
  again.exec("PRAGMA journal_mode = DELETE");
  again.close();
  expect(await one(await connect(connector(path)), "SELECT count(*) FROM t")).toBe(0);
});

test("a connection cannot turn on the write-ahead log by itself", async () => {
  const conn = await connect(connector(newFile()));
  expect(await one(conn, "PRAGMA journal_mode = WAL")).toBe("delete");
  await run(conn, "CREATE TABLE t(a)");
});

test.each(["DELETE", "TRUNCATE", "PERSIST", "MEMORY"])("the journal mode %s works", async (mode) => {
  const path = newFile();
  const from = sqlite(path, { pragmas: { journal_mode: mode } });
  const conn = await from.connect(bg);
  await run(conn, table(1000));
  await run(conn, "BEGIN; DELETE FROM t; ROLLBACK; BEGIN; DELETE FROM t WHERE i > 500; COMMIT");
  await conn.close();
  await from.close?.();
  expect(judge(path, "PRAGMA integrity_check")).toBe("ok");
  expect(judge(path, "SELECT count(*) FROM t")).toBe(500);
});

test("what is no database, a folder and a path into nowhere are clear errors, and leave nothing locked", async () => {
  const path = newFile();
  writeFileSync(path, "this is a text of more than a few bytes, which is no database at all ".repeat(100));
  expect(await failure(sqlite(path).connect(bg))).toMatchObject({ code: "SQLITE_NOTADB" });
  expect(readFileSync(path, "utf8")).toContain("no database at all");
  const folder = newFile("folder");
  mkdirSync(folder);
  expect(await failure(sqlite(folder).connect(bg))).toMatchObject({ code: "SQLITE_CANTOPEN" });
  const nowhere = join(folder, "no", "such", "file.db");
  const error = await failure(sqlite(nowhere).connect(bg));
  expect(error).toMatchObject({ code: "SQLITE_CANTOPEN" });
  expect(error.message).toBe(`unable to open database file: ${nowhere}`);
});

test("a database with another page size works", async () => {
  const path = newFile();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA page_size = 512; CREATE TABLE u(a); INSERT INTO u VALUES ('grün')");
  db.close();
  const from = sqlite(path);
  const conn = await from.connect(bg);
  expect(await all(conn, "PRAGMA page_size")).toEqual([[512]]);
  await run(conn, table(1000));
  await conn.close();
  await from.close?.();
  expect(judge(path, "PRAGMA integrity_check")).toBe("ok");
});

test("a database in UTF-16 is refused with a clear error", async () => {
  const path = newFile();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a)");
  db.close();
  const error = await failure(sqlite(path).connect(bg));
  expect(error.message).toBe(`sqlite: ${path} is encoded in UTF-16le, only UTF-8 is supported`);
});

test("a process killed in the middle of a transaction loses that one, and nothing else", async () => {
  const path = newFile();
  await prepared(path);
  const { child, says, ended } = start("transaction", path);
  await says("ready");
  expect(existsSync(`${path}-journal`)).toBe(true);
  child.kill("SIGKILL");
  expect((await ended).signal).toBe("SIGKILL");
  // Whoever comes next takes it back: here it is this driver.
  expect(await one(await connect(connector(path)), "SELECT count(*) FROM t WHERE name LIKE '%changed'")).toBe(0);
});

test("what a killed process left half done is also taken back by SQLite itself", async () => {
  const path = newFile();
  await prepared(path);
  const { child, says, ended } = start("transaction", path);
  await says("ready");
  child.kill("SIGKILL");
  await ended;
  const db = new DatabaseSync(path);
  expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  expect(db.prepare("SELECT count(*) AS n FROM t WHERE name LIKE '%changed'").get()).toEqual({ n: 0 });
  db.close();
});

test("a process that exits in the middle of a transaction exits at once and leaves the file in order", async () => {
  const path = newFile();
  await prepared(path);
  expect(await start("transaction", path, "exit").ended).toMatchObject({ code: 7, errors: "" });
  expect(judgeAfterRecovery(path)).toEqual([{ integrity_check: "ok" }, { n: 0 }]);
});

test("cancels in the middle of changes leave the file in order", async () => {
  const path = newFile();
  const from = sqlite(path, { pragmas: { cache_size: 10 } });
  const conn = (await from.connect(bg)) as Awaited<ReturnType<typeof connect>>;
  await run(conn, table(5000));
  for (let round = 0; round < 30; round++) {
    const [ctx, cancel] = context.withTimeout(bg, round / 3);
    await conn.exec(ctx, `UPDATE t SET name = name || '${"x".repeat(100)}'`, []).catch(() => undefined);
    cancel();
  }
  await conn.close();
  await from.close?.();
  expect(judge(path, "PRAGMA integrity_check")).toBe("ok");
  expect(judge(path, "SELECT count(*) FROM t")).toBe(5000);
});

test("a query that never ends can be stopped in a file too", async () => {
  const conn = await connect(connector(newFile()));
  const [ctx, cancel] = context.withTimeout(bg, 10);
  using _ = cancel;
  expect(errors.is(await failure(conn.query(ctx, endless, [])), context.deadlineExceeded)).toBe(true);
});

async function prepared(path: string): Promise<void> {
  const from = sqlite(path);
  const conn = await from.connect(bg);
  await run(conn, table(5000));
  await conn.close();
  await from.close?.();
}

function judgeAfterRecovery(path: string): unknown[] {
  const db = new DatabaseSync(path);
  try {
    return [
      { ...db.prepare("PRAGMA integrity_check").get() },
      { ...db.prepare("SELECT count(*) AS n FROM t WHERE name LIKE '%changed'").get() },
    ];
  } finally {
    db.close();
  }
}
