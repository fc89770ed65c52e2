import { errors } from "gocsp";
import { SqliteError } from "gocsp/sql/sqlite";
import { describe, expect, test } from "vitest";
import { all, args, bg, connect, failure, named, one, run, table } from "./support.ts";

describe("values", () => {
  test.each([
    ["an integer", 42, 42, "integer"],
    ["the largest safe integer", Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "integer"],
    ["the smallest safe integer", Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, "integer"],
    ["a bigint that is safe comes back as a number", 7n, 7, "integer"],
    ["a bigint that is not safe", 9007199254740993n, 9007199254740993n, "integer"],
    ["the largest of 64 bits", 2n ** 63n - 1n, 2n ** 63n - 1n, "integer"],
    ["the smallest of 64 bits", -(2n ** 63n), -(2n ** 63n), "integer"],
    ["a fraction", 1.5, 1.5, "real"],
    ["a number beyond the integers", 1e300, 1e300, "real"],
    ["a number just beyond the safe integers", 2 ** 53, 2 ** 53, "real"],
    ["infinity", -Infinity, -Infinity, "real"],
    ["minus zero", -0, -0, "real"],
    ["null", null, null, "null"],
    ["true", true, 1, "integer"],
    ["false", false, 0, "integer"],
    ["an empty text", "", "", "text"],
    ["a text beyond ASCII", "grün \u{1F600} \uFEFFx", "grün \u{1F600} \uFEFFx", "text"],
    ["a text with a byte order mark in front", "\uFEFFx", "\uFEFFx", "text"],
    ["a text with a NUL", "a\0b", "a\0b", "text"],
    ["a long text", "ab".repeat(100_000), "ab".repeat(100_000), "text"],
    ["an empty blob", new Uint8Array(0), new Uint8Array(0), "blob"],
    ["a blob", new Uint8Array([0, 255, 1]), new Uint8Array([0, 255, 1]), "blob"],
    ["a view of a part of a buffer", new Uint8Array([1, 2, 3, 4]).subarray(1, 3), new Uint8Array([2, 3]), "blob"],
    ["a Date", new Date("2026-01-31T23:59:59.007Z"), "2026-01-31 23:59:59.007", "text"],
  ])("%s goes in and comes out", async (_, value, expected, type) => {
    const conn = await connect();
    expect(await all(conn, "SELECT ?1, typeof(?1)", value)).toEqual([[expected, type]]);
  });

  test("a Date is one that SQLite's functions understand", async () => {
    const conn = await connect();
    expect(await one(conn, "SELECT strftime('%Y %m %d %H %M %f', ?)", new Date("2026-01-31T23:59:59.007Z"))).toBe(
      "2026 01 31 23 59 59.007",
    );
  });

  test.each([
    ["NaN", Number.NaN, "sqlite: argument 1 is NaN, which SQLite stores as NULL: pass null"],
    ["a bigint of 65 bits", 2n ** 63n, "sqlite: argument 1 does not fit 64 bits, got 9223372036854775808"],
    [
      "a negative bigint of 65 bits",
      -(2n ** 63n) - 1n,
      "sqlite: argument 1 does not fit 64 bits, got -9223372036854775809",
    ],
    [
      "an invalid Date",
      new Date(Number.NaN),
      "sqlite: argument 1 must be a Date of the years 0 to 9999, got Invalid Date",
    ],
  ])("%s is refused with a RangeError", async (_, value, message) => {
    const conn = await connect();
    const error = await failure(all(conn, "SELECT ?", value));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(message);
    expect(() => conn.checkNamedValue({ name: "", ordinal: 1, value })).toThrow(message);
  });

  test.each([
    ["an object", {}, "Object"],
    ["undefined", undefined, "undefined"],
    ["a function", () => 1, "function"],
    ["a symbol", Symbol("x"), "Symbol(x)"],
    ["an array", [1], "Array"],
  ])("%s is refused with a TypeError", async (_, value, shown) => {
    const conn = await connect();
    const error = await failure(all(conn, "SELECT ?", value));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(`sqlite: argument 1 cannot be stored, got ${shown}`);
  });

  test("text that is no UTF-8 comes back with replacement characters", async () => {
    const conn = await connect();
    expect(await one(conn, "SELECT CAST(x'61ff62' AS TEXT)")).toBe("a\uFFFDb");
  });
});

describe("arguments", () => {
  test.each([
    ["too few", "SELECT ?, ?", [1], "sql: expected 2 arguments, got 1"],
    ["too many", "SELECT ?", [1, 2], "sql: expected 1 arguments, got 2"],
    ["some where none is taken", "SELECT 1", [1], "sql: expected 0 arguments, got 1"],
    ["too few of ?NNN", "SELECT ?3", [1, 2], "sql: expected 3 arguments, got 2"],
    ["some for an empty text", "-- nothing", [1], "sql: expected 0 arguments, got 1"],
  ])("%s are an error for queries and for statements", async (_, text, values, message) => {
    const conn = await connect();
    expect((await failure(conn.query(bg, text, args(...values)))).message).toBe(message);
    expect((await failure(conn.exec(bg, text, args(...values)))).message).toBe(message);
  });

  test("a prepared statement knows how many it takes", async () => {
    const conn = await connect();
    const counts = [];
    for (const text of ["SELECT 1", "SELECT ?, ?", "SELECT ?5", "SELECT :a, :b, :a", "-- nothing"]) {
      counts.push((await conn.prepare(bg, text)).numInput);
    }
    expect(counts).toEqual([0, 2, 5, 2, 0]);
  });

  test("names are found with each of SQLite's prefixes", async () => {
    const conn = await connect();
    const rows = await conn.query(bg, "SELECT :a, @b, $c, :a", named({ c: 3, b: 2, a: 1 }));
    expect(await rows.next()).toEqual([[1, 2, 3, 1]]);
  });

  test.each([
    ["an unknown name", "SELECT :a", { a: 1, b: 2 }, "sqlite: the statement has no parameter of the name b"],
    ["a missing name", "SELECT :a, $b", { a: 1 }, "sqlite: no value for the parameter $b"],
  ])("%s is an error", async (_, text, values, message) => {
    const conn = await connect();
    expect((await failure(conn.query(bg, text, named(values)))).message).toBe(message);
  });

  test("names and places can be mixed, each parameter once", async () => {
    const conn = await connect();
    const mixed = [...args("first"), { name: "b", ordinal: 2, value: "second" }];
    const rows = await conn.query(bg, "SELECT ?1, :b", mixed);
    expect(await rows.next()).toEqual([["first", "second"]]);
    const twice = [...args("first"), { name: "a", ordinal: 2, value: "second" }];
    expect((await failure(conn.query(bg, "SELECT :a", twice))).message).toBe("sqlite: two values for the parameter :a");
  });

  test("what a statement was given once is not there the next time", async () => {
    const conn = await connect();
    const statement = await conn.prepare(bg, "SELECT ?, ?");
    await statement.query(bg, args("a", "b"));
    const rows = await statement.query(bg, args(null, 2));
    expect(await rows.next()).toEqual([[null, 2]]);
  });

  test("arguments are never spliced into the text", async () => {
    const conn = await connect();
    await run(conn, "CREATE TABLE t(a)");
    await run(conn, "INSERT INTO t VALUES (?)", "'); DROP TABLE t; --");
    expect(await all(conn, "SELECT a FROM t")).toEqual([["'); DROP TABLE t; --"]]);
  });
});

describe("texts", () => {
  test("one text may have several statements, which all run", async () => {
    const conn = await connect();
    const result = await conn.exec(
      bg,
      "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2); -- then\n INSERT INTO t VALUES (3);",
      [],
    );
    expect(result.rowsAffected()).toBe(3);
    expect(result.lastInsertId()).toBe(3);
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(3);
  });

  test("several statements take no arguments, and none of them runs", async () => {
    const conn = await connect();
    await run(conn, "CREATE TABLE t(a)");
    const error = await failure(run(conn, "INSERT INTO t VALUES (?); INSERT INTO t VALUES (?)", 1, 2));
    expect(error.message).toBe("sqlite: a text of several statements takes no arguments");
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(0);
  });

  test("those before the one that fails have run", async () => {
    const conn = await connect();
    const text = "CREATE TABLE t(a); INSERT INTO t VALUES (1); INSERT INTO t SELECT nowhere; INSERT INTO t VALUES (3)";
    const error = await failure(run(conn, text));
    expect(error).toMatchObject({ message: "no such column: nowhere", offset: text.indexOf("nowhere") });
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(1);
  });

  test.each(["SELECT 1; SELECT 2", "SELECT 1; nonsense"])(
    "a query or a prepared statement is one: %s",
    async (text) => {
      const conn = await connect();
      const message = "sqlite: the text has several statements: run them with execContext, or one by one";
      expect((await failure(conn.query(bg, text, []))).message).toBe(message);
      expect((await failure(conn.prepare(bg, text))).message).toBe(message);
    },
  );

  test("semicolons and comments around a statement are none", async () => {
    const conn = await connect();
    expect(await all(conn, ";; /* a */ SELECT 1; -- b\n;")).toEqual([[1]]);
  });

  test.each(["", "  ", "-- nothing", ";"])("an empty text does nothing: %j", async (text) => {
    const conn = await connect();
    expect(await run(conn, text)).toBe(0);
    expect(await all(conn, text)).toEqual([]);
    const statement = await conn.prepare(bg, text);
    expect((await statement.exec(bg, [])).rowsAffected()).toBe(0);
    await statement.close();
  });

  test("a NUL in a text is refused", async () => {
    const conn = await connect();
    expect((await failure(all(conn, "SELECT 1\0; DROP"))).message).toBe("sqlite: the text has a NUL character in it");
  });
});

describe("errors", () => {
  test("a mistake has SQLite's words, the code's name and number, and its place in the string", async () => {
    const conn = await connect();
    const text = "SELECT 'grün \u{1F600}', 1 FORM t";
    const error = await failure(all(conn, text));
    expect(error).toBeInstanceOf(SqliteError);
    expect(error).toMatchObject({
      name: "SqliteError",
      code: "SQLITE_ERROR",
      errno: 1,
      offset: text.indexOf("FORM") + 5,
    });
    expect(error.message).toBe('near "t": syntax error');
  });

  test("an unknown table, column or function is named", async () => {
    const conn = await connect();
    expect((await failure(all(conn, "SELECT * FROM nope"))).message).toBe("no such table: nope");
    expect((await failure(all(conn, "SELECT nope"))).message).toBe("no such column: nope");
    expect((await failure(all(conn, "SELECT nope(1)"))).message).toBe("no such function: nope");
  });

  test.each([
    ["INSERT INTO t VALUES (1, 2, 3)", "SQLITE_CONSTRAINT_PRIMARYKEY", 1555],
    ["INSERT INTO t VALUES (2, 1, 3)", "SQLITE_CONSTRAINT_UNIQUE", 2067],
    ["INSERT INTO t VALUES (2, 2, NULL)", "SQLITE_CONSTRAINT_NOTNULL", 1299],
    ["INSERT INTO t VALUES (2, 2, -1)", "SQLITE_CONSTRAINT_CHECK", 275],
  ])("a constraint is told by its extended code: %s", async (text, code, errno) => {
    const conn = await connect();
    await run(
      conn,
      "CREATE TABLE t(a INTEGER PRIMARY KEY, b UNIQUE, c NOT NULL CHECK (c > 0)); INSERT INTO t VALUES (1, 1, 1)",
    );
    expect(await failure(run(conn, text))).toMatchObject({ code, errno });
    const error = await failure((await conn.prepare(bg, text)).exec(bg, []));
    expect(errors.as(error, SqliteError)).toMatchObject({ code, errno });
  });

  test("an error in the middle of the rows comes when they are reached", async () => {
    const conn = await connect();
    await run(conn, table(1000));
    const rows = await conn.query(bg, "SELECT CASE WHEN i = 600 THEN json('{') ELSE i END FROM t", []);
    const read = async (): Promise<number> => {
      for (let count = 0; ;) {
        const batch = await rows.next();
        if (batch.length === 0) return count;
        count += batch.length;
      }
    };
    expect((await failure(read())).message).toBe("malformed JSON");
    await rows.close();
    expect(await one(conn, "SELECT 1")).toBe(1);
  });

  test("extensions cannot be loaded", async () => {
    const conn = await connect();
    expect((await failure(one(conn, "SELECT load_extension('x')"))).message).toMatch(/no such function|not authorized/);
  });

  test("other files cannot be attached, memory can", async () => {
    const conn = await connect();
    expect(await failure(run(conn, "ATTACH '/tmp/other.db' AS other"))).toMatchObject({ code: "SQLITE_CANTOPEN" });
    expect(await failure(run(conn, "ATTACH '/database' AS other"))).toMatchObject({ code: "SQLITE_CANTOPEN" });
    await run(conn, "ATTACH ':memory:' AS other; CREATE TABLE other.t(a)");
    expect(await one(conn, "SELECT count(*) FROM other.t")).toBe(0);
  });
});
