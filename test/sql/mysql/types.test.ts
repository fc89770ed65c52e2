import { context } from "gocsp";
import * as sql from "gocsp/sql";
import { mysql } from "gocsp/sql/mysql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MariaServer, noMariaDB, startMariaDB } from "../servers/mariadb.ts";

const ctx = context.background();

describe.skipIf(noMariaDB)("values of MariaDB", () => {
  let server: MariaServer;
  let db: sql.DB;
  beforeAll(async () => {
    server = await startMariaDB();
    const { host, port, user, password, database } = server;
    db = sql.open(mysql({ host, port, user, password, database }));
    db.setMaxOpenConns(1);
    await db.execContext(ctx, "SET sql_mode = 'ALLOW_INVALID_DATES'");
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });

  const one = async (text: string, ...args: unknown[]): Promise<unknown> =>
    (await db.queryRowContext(ctx, text, ...args).scan())[0];

  /** Stores a value in a column of a type and returns what is read. */
  const stored = async (type: string, value: string, ...args: unknown[]): Promise<unknown> => {
    await db.execContext(ctx, `CREATE OR REPLACE TABLE one (v ${type})`);
    await db.execContext(ctx, `INSERT INTO one VALUES (${value})`, ...args);
    return one("SELECT v FROM one");
  };

  it.each<[type: string, expression: string, value: unknown]>([
    ["int", "NULL", null],
    ["tinyint", "-128", -128],
    ["tinyint unsigned", "255", 255],
    ["tinyint(1)", "TRUE", 1],
    ["smallint", "-32768", -32768],
    ["mediumint", "-8388608", -8388608],
    ["mediumint unsigned", "16777215", 16777215],
    ["int", "-2147483648", -2147483648],
    ["int unsigned", "4294967295", 4294967295],
    ["bigint", "9007199254740991", Number.MAX_SAFE_INTEGER],
    ["bigint", "9007199254740992", 9007199254740992n],
    ["bigint", "-9223372036854775808", -(2n ** 63n)],
    ["bigint unsigned", "18446744073709551615", 2n ** 64n - 1n],
    ["float", "0.1", 0.1],
    ["float", "1.5", 1.5],
    ["float", "16384", 16384],
    ["float", "3.40282e38", 3.40282e38],
    ["double", "1e308", 1e308],
    ["double", "0.1", 0.1],
    ["decimal(30, 10)", "12345678901234567890.123456789", "12345678901234567890.1234567890"],
    ["year", "2024", 2024],
    ["bit(1)", "b'1'", new Uint8Array([1])],
    ["bit(12)", "b'100000000001'", new Uint8Array([8, 1])],
    ["varchar(20)", "''", ""],
    ["varchar(20)", "'it''s 🐬 \\\\ é'", "it's 🐬 \\ é"],
    ["text", "'long'", "long"],
    ["char(4)", "'ab'", "ab"],
    ["binary(3)", "'a'", new Uint8Array([97, 0, 0])],
    ["varbinary(9)", "X'00FF10'", new Uint8Array([0, 255, 16])],
    ["blob", "''", new Uint8Array()],
    ["enum('sad', 'happy')", "'happy'", "happy"],
    ["set('a', 'b', 'c')", "'a,c'", "a,c"],
    ["date", "'2024-02-29'", new Date("2024-02-29T00:00:00Z")],
    ["date", "'0099-01-01'", new Date("0099-01-01T00:00:00Z")],
    ["date", "'0000-00-00'", "0000-00-00"],
    ["date", "'2020-02-00'", "2020-02-00"],
    ["date", "'9999-12-31'", new Date("9999-12-31T00:00:00Z")],
    ["datetime", "'2024-02-29 12:34:56'", new Date("2024-02-29T12:34:56Z")],
    ["datetime(3)", "'1901-01-01 00:00:00.5'", new Date("1901-01-01T00:00:00.500Z")],
    ["datetime(6)", "'2024-02-29 12:34:56.789999'", new Date("2024-02-29T12:34:56.789Z")],
    ["datetime", "'0000-00-00 00:00:00'", "0000-00-00 00:00:00"],
    ["timestamp(3) null", "'2024-02-29 12:34:56.789'", new Date("2024-02-29T12:34:56.789Z")],
    ["time", "'-838:59:59'", "-838:59:59"],
    ["json", `'{"a": [1, null, "x"]}'`, { a: [1, null, "x"] }],
    ["uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ])("reads %s: %s", async (type, expression, value) => {
    expect(await stored(type, expression)).toEqual(value);
    // These two cannot be prepared, so the values come as text.
    await db.execContext(ctx, "PREPARE again FROM 'SELECT v FROM one'");
    expect(await one("EXECUTE again")).toEqual(value);
  });

  it.each<[type: string, value: unknown, read?: unknown]>([
    ["int", null],
    ["int", -5],
    ["bigint", 2n ** 63n - 1n],
    ["bigint", -(2n ** 63n)],
    ["bigint unsigned", 2n ** 64n - 1n],
    ["bigint", Number.MAX_SAFE_INTEGER],
    ["double", 0.1],
    ["double", 5e-324],
    ["double", -1.7976931348623157e308],
    ["decimal(40, 0)", 2n ** 80n, String(2n ** 80n)],
    ["boolean", true, 1],
    ["boolean", false, 0],
    ["text", ""],
    ["text", "'; DROP TABLE one; --"],
    ["text", "🐬 é \\ \" ' \u{10ffff} \0 \r\n\t"],
    ["text", 12, "12"],
    ["blob", new Uint8Array([0, 1, 255, 0])],
    ["blob", new Uint8Array()],
    ["blob", new Uint8Array([9, 8, 7, 6]).subarray(1, 3), new Uint8Array([8, 7])],
    ["datetime(3)", new Date("1969-12-31T23:59:59.999Z")],
    ["datetime(3)", new Date("2024-02-29T12:34:56.789Z")],
    ["timestamp(3) null", new Date("2024-02-29T12:34:56.789Z")],
    ["datetime", new Date("1000-01-01T00:00:00Z")],
    ["date", new Date("2024-02-29T00:00:00Z")],
    ["json", { a: [1, { b: null }], é: "🐬" }],
    ["json", '[1, "two", null]', [1, "two", null]],
    ["varchar(50)", new Date("2024-02-29T12:34:56Z"), "2024-02-29 12:34:56"],
  ])("takes %s: %o", async (type, value, read = value) => {
    expect(await stored(type, "?", value)).toEqual(read);
  });

  it.each<[value: unknown, message: string]>([
    [undefined, "mysql: argument 1 cannot be undefined: pass null for NULL"],
    [Number.NaN, "mysql: argument 1 is NaN, which the server does not know"],
    [-Infinity, "mysql: argument 1 is -Infinity, which the server does not know"],
    [new Date(Number.NaN), "mysql: argument 1 is an invalid Date"],
    [new Date("-000001-01-01"), "mysql: dates reach from the year 0 to 9999, got -1"],
    [Symbol("x"), "mysql: argument 1 cannot be Symbol(x)"],
    [new Map(), "mysql: argument 1 cannot be Map"],
    [sql.named("id", 1), "sql: driver does not support the use of Named Parameters"],
  ])("refuses the argument %o", async (value, message) => {
    await expect(one("SELECT ?", value)).rejects.toThrow(message);
  });

  it("reads dates as it reads their texts, whatever of them is zero", async () => {
    const numbers = (count: number, below: number): number[] => Array.from({ length: count }, (_, i) => i % below);
    const parts: readonly (readonly number[])[] = [
      [0, 1, 99, 100, 1582, 1900, 1969, 1970, 2000, 2023, 2024, 9999],
      [0, ...numbers(13, 13)],
      [0, 1, 15, 28],
      [0, 0, 23],
      [0, 0, 59],
      [0, 0, 59],
      [0, 0, 1, 999, 1000, 500_000, 999_999],
    ];
    const pad = (n: number, width: number): string => String(n).padStart(width, "0");
    // As many as the steps through each part need to meet one another.
    const texts = numbers(500, 500).map((i) => {
      const [y, m, d, h, min, s, us] = parts.map((values, part) => values[(i * (part + 1)) % values.length] as number);
      const date = `${pad(y as number, 4)}-${pad(m as number, 2)}-${pad(d as number, 2)}`;
      return `${date} ${pad(h as number, 2)}:${pad(min as number, 2)}:${pad(s as number, 2)}.${pad(us as number, 6)}`;
    });
    const types = ["date", "datetime", "datetime(1)", "datetime(3)", "datetime(6)"];
    const columns = types.map((type, i) => `d${i} ${type}`).join(", ");
    await db.execContext(ctx, `CREATE OR REPLACE TABLE dates (n int, ${columns})`);
    const tx = await db.beginTx(ctx);
    for (const [n, text] of texts.entries()) {
      await tx.execContext(ctx, "INSERT INTO dates VALUES (?, ?, ?, ?, ?, ?)", n, ...types.map(() => text));
    }
    await tx.commit();
    const query = "SELECT * FROM dates ORDER BY n";
    const read = await (await db.queryContext(ctx, query)).toArray();
    await using connection = await db.conn(ctx);
    await connection.execContext(ctx, `PREPARE again FROM '${query}'`);
    expect(read).toEqual(await (await connection.queryContext(ctx, "EXECUTE again")).toArray());
    expect(read.map(({ d4 }) => d4).filter((date) => date instanceof Date).length).toBeGreaterThan(100);
    expect(read.map(({ d4 }) => d4).filter((date) => typeof date === "string").length).toBeGreaterThan(100);
    await connection.execContext(ctx, "DROP TABLE dates");
  });

  it("refuses arrays, which would match nothing in a list and everything outside of it [Q29]", async () => {
    await db.execContext(ctx, "CREATE OR REPLACE TABLE list (name varchar(10))");
    await db.execContext(ctx, "INSERT INTO list VALUES ('one'), ('two')");
    for (const list of [["one"], [], [1, 2], [["one"]]]) {
      await expect(db.execContext(ctx, "DELETE FROM list WHERE name NOT IN (?)", list)).rejects.toThrow(
        "mysql: argument 1 is an array: write a ? for each element, or pass JSON.stringify(array) for JSON",
      );
      await using statement = await db.prepareContext(ctx, "SELECT ?");
      await expect(statement.queryContext(ctx, list)).rejects.toThrow("mysql: argument 1 is an array");
    }
    expect(await db.queryRowContext(ctx, "SELECT count(*) FROM list").scan(sql.int)).toEqual([2]);
    await db.execContext(ctx, "DROP TABLE list");
  });

  it("takes integers where only integers make sense", async () => {
    await using rows = await db.queryContext(ctx, "SELECT seq FROM seq_1_to_10 LIMIT ? OFFSET ?", 2, 3n);
    const found = [];
    for await (const { seq } of rows) found.push(seq);
    expect(found).toEqual([4, 5]);
  });

  it("tells the names of the columns and of their types", async () => {
    await db.execContext(
      ctx,
      `CREATE OR REPLACE TABLE many (a int unsigned, b varchar(5), c blob, d json, e datetime, f enum('x'), g set('y'),
       h decimal(4, 2), i bit(3), j text, k char(3), l binary(2), m timestamp NULL, n bigint, o inet6)`,
    );
    await using rows = await db.queryContext(ctx, "SELECT many.*, 1 AS a FROM many");
    expect(rows.columnTypes().map(({ name, databaseTypeName }) => `${name} ${databaseTypeName}`)).toEqual([
      "a UNSIGNED INT",
      "b VARCHAR",
      "c BLOB",
      "d JSON",
      "e DATETIME",
      "f ENUM",
      "g SET",
      "h DECIMAL",
      "i BIT",
      "j TEXT",
      "k CHAR",
      "l BINARY",
      "m TIMESTAMP",
      "n BIGINT",
      "o INET6",
      "a INT",
    ]);
  });

  it("counts times from UTC, whatever zone the server is set to", async () => {
    // See the fixture: it is another one.
    const [zone, shift] = await db
      .queryRowContext(ctx, "SELECT @@global.time_zone, TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW())")
      .scan();
    expect(zone).toBe("+05:30");
    expect(shift).toBe(0);
    const before = Date.now();
    const now = (await one("SELECT NOW(6)")) as Date;
    expect(Math.abs(now.getTime() - before)).toBeLessThan(60_000);
  });

  it("refuses arguments for statements that cannot be prepared", async () => {
    await expect(db.execContext(ctx, "PREPARE again FROM 'SELECT 1'", 1)).rejects.toMatchObject({
      code: "ER_UNSUPPORTED_PS",
    });
  });
});
