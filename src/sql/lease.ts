/** What is done with a leased connection: each function runs one statement and gives the connection back. */

import { background, type Context, withCancel } from "../context/context.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { bind, checkCount } from "./args.ts";
import type { Connection, Prepared } from "./connection.ts";
import { closingThen } from "./driver/closing.ts";
import * as driver from "./driver/driver.ts";
import { kindOf } from "./driver/raw-kinds.ts";
import { is } from "../errors/errors.ts";
import { endOf } from "./driver/end.ts";
import { throwIfEnded } from "./errors.ts";
import { lend } from "./lent.ts";
import { checkBatch, type First } from "./record.ts";
import { Rows } from "./rows.ts";

/** A connection for one statement or one transaction. */
export interface Lease {
  readonly connection: Connection;
  /** Whether it is of a pool, and for one statement: that can count on no session. */
  readonly alone?: boolean;
  /** The context of the statement: it ends with that of the caller, and with that of the transaction around it. */
  readonly ctx: Context;
  /** Gives the connection back, with the error of the statement if it failed. Called exactly once. */
  release(error?: unknown): void;
  /** Tells the holder of the connection what keeps the lease now and has to end before the connection goes back. */
  opened?(what: Opened): void;
}

/** Makes the `release` of a lease, which refuses a second call: the connection may have another user by then. */
export function calledOnce(release: (error: unknown) => void): (error?: unknown) => void {
  let called = false;
  return (error) => {
    if (called) throw new Error("sql: internal error: a connection was given back twice");
    called = true;
    release(error);
  };
}

/** Rows, a transaction or a COPY. */
export interface Opened {
  end(error: Error): void;
}

const alone: driver.QueryOptions = { alone: true };
const oneRow: driver.QueryOptions = { oneRow: true };
const oneRowAlone: driver.QueryOptions = { oneRow: true, alone: true };

/** What a driver returns that has no such method. */
const notHere = Promise.resolve(undefined);

function optionsOf(lease: Lease): driver.QueryOptions | undefined {
  return lease.alone === true ? alone : undefined;
}

function oneRowOf(lease: Lease): driver.QueryOptions {
  return lease.alone === true ? oneRowAlone : oneRow;
}

/** Runs a query. The rows keep the lease. */
export function query(lease: Lease, text: string, args: readonly unknown[]): Promise<Rows> {
  const { connection, ctx } = lease;
  return keep(lease, async () => {
    const bound = bind(connection, args);
    const rows = await connection.run(
      ctx,
      (conn) => conn.query?.(ctx, text, bound, optionsOf(lease)) ?? notHere,
      (rows) => connection.giveUp(rows),
    );
    if (rows !== undefined) return rows;
    const prepared = await connection.prepare(ctx, text);
    const { statement } = prepared;
    try {
      checkCount(statement.numInput, args);
      return closingBehind(
        await connection.run(
          ctx,
          () => statement.query(ctx, bound, optionsOf(lease)),
          (rows) => connection.giveUp(rows),
        ),
        prepared,
      );
    } finally {
      await closeQuietly(lease, prepared);
    }
  });
}

/** Runs a statement that yields no rows. By `giveBack` it would take one promise more, as each layer of a statement does. */
export async function exec(lease: Lease, text: string, args: readonly unknown[]): Promise<driver.Result> {
  const { connection, ctx } = lease;
  let failure: unknown;
  try {
    const bound = bind(connection, args);
    const result = await connection.run(ctx, (conn) => conn.exec?.(ctx, text, bound) ?? notHere);
    return result ?? (await execPreparing(lease, text, args, bound));
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    lease.release(failure);
  }
}

async function execPreparing(
  lease: Lease,
  text: string,
  args: readonly unknown[],
  bound: driver.NamedValue[],
): Promise<driver.Result> {
  const { connection, ctx } = lease;
  const prepared = await connection.prepare(ctx, text);
  try {
    checkCount(prepared.statement.numInput, args);
    return await connection.run(ctx, () => prepared.statement.exec(ctx, bound));
  } finally {
    await closeQuietly(lease, prepared);
  }
}

/** Runs a prepared query. The rows keep the lease. */
export function queryPrepared(lease: Lease, prepared: Prepared, args: readonly unknown[]): Promise<Rows> {
  const { connection, ctx } = lease;
  return keep(lease, () =>
    using(prepared, async () => {
      checkCount(prepared.statement.numInput, args);
      const bound = bind(connection, args);
      const rows = await connection.run(
        ctx,
        () => prepared.statement.query(ctx, bound, optionsOf(lease)),
        (rows) => connection.giveUp(rows),
      );
      return closingBehind(rows, prepared);
    }),
  );
}

/** Runs a query and reads its first row. */
export function queryRow(lease: Lease, text: string, args: readonly unknown[]): Promise<First> {
  const { connection, ctx } = lease;
  return firstRow(lease, async (conn, read) => {
    const bound = bind(connection, args);
    throwIfEnded(ctx);
    const rows = await conn.query?.(ctx, text, bound, oneRowOf(lease));
    if (rows !== undefined) return await read(rows);
    throwIfEnded(ctx);
    const statement = await conn.prepare(ctx, text);
    try {
      checkCount(statement.numInput, args);
      throwIfEnded(ctx);
      return await read(await statement.query(ctx, bound, oneRowOf(lease)));
    } finally {
      await Promise.resolve(statement.close()).catch(() => undefined);
    }
  });
}

/** Runs a prepared query and reads its first row. */
export function queryRowPrepared(lease: Lease, prepared: Prepared, args: readonly unknown[]): Promise<First> {
  const { connection, ctx } = lease;
  return using(prepared, () =>
    firstRow(lease, async (_, read) => {
      checkCount(prepared.statement.numInput, args);
      const bound = bind(connection, args);
      throwIfEnded(ctx);
      return await read(await prepared.statement.query(ctx, bound, oneRowOf(lease)));
    }),
  );
}

/** Runs a prepared statement that yields no rows, without `giveBack` as {@link exec}. */
export async function execPrepared(lease: Lease, prepared: Prepared, args: readonly unknown[]): Promise<driver.Result> {
  const { connection, ctx } = lease;
  const { statement } = prepared;
  let failure: unknown;
  prepared.enter();
  try {
    checkCount(statement.numInput, args);
    const bound = bind(connection, args);
    return await connection.run(ctx, () => statement.exec(ctx, bound));
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    prepared.leave();
    lease.release(failure);
  }
}

/** What the program does with the driver's connection. The context ends with that of the transaction, too. */
export type RawFunction<T> = (conn: driver.Conn, ctx: Context) => T | Promise<T>;

/** Sorts the arguments of `raw`, of which the context may be missing. */
export function rawArguments<T>(
  first: Context | RawFunction<T>,
  second: RawFunction<T> | undefined,
): [ctx: Context, f: RawFunction<T>] {
  const [ctx, f] = second === undefined ? [background(), first] : [first as Context, second];
  checkFunction("sql: raw", f);
  return [ctx, f as RawFunction<T>];
}

/** Calls `f` with the driver's connection; nothing else runs on it meanwhile. */
export function raw<T>(lease: Lease, f: RawFunction<T>): Promise<T> {
  const { connection, ctx } = lease;
  const kind = kindOf(f);
  if (kind === "copy") return rawCopy(lease, f);
  const call =
    kind === "driver"
      ? async (conn: driver.Conn): Promise<T> => f(conn, ctx)
      : (conn: driver.Conn): Promise<T> => lend(connection, ctx, (ctx) => f(conn, ctx));
  return giveBack(lease, () => connection.run(ctx, lent(call, ctx)));
}

/** Calls `f`, which waits for the program: who ends the transaction, or gives the connection back, ends it first. */
function rawCopy<T>(lease: Lease, f: RawFunction<T>): Promise<T> {
  const { connection } = lease;
  return giveBack(lease, async () => {
    const [ctx, cancel] = withCancel(lease.ctx);
    let why: Error | undefined;
    const copy = {
      end: (reason: Error): void => {
        why ??= reason;
        cancel();
      },
    };
    try {
      // First the connection, which refuses a second COPY: `opened` may end this one at once.
      const running = connection.runCopy(
        ctx,
        copy,
        lent(async (conn) => f(conn, ctx), ctx),
      );
      lease.opened?.(copy);
      return await running;
    } catch (error) {
      if (why === undefined) throw error;
      // A context that ends the transaction says more than that the transaction has ended.
      const end = endOf(lease.ctx) ?? why;
      throw is(error, end) ? error : new driver.StoppedError(end, error);
    } finally {
      cancel();
    }
  });
}

/** Returns an operation that calls `f` in the way of the driver. */
function lent<T>(f: (conn: driver.Conn) => Promise<T>, ctx: Context): (conn: driver.Conn) => Promise<T> {
  return async (conn) => (conn.raw === undefined ? f(conn) : conn.raw(ctx, () => f(conn)));
}

/** Runs `use`, and gives the connection back whatever happens. */
export async function giveBack<T>(lease: Lease, use: () => Promise<T>): Promise<T> {
  let failure: unknown;
  try {
    return await use();
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    lease.release(failure);
  }
}

/**
 * Reads one row in one operation: whatever else is to run on the connection comes before the query or after the closing
 * of its rows.
 */
async function firstRow(
  lease: Lease,
  use: (conn: driver.Conn, read: (rows: driver.Rows) => Promise<First>) => Promise<First>,
): Promise<First> {
  const { connection, ctx } = lease;
  let failure: unknown;
  const read = async (rows: driver.Rows): Promise<First> => {
    const { columns } = rows;
    try {
      throwIfEnded(ctx);
      const [row] = checkBatch(await rows.next());
      return { columns, row };
    } finally {
      await connection.giveUp(rows);
    }
  };
  try {
    return await connection.run(ctx, (conn) => use(conn, read));
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    lease.release(failure);
  }
}

/** Runs `start`, and gives the connection back if it fails; otherwise the rows do so when they are closed. */
async function keep(lease: Lease, start: () => Promise<driver.Rows>): Promise<Rows> {
  let rows: Rows;
  try {
    const started = await start();
    try {
      rows = new Rows(lease.connection, started, lease.ctx, (error) => lease.release(error));
    } catch (error) {
      await lease.connection.run(undefined, () => started.close());
      throw error;
    }
  } catch (error) {
    lease.release(error);
    throw error;
  }
  lease.opened?.(rows);
  return rows;
}

/** Runs `use` while the statement stays open. */
async function using<T>(prepared: Prepared, use: () => Promise<T>): Promise<T> {
  prepared.enter();
  try {
    return await use();
  } finally {
    prepared.leave();
  }
}

/** Closes a statement whose result is known: that it cannot be closed does not change the result. */
async function closeQuietly({ connection, ctx }: Lease, prepared: Prepared): Promise<void> {
  const closed = prepared.close().catch(() => undefined);
  await connection.settleSoon(ctx, closed, () => undefined);
}

/** Makes rows users of their statement: it is closed only when they are. */
function closingBehind(rows: driver.Rows, prepared: Prepared): driver.Rows {
  prepared.enter();
  return closingThen(rows, () => prepared.leave());
}
