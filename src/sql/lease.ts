/** What everybody does who has a connection: each function runs one statement and gives the connection back. */

import type { Context } from "../context/context.ts";
import { bind, checkCount } from "./args.ts";
import type { Connection } from "./connection.ts";
import type * as driver from "./driver/driver.ts";
import { Rows } from "./rows.ts";

/** A connection for one statement. */
export interface Lease {
  readonly connection: Connection;
  /** The context of the statement: it ends with that of the caller, and with that of the transaction around it. */
  readonly ctx: Context;
  /** Gives the connection back, with the error of the statement if it failed. Called exactly once. */
  release(error?: unknown): void;
  /** Tells whoever holds the connection that there are rows to close before it is put to other use. */
  opened?(rows: Rows): void;
}

/** Runs a query. The rows keep the lease. */
export async function query(lease: Lease, text: string, args: readonly unknown[]): Promise<Rows> {
  const { connection, ctx } = lease;
  return keep(lease, async () => {
    const bound = bind(connection, args);
    const rows = await connection.run(ctx, async (conn) => conn.query?.(ctx, text, bound));
    if (rows !== undefined) return rows;
    const statement = await connection.prepare(ctx, text);
    try {
      checkCount(statement.numInput, args);
      const prepared = await connection.run(ctx, () => statement.query(ctx, bound));
      return withStatement(prepared, () => connection.closeStatement(statement));
    } catch (error) {
      connection.closeStatement(statement);
      throw error;
    }
  });
}

/** Runs a statement that yields no rows. */
export async function exec(lease: Lease, text: string, args: readonly unknown[]): Promise<driver.Result> {
  const { connection, ctx } = lease;
  return giveBack(lease, async () => {
    const bound = bind(connection, args);
    const result = await connection.run(ctx, async (conn) => conn.exec?.(ctx, text, bound));
    if (result !== undefined) return result;
    const statement = await connection.prepare(ctx, text);
    try {
      checkCount(statement.numInput, args);
      return await connection.run(ctx, () => statement.exec(ctx, bound));
    } finally {
      connection.closeStatement(statement);
    }
  });
}

/** Runs a prepared query. The rows keep the lease. */
export function queryPrepared(lease: Lease, statement: driver.Stmt, args: readonly unknown[]): Promise<Rows> {
  const { connection, ctx } = lease;
  return keep(lease, async () => {
    checkCount(statement.numInput, args);
    const bound = bind(connection, args);
    return connection.run(ctx, () => statement.query(ctx, bound));
  });
}

/** Runs a prepared statement that yields no rows. */
export function execPrepared(lease: Lease, statement: driver.Stmt, args: readonly unknown[]): Promise<driver.Result> {
  const { connection, ctx } = lease;
  return giveBack(lease, async () => {
    checkCount(statement.numInput, args);
    const bound = bind(connection, args);
    return connection.run(ctx, () => statement.exec(ctx, bound));
  });
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
    rows = new Rows(lease.connection, await start(), lease.ctx, (error) => lease.release(error));
  } catch (error) {
    lease.release(error);
    throw error;
  }
  lease.opened?.(rows);
  return rows;
}

/** Makes rows close the statement that was prepared for them. */
function withStatement(rows: driver.Rows, closeStatement: () => void): driver.Rows {
  return {
    columns: rows.columns,
    next: () => rows.next(),
    close: async () => {
      try {
        await rows.close();
      } finally {
        closeStatement();
      }
    },
  };
}
