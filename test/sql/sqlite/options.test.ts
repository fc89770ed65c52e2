import { sqlite, type SqliteOptions } from "gocsp/sql/sqlite";
import { expect, test } from "vitest";
import { bg, connect, connector, failure, one, run } from "./support.ts";

test.each([
  ["an empty name", "", {}, 'sqlite: the name must be ":memory:", a path or a file: URL, got ""'],
  ["a number", 7, {}, 'sqlite: the name must be ":memory:", a path or a file: URL, got 7'],
  [
    "a URL of the web",
    new URL("http://a/b"),
    {},
    'sqlite: the name must be ":memory:", a path or a file: URL, got URL',
  ],
  ["a name with a NUL", "a\0b", {}, 'sqlite: the name must be ":memory:", a path or a file: URL, got "a\\u0000b"'],
  [
    "parameters in the name",
    "file:a?mode=ro",
    {},
    'sqlite: a name takes no parameters, they are options of their own, got "file:a?mode=ro"',
  ],
  ["readOnly that is no boolean", ":memory:", { readOnly: 1 }, "sqlite: readOnly must be true or false, got 1"],
  [
    "a negative busyTimeout",
    ":memory:",
    { busyTimeout: -1 },
    "sqlite: busyTimeout must be a number of milliseconds, at least 0, got -1",
  ],
  [
    "a busyTimeout that is NaN",
    ":memory:",
    { busyTimeout: Number.NaN },
    "sqlite: busyTimeout must be a number of milliseconds, at least 0, got NaN",
  ],
  [
    "an unknown transaction",
    ":memory:",
    { transaction: "x" },
    'sqlite: transaction must be "deferred" or "immediate", got "x"',
  ],
  [
    "a pragma that is no word",
    ":memory:",
    { pragmas: { "a;b": 1 } },
    'sqlite: the name of a pragma must be a word, got "a;b"',
  ],
  [
    "a pragma without a value",
    ":memory:",
    { pragmas: { a: null } },
    "sqlite: the pragma a must be a string, a number or a boolean, got null",
  ],
])("%s is refused", (_, name, options, message) => {
  expect(() => sqlite(name as string, options as SqliteOptions)).toThrow(new TypeError(message));
});

test("nothing is opened before the first connection", async () => {
  const from = sqlite("/no/such/folder/file.db");
  await from.close?.();
  expect(await failure(from.connect(bg))).toMatchObject({ code: "SQLITE_CANTOPEN" });
});

test("each connection gets the pragmas", async () => {
  const from = connector(":memory:", { pragmas: { foreign_keys: true, cache_size: -123, temp_store: "memory" } });
  for (const conn of [await connect(from), await connect(from)]) {
    expect(await one(conn, "PRAGMA foreign_keys")).toBe(1);
    expect(await one(conn, "PRAGMA cache_size")).toBe(-123);
  }
});

test("foreign keys are off by default, as in SQLite", async () => {
  expect(await one(await connect(), "PRAGMA foreign_keys")).toBe(0);
});

test("the value of a pragma cannot become a statement", async () => {
  const conn = await connect(connector(":memory:", { pragmas: { user_version: "7'; CREATE TABLE t(a); --" } }));
  expect(await one(conn, "SELECT count(*) FROM sqlite_schema")).toBe(0);
});

test("a pragma that fails fails the connection", async () => {
  const from = connector(":memory:", { pragmas: { query_only: true, user_version: 7 } });
  expect(await failure(from.connect(bg))).toMatchObject({ code: "SQLITE_READONLY" });
});

test("a database in memory that is only read has nothing to read", async () => {
  const conn = await connect(connector(":memory:", { readOnly: true }));
  expect(await one(conn, "SELECT count(*) FROM sqlite_schema")).toBe(0);
  expect(await failure(run(conn, "CREATE TABLE t(a)"))).toMatchObject({ code: "SQLITE_READONLY" });
});
