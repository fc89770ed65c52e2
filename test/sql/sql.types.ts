// Compiled only: what the types of gocsp/sql allow and refuse.
import { type Context, context } from "gocsp";
import * as sql from "gocsp/sql";
import type * as driver from "gocsp/sql/driver";
import { conformance, type Check, type Options } from "gocsp/sql/drivertest";
import { check, type Equal } from "../support/types.ts";

declare const connector: sql.Connector;
declare const ctx: Context;
export const db: sql.DB = sql.open(connector);

// Nobody makes these but the package itself.
// @ts-expect-error a DB is opened
export const made = new sql.DB(connector);
// @ts-expect-error a name is no connector
sql.open("file.db");

// A context comes first, then the text, then the arguments.
check<Equal<Parameters<typeof db.queryContext>, [ctx: Context, text: string, ...args: unknown[]]>>();
check<Equal<Parameters<typeof db.execContext>, [ctx: Context, text: string, ...args: unknown[]]>>();
check<Equal<Parameters<typeof db.query>, [text: string, ...args: unknown[]]>>();
// @ts-expect-error there is no query without a context under this name
void db.queryContext("SELECT 1");
// @ts-expect-error a signal is no context
void db.execContext(new AbortController().signal, "SELECT 1");
// @ts-expect-error a text is a string
void db.execContext(ctx, 5);
check<Equal<ReturnType<typeof db.execContext>, Promise<sql.Result>>>();
check<Equal<ReturnType<typeof db.queryRowContext>, sql.Row>>();
check<Equal<ReturnType<typeof db.prepareContext>, Promise<sql.Stmt>>>();
check<Equal<ReturnType<typeof db.conn>, Promise<sql.Conn>>>();
check<Equal<ReturnType<typeof db.pingContext>, Promise<void>>>();
check<Equal<ReturnType<typeof db.stats>, sql.DBStats>>();

export async function rowTypes(): Promise<void> {
  // Rows are objects of unknown values unless one says what they are.
  const plain = await db.queryContext(ctx, "SELECT 1 AS n");
  check<Equal<typeof plain, sql.Rows>>();
  for await (const row of plain) check<Equal<typeof row, Record<string, unknown>>>();

  const typed = await db.queryContext<{ id: number; title: string | null }>(ctx, "SELECT id, title FROM album");
  for await (const { id, title } of typed) {
    check<Equal<typeof id, number>>();
    check<Equal<typeof title, string | null>>();
  }
  // @ts-expect-error a row is an object
  void db.queryContext<number>(ctx, "SELECT 1");

  // Shapes and scanners decide the types at run time as well.
  for await (const row of plain.as({
    id: sql.int,
    title: sql.nullable(sql.string),
    tags: (v) => String(v).split(","),
  })) {
    check<Equal<typeof row.id, number>>();
    check<Equal<typeof row.title, string | null>>();
    check<Equal<typeof row.tags, string[]>>();
    check<Equal<keyof typeof row, "id" | "title" | "tags">>();
  }
  // @ts-expect-error a scanner is a function
  plain.as({ id: "int" });

  check<Equal<ReturnType<typeof plain.next>, Promise<boolean>>>();
  const values = plain.scan();
  check<Equal<typeof values, readonly unknown[]>>();
  const [id, at, blob, n, price, ok, any] = plain.scan(
    sql.int,
    sql.time,
    sql.bytes,
    sql.bigint,
    sql.float,
    sql.bool,
    sql.any,
  );
  check<Equal<typeof id, number>>();
  check<Equal<typeof at, Date>>();
  check<Equal<typeof blob, Uint8Array>>();
  check<Equal<typeof n, bigint>>();
  check<Equal<typeof price, number>>();
  check<Equal<typeof ok, boolean>>();
  check<Equal<typeof any, unknown>>();
  // @ts-expect-error there are seven values
  plain.scan(sql.int)[1].toFixed();
  // @ts-expect-error a type is no scanner
  plain.scan(Date.UTC, "text");

  const [title] = await db.queryRowContext(ctx, "SELECT title FROM album").scan(sql.string);
  check<Equal<typeof title, string>>();
  const shaped = await db.queryRowContext(ctx, "SELECT title FROM album").as({ title: sql.nullable(sql.string) });
  check<Equal<typeof shaped.title, string | null>>();
  check<Equal<ReturnType<sql.Row["err"]>, Promise<unknown>>>();
}

export async function disposables(): Promise<void> {
  await using same = sql.open(connector);
  await using conn = await same.conn(ctx);
  await using tx = await conn.beginTx(ctx, { isolation: "Serializable", readOnly: true });
  await using statement = await tx.prepareContext(ctx, "SELECT 1");
  await using rows = await statement.queryContext<{ n: number }>(ctx, 1, "x");
  check<Equal<typeof rows, sql.Rows<{ n: number }>>>();
  // @ts-expect-error they are closed asynchronously
  using _ = conn;
}

// @ts-expect-error there is no such level
void db.beginTx(ctx, { isolation: "Chaos" });
// @ts-expect-error nor such an option
void db.beginTx(ctx, { readonly: true });

export async function raw(conn: sql.Conn): Promise<void> {
  const valid = await conn.raw((inner) => inner.isValid?.());
  check<Equal<typeof valid, boolean | undefined>>();
  const six = await conn.raw(async () => 6);
  check<Equal<typeof six, number>>();
  const seven = await conn.raw(ctx, async (inner) => inner.isValid?.());
  check<Equal<typeof seven, boolean | undefined>>();
  // @ts-expect-error the function is missing
  void conn.raw(ctx);
  const [numbers, document] = await conn.queryRow("SELECT 1, 2").scan(sql.array(sql.nullable(sql.int)), sql.json());
  check<Equal<typeof numbers, (number | null)[]>>();
  check<Equal<typeof document, unknown>>();
}

export const named: sql.NamedArg = sql.named("id", 5);
// @ts-expect-error a name is a string
sql.named(5, 5);

export const scanner: sql.Scanner<string> = (value) => sql.string(value).trim();
check<Equal<ReturnType<typeof scanner>, string>>();

// A driver need not have what is optional.
export const minimal: driver.Conn = {
  prepare: () => Promise.reject(new Error("no")),
  begin: () => Promise.reject(new Error("no")),
  close: async () => undefined,
};
// @ts-expect-error a driver must be able to prepare
export const less: driver.Conn = { begin: () => Promise.reject(new Error("no")), close: async () => undefined };

export const options: Options = {
  connector: async () => connector,
  types: { integer: "integer", text: "text" },
  slowQuery: "SLOW",
  series: (n) => `SERIES ${n}`,
};
export const checks: Check[] = conformance(options);
check<Equal<Check["run"], () => Promise<void>>>();
// @ts-expect-error the types of integers and texts must be given
conformance({ ...options, types: { integer: "integer" } });

context.background();
