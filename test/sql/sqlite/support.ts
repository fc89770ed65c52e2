import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, context } from "gocsp";
import type { Conn, Connector, NamedValue } from "gocsp/sql/driver";
import { sqlite, type SqliteOptions } from "gocsp/sql/sqlite";
import { afterEach } from "vitest";

export const bg: Context = context.background();

/** A query that ends only when it is stopped. */
export const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

/** Where databases lie, and whether SQLite runs in threads of its own only: for `describe.each`. */
export const places = [
  ["memory", false],
  ["file", false],
  ["memory", true],
  ["file", true],
] as const;

/** Makes a table t with this many rows. */
export const table = (rows: number): string =>
  `CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${rows}) SELECT i, 'row ' || i AS name FROM n`;

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs something when the test is over; what came last goes first. */
export function cleanup(f: () => void | Promise<void>): void {
  cleanups.push(f);
}

/** Returns the path of a file that does not exist yet. */
export function newFile(name = "test.db"): string {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-sqlite-"));
  cleanup(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** Makes a connector that is closed when the test is over. */
export function connector(name = ":memory:", options?: SqliteOptions): Connector {
  const made = sqlite(name, options);
  cleanup(() => made.close?.());
  return made;
}

/** Opens a connection that is closed when the test is over. */
export async function connect(from: Connector = connector()): Promise<Required<Conn>> {
  const conn = (await from.connect(bg)) as Required<Conn>;
  cleanup(() => conn.close());
  return conn;
}

/** Arguments by their places. */
export const args = (...values: unknown[]): NamedValue[] =>
  values.map((value, index) => ({ name: "", ordinal: index + 1, value }));

/** Arguments by their names. */
export const named = (values: Record<string, unknown>): NamedValue[] =>
  Object.entries(values).map(([name, value], index) => ({ name, ordinal: index + 1, value }));

/** Returns all rows of a query. */
export async function all(conn: Conn, text: string, ...values: unknown[]): Promise<unknown[][]> {
  const rows = await (conn as Required<Conn>).query(bg, text, args(...values));
  const found: unknown[][] = [];
  for (let batch = await rows.next(); batch.length > 0; batch = await rows.next()) {
    found.push(...(batch as unknown[][]));
  }
  await rows.close();
  return found;
}

/** Returns the first value of the first row. */
export async function one(conn: Conn, text: string, ...values: unknown[]): Promise<unknown> {
  return (await all(conn, text, ...values))[0]?.[0];
}

/** Runs a statement. */
export async function run(conn: Conn, text: string, ...values: unknown[]): Promise<number> {
  return (await (conn as Required<Conn>).exec(bg, text, args(...values))).rowsAffected();
}

/** Returns what a promise was rejected with. */
export async function failure(promise: Promise<unknown>): Promise<Error & { code?: string; cause?: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

/** Returns one of several connections. */
export function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`there is no value ${index}`);
  return value;
}
