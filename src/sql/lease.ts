/** What everybody does who has a connection: each function runs one statement and gives the connection back. */

import type { Context } from "../context/context.ts";
import { bind, checkCount } from "./args.ts";
import type { Connection, Prepared } from "./connection.ts";
import type * as driver from "./driver/driver.ts";
import { Rows } from "./rows.ts";

/** A connection for one statement or one transaction. */
export interface Lease {
  readonly connection: Connection;
  /** The context of the statement: it ends with that of the caller, and with that of the transaction around it. */
  readonly ctx: Context;
  /** Gives the connection back, with the error of the statement if it failed. Called exactly once. */
  release(error?: unknown): void;
  /** Tells whoever holds the connection what keeps the lease now, and has to end before the connection goes back. */
  opened?(what: Opened): void;
}

/** Returns the lease for a statement of which one row is read: that is over by itself, so nobody has to end it. */
export function untold(lease: Lease): Lease {
  return { connection: lease.connection, ctx: lease.ctx, release: (error) => lease.release(error) };
}

/** Rows or a transaction. */
export interface Opened {
  end(error: unknown): void;
}

/** Runs a query. The rows keep the lease. */
export function query(lease: Lease, text: string, args: readonly unknown[]): Promise<Rows> {
  const { connection, ctx } = lease;
  return keep(lease, async () => {
    const bound = bind(connection, args);
    const rows = await connection.run(ctx, async (conn) => conn.query?.(ctx, text, bound));
    if (rows !== undefined) return rows;
    const prepared = await connection.prepare(ctx, text);
    const { statement } = prepared;
    try {
      checkCount(statement.numInput, args);
      return closingBehind(await connection.run(ctx, () => statement.query(ctx, bound)), prepared);
    } finally {
      await closeQuietly(prepared);
    }
  });
}

/** Runs a statement that yields no rows. */
export function exec(lease: Lease, text: string, args: readonly unknown[]): Promise<driver.Result> {
  const { connection, ctx } = lease;
  return giveBack(lease, async () => {
    const bound = bind(connection, args);
    const result = await connection.run(ctx, async (conn) => conn.exec?.(ctx, text, bound));
    if (result !== undefined) return result;
    const prepared = await connection.prepare(ctx, text);
    try {
      checkCount(prepared.statement.numInput, args);
      return await connection.run(ctx, () => prepared.statement.exec(ctx, bound));
    } finally {
      await closeQuietly(prepared);
    }
  });
}

/** Runs a prepared query. The rows keep the lease. */
export function queryPrepared(lease: Lease, prepared: Prepared, args: readonly unknown[]): Promise<Rows> {
  const { connection, ctx } = lease;
  return keep(lease, () =>
    using(prepared, async () => {
      checkCount(prepared.statement.numInput, args);
      const bound = bind(connection, args);
      return closingBehind(await connection.run(ctx, () => prepared.statement.query(ctx, bound)), prepared);
    }),
  );
}

/** Runs a prepared statement that yields no rows. */
export function execPrepared(lease: Lease, prepared: Prepared, args: readonly unknown[]): Promise<driver.Result> {
  const { connection, ctx } = lease;
  return giveBack(lease, () =>
    using(prepared, async () => {
      checkCount(prepared.statement.numInput, args);
      const bound = bind(connection, args);
      return connection.run(ctx, () => prepared.statement.exec(ctx, bound));
    }),
  );
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
async function closeQuietly(prepared: Prepared): Promise<void> {
  await prepared.close().catch(() => undefined);
}

/** Makes rows users of their statement: it is closed only when they are. */
function closingBehind(rows: driver.Rows, prepared: Prepared): driver.Rows {
  prepared.enter();
  return {
    columns: rows.columns,
    next: () => rows.next(),
    close: async () => {
      try {
        await rows.close();
      } finally {
        prepared.leave();
      }
    },
  };
}
