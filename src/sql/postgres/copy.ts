/** COPY for programs. */

import { chan, type ReceiveChan } from "../../chan/chan.ts";
import { type Context, withCancel } from "../../context/context.ts";
import { describe } from "../../runtime/arguments.ts";
import type { Conn } from "../driver/driver.ts";
import { asKind } from "../driver/raw-kinds.ts";
import { formatText } from "./encode.ts";
import { CopyIn, CopyOut, type CopySource } from "./copying.ts";
import { PostgresConn } from "./postgres-conn.ts";
import { PostgresResult } from "./result.ts";

export type { CopySource } from "./copying.ts";

/** A `Conn` or a `Tx` of `gocsp/sql`. */
export interface Lender {
  raw<T>(ctx: Context, f: (conn: Conn, ctx: Context) => Promise<T>): Promise<T>;
}

/** A `DB` of `gocsp/sql`. */
export interface Pool {
  conn(ctx: Context): Promise<Lender & { close(): Promise<void> }>;
}

/**
 * Sends data to the server with `COPY … FROM STDIN`, and returns how many rows were stored. Mirrors pgx's `PgConn.CopyFrom`.
 *
 * The data is what the statement says, as text or CSV: a string, bytes, or a stream, a generator or a channel of either,
 * which is read no faster than the server takes it. {@link copyRow} writes rows. It is one statement: when `ctx` ends, or the
 * source throws, nothing of it is stored, and in a transaction all of that is lost.
 *
 * Nothing else runs on the connection meanwhile: the source must not use the `Conn` or `Tx`. To end the transaction ends it.
 *
 * @throws what the source throws; the server's error; an error that is `ctx.err()` to `errors.is`
 * @throws TypeError `postgres: a part of the data must be a string or a Uint8Array, got …`
 * @throws Error `sql: the connection is busy with a COPY: read it to its end first`, as every statement meanwhile
 * @throws TypeError `postgres: the source must be a string, bytes, an iterable or a channel, got …`
 *
 * @example
 * ```ts
 * await copyFrom(ctx, db, "COPY album (id, title) FROM STDIN", [copyRow([1, "Blue Train"]), copyRow([2, null])]);
 * ```
 */
export async function copyFrom(ctx: Context, on: Pool | Lender, text: string, source: CopySource): Promise<number> {
  checkText(text);
  checkSource(source);
  const [until, cancel] = withCancel(ctx);
  try {
    // A channel that is not waited for any more must not lose a value to us.
    const parts = isChannel(source) ? source.range(until) : source;
    return await lent(ctx, on, async (conn, ctx) => {
      const copy = new CopyIn(text, parts);
      await conn.copy(ctx, copy);
      return new PostgresResult(copy.tag).rowsAffected();
    });
  } finally {
    cancel();
  }
}

/**
 * Reads data from the server with `COPY … TO STDOUT`, in parts of any size. Mirrors pgx's `PgConn.CopyTo`. The server sends no
 * faster than the program reads. Nothing is asked of it before the first part is.
 *
 * Whoever stops reading early stops the statement; in a transaction that ends the transaction. Nothing else runs on the
 * connection before the last part is read: statements on the same `Conn` or `Tx` are refused, and to end the transaction or
 * to close the `Conn` stops it.
 *
 * @throws the server's error; an error that is `ctx.err()` to `errors.is`
 * @throws Error `sql: the connection is busy with a COPY: read it to its end first`, as every statement meanwhile
 *
 * @example
 * ```ts
 * for await (const part of copyTo(ctx, db, "COPY album TO STDOUT (FORMAT csv, HEADER)")) console.log(part.length);
 * ```
 */
export async function* copyTo(
  ctx: Context,
  on: Pool | Lender,
  text: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkText(text);
  const [until, cancel] = withCancel(ctx);
  const parts = chan<Uint8Array>();
  let failure: { readonly error: unknown } | undefined;
  const copying = lent(until, on, async (conn, ctx) => {
    await conn.copy(ctx, new CopyOut(text, (part) => parts.send(part, ctx)));
  })
    .catch((error: unknown) => void (failure = { error }))
    .finally(() => {
      // It may have been ended from elsewhere, and nobody may read on.
      cancel();
      parts.close();
    });
  try {
    for await (const part of parts) yield part;
    if (failure !== undefined) throw failure.error;
  } finally {
    cancel();
    await copying;
  }
}

/**
 * Writes a row in the text format of COPY: its values, as they would be arguments, separated by tabs, with a line break at the
 * end.
 *
 * @throws TypeError `postgres: argument $… cannot be …`
 *
 * @example
 * ```ts
 * console.log(JSON.stringify(copyRow([1, "a\tb", null]))); // "1\ta\\tb\t\\N\n"
 * ```
 */
export function copyRow(values: readonly unknown[]): string {
  return `${values.map((value, i) => (value === null ? "\\N" : escape(formatText(value, i + 1)))).join("\t")}\n`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escape(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (character) => escapes[character] as string) : text;
}

/** Runs `f` with the connection of a `Conn` or `Tx`, or with one of a `DB`. */
async function lent<T>(
  ctx: Context,
  on: Pool | Lender,
  f: (conn: PostgresConn, ctx: Context) => Promise<T>,
): Promise<T> {
  const use = asKind("copy", async (conn: Conn, ctx: Context): Promise<T> => f(checkConn(conn), ctx));
  if ("raw" in on) return on.raw(ctx, use);
  const conn = await on.conn(ctx);
  try {
    return await conn.raw(ctx, use);
  } finally {
    // A connection that was lost has been given back.
    await conn.close().catch(() => undefined);
  }
}

/** Refuses the connection of another driver. */
export function checkConn(conn: Conn): PostgresConn {
  if (conn instanceof PostgresConn) return conn;
  throw new TypeError("postgres: the connection is not one of PostgreSQL");
}

function isChannel(source: CopySource): source is ReceiveChan<string | Uint8Array> {
  return typeof (source as Partial<ReceiveChan<unknown>>).range === "function";
}

function checkSource(source: CopySource): void {
  // A string and bytes are iterables, too.
  const { [Symbol.asyncIterator]: parts, [Symbol.iterator]: values } = (source ?? {}) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  if (typeof parts === "function" || typeof values === "function") return;
  throw new TypeError(
    `postgres: the source must be a string, bytes, an iterable or a channel, got ${describe(source)}`,
  );
}

function checkText(text: string): string {
  if (typeof text === "string") return text;
  throw new TypeError(`postgres: the statement must be a string, got ${describe(text)}`);
}
