import { context } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres } from "gocsp/sql/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";

const ctx = context.background();

describe.skipIf(noPostgres)("values of PostgreSQL", () => {
  let server: PostgresServer;
  let db: sql.DB;
  beforeAll(async () => {
    server = await startPostgres();
    const { host, port, user, database } = server;
    db = sql.open(postgres({ host, port, user, database }));
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });

  const one = async (text: string, ...args: unknown[]): Promise<unknown> =>
    (await db.queryRowContext(ctx, text, ...args).scan())[0];

  it.each<[expression: string, value: unknown]>([
    ["NULL::int4", null],
    ["32767::int2", 32767],
    ["(-2147483648)::int4", -2147483648],
    ["9007199254740991::int8", Number.MAX_SAFE_INTEGER],
    ["9007199254740992::int8", 9007199254740992n],
    ["(-9223372036854775808)::int8", -(2n ** 63n)],
    ["4294967295::oid", 4294967295],
    ["1.5::float4", 1.5],
    ["0.1::float4", 0.1],
    ["1e308::float8", 1e308],
    ["'NaN'::float8", Number.NaN],
    ["'-Infinity'::float8", -Infinity],
    ["12345678901234567890.123456789::numeric", "12345678901234567890.123456789"],
    ["'NaN'::numeric", "NaN"],
    ["true", true],
    ["false", false],
    ["''::text", ""],
    ["'it''s 🐘 \\ é'::text", "it's 🐘 \\ é"],
    ["'ab'::char(4)", "ab  "],
    [String.raw`'\x00ff10'::bytea`, new Uint8Array([0, 255, 16])],
    ["''::bytea", new Uint8Array()],
    ["'2024-02-29'::date", new Date("2024-02-29T00:00:00Z")],
    ["'0044-03-15 BC'::date", new Date("-000043-03-15T00:00:00Z")],
    ["'infinity'::date", Infinity],
    ["'2024-02-29 12:34:56.789'::timestamp", new Date("2024-02-29T12:34:56.789Z")],
    ["'2024-02-29 12:34:56.7899'::timestamp", new Date("2024-02-29T12:34:56.789Z")],
    ["'1901-01-01 00:00:00.5'::timestamp", new Date("1901-01-01T00:00:00.500Z")],
    ["'2024-02-29 12:34:56+02'::timestamptz", new Date("2024-02-29T10:34:56Z")],
    ["'1890-01-01 00:00:00+00:19:32'::timestamptz", new Date("1889-12-31T23:40:28Z")],
    ["'12345-01-01 00:00:00+00'::timestamptz", new Date("+012345-01-01T00:00:00Z")],
    ["'-infinity'::timestamptz", -Infinity],
    ["'294276-12-31 00:00:00'::timestamp", "294276-12-31 00:00:00"],
    ["'12:34:56'::time", "12:34:56"],
    ["'1 day 02:00:00'::interval", "1 day 02:00:00"],
    ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    [`'{"a": [1, null, "x"]}'::json`, { a: [1, null, "x"] }],
    [`'"text"'::jsonb`, "text"],
    ["'null'::jsonb", null],
    ["ARRAY[1, NULL, 3]", [1, null, 3]],
    ["'{}'::int4[]", []],
    [
      "ARRAY[[1, 2], [3, 4]]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["'[0:1]={5,6}'::int4[]", [5, 6]],
    [`ARRAY['a', '', 'NULL', NULL, 'b,c', 'd"e\\f', '{g}']`, ["a", "", "NULL", null, "b,c", 'd"e\\f', "{g}"]],
    ["ARRAY[9007199254740993::int8]", [9007199254740993n]],
    ["ARRAY['2024-02-29'::date]", [new Date("2024-02-29T00:00:00Z")]],
    [String.raw`ARRAY['\x00ff'::bytea]`, [new Uint8Array([0, 255])]],
    [`ARRAY['{"a": 1}'::jsonb]`, [{ a: 1 }]],
    ["'(1,2)'::point", "(1,2)"],
    ["int4range(1, 5)", "[1,5)"],
    ["'10.0.0.1/8'::inet", "10.0.0.1/8"],
    ["pg_sleep(0)", ""],
  ])("reads %s", async (expression, value) => {
    expect(await one(`SELECT ${expression}`)).toEqual(value);
  });

  it.each<[type: string, value: unknown, read?: unknown]>([
    ["int4", null],
    ["int4", -5],
    ["int8", 2n ** 63n - 1n],
    ["int8", Number.MAX_SAFE_INTEGER],
    ["float8", 0.1],
    ["float8", 5e-324],
    ["float8", Number.NaN],
    ["float8", Infinity],
    ["float8", -0],
    ["numeric", 2n ** 80n, String(2n ** 80n)],
    ["numeric", 1e21, "1000000000000000000000"],
    ["bool", true],
    ["bool", false],
    ["text", ""],
    ["text", "'; DROP TABLE album; --"],
    ["text", "🐘 é \\ \" ' \u{10ffff} \r\n\t"],
    ["text", 12, "12"],
    ["text", true, "true"],
    ["bytea", new Uint8Array([0, 1, 255, 0])],
    ["bytea", new Uint8Array()],
    ["bytea", new Uint8Array([9, 8, 7, 6]).subarray(1, 3), new Uint8Array([8, 7])],
    ["timestamptz", new Date("1969-12-31T23:59:59.999Z")],
    ["timestamp", new Date("2024-02-29T12:34:56.789Z")],
    ["date", new Date("2024-02-29T00:00:00Z")],
    ["timestamptz", new Date("-000043-03-15T01:02:03.004Z")],
    ["timestamptz", new Date("+012345-01-01T00:00:00Z")],
    ["timestamp", new Date("0001-01-01T00:00:00Z")],
    ["jsonb", { a: [1, { b: null }], é: "🐘" }],
    ["int4[]", [1, null, 3]],
    ["int8[]", [2n ** 60n]],
    ["int4[]", []],
    ["text[]", ["a", "", "NULL", null, 'b"c\\d', "{e},f"]],
    [
      "text[]",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["bytea[]", [new Uint8Array([0, 255])]],
    ["timestamptz[]", [new Date("2024-02-29T12:34:56.789Z")]],
    ["jsonb[]", [{ a: 1 }]],
    ["bool[]", [true, false]],
  ])("takes %s: %o", async (type, value, read = value) => {
    expect(await one(`SELECT $1::${type}`, value)).toEqual(read);
  });

  it.each<[value: unknown, message: string]>([
    [undefined, "postgres: argument $1 cannot be undefined: pass null for NULL"],
    [new Date(Number.NaN), "postgres: argument $1 is an invalid Date"],
    [Symbol("x"), "postgres: argument $1 cannot be Symbol(x)"],
    [() => 1, "postgres: argument $1 cannot be function"],
    [new Map(), "postgres: argument $1 cannot be Map"],
    [sql.named("id", 1), "sql: driver does not support the use of Named Parameters"],
  ])("refuses the argument %o", async (value, message) => {
    await expect(one("SELECT $1", value)).rejects.toThrow(message);
  });

  it("tells the names of the columns and of their types", async () => {
    await using rows = await db.queryContext(
      ctx,
      "SELECT 1::int8 AS a, 'x'::varchar AS a, NULL::jsonb AS b, ARRAY[now()] AS c, 'x'::name, 1::numeric",
    );
    expect(rows.columnTypes().map(({ name, databaseTypeName }) => `${name} ${databaseTypeName}`)).toEqual([
      "a int8",
      "a varchar",
      "b jsonb",
      "c timestamptz[]",
      "name name",
      "numeric numeric",
    ]);
    await rows.next();
    expect(rows.scan().slice(0, 3)).toEqual([1, "x", null]);
  });

  it("leaves types that it does not know as text", async () => {
    await db.execContext(ctx, "CREATE TYPE mood AS ENUM ('sad', 'happy')");
    await using rows = await db.queryContext(ctx, "SELECT 'happy'::mood, ARRAY['sad'::mood, 'happy']");
    await rows.next();
    expect(rows.scan()).toEqual(["happy", "{sad,happy}"]);
    expect(rows.columnTypes()[0]?.databaseTypeName).toMatch(/^\d+$/);
  });

  it("reads bytea of a server that is set to the old format", async () => {
    await using conn = await db.conn(ctx);
    await conn.execContext(ctx, "SET bytea_output = escape");
    const [bytes] = await conn.queryRowContext(ctx, String.raw`SELECT '\x005c6141ff27'::bytea`).scan();
    expect(bytes).toEqual(new Uint8Array([0, 0x5c, 0x61, 0x41, 0xff, 0x27]));
    await conn.execContext(ctx, "RESET bytea_output");
  });

  it("does not care for the zone and the order of dates that the server is set to", async () => {
    // See the fixture: both are unusual.
    const [zone, style, day] = await db
      .queryRowContext(ctx, "SELECT current_setting('timezone'), current_setting('datestyle'), '02/03/2024'::date")
      .scan();
    expect(zone).toBe("Asia/Kolkata");
    expect(style).toBe("ISO, DMY");
    expect(day).toEqual(new Date("2024-03-02T00:00:00Z"));
  });
});
