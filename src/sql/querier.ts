import { background } from "../context/context.ts";
import type { Context } from "../context/context.ts";
import { describe } from "../runtime/arguments.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Result } from "./driver/driver.ts";
import { checkContext } from "./errors.ts";
import { exec, type Lease, query, queryRow } from "./lease.ts";
import type { RowObject } from "./record.ts";
import { Row } from "./row.ts";
import type { Rows } from "./rows.ts";
import { Stmt } from "./stmt.ts";
import { traced } from "./trace.ts";

/** What {@link DB}, {@link Conn} and {@link Tx} have in common: they run statements. */
export abstract class Querier {
  /**
   * Runs `use` with a connection, which `use` gives back. Throws without calling it if there is none to be had; may call
   * it again if the connection turns out to be bad.
   * @internal
   */
  abstract lease<T>(ctx: Context, use: (lease: Lease) => Promise<T>): Promise<T>;

  /**
   * Runs a query and returns its rows; waits for a connection and for the server. Mirrors Go's `QueryContext`. `ctx`
   * covers the rows too: when it ends, the statement is stopped at the server and the rows are closed.
   *
   * @param args The values for the parameters, always bound; see `sql.named` for those with names.
   * @throws `ctx.err()` if `ctx` has ended, or ends before there is a connection
   * @throws an error that is `ctx.err()` to `errors.is`, with the driver's as its cause, if the statement was stopped
   * @throws the driver's error if the statement failed
   * @throws TypeError `sql: the first argument must be a Context, got …`, `sql: the statement must be a string, got …`
   *
   * @example
   * ```ts
   * const [queryCtx, cancel] = context.withTimeout(ctx, 5 * time.second);
   * using _ = cancel;
   * await using rows = await db.queryContext(queryCtx, "SELECT * FROM album WHERE artist = ?", "John Coltrane");
   * for await (const album of rows) console.log(album);
   * ```
   */
  queryContext<T extends object = RowObject>(ctx: Context, text: string, ...args: unknown[]): Promise<Rows<T>> {
    return this.#query(ctx, text, args) as unknown as Promise<Rows<T>>;
  }

  /**
   * Runs a statement that yields no rows; waits until it is done. Mirrors Go's `ExecContext`. When `ctx` ends, the
   * statement is stopped at the server.
   *
   * @throws as `queryContext`
   *
   * @example
   * ```ts
   * const result = await db.execContext(ctx, "UPDATE album SET price = price * ? WHERE id = ?", 0.9, 7);
   * console.log(result.rowsAffected());
   * ```
   */
  execContext(ctx: Context, text: string, ...args: unknown[]): Promise<Result> {
    return this.#exec(ctx, text, args);
  }

  /**
   * Runs a query of which one row is wanted. Mirrors Go's `QueryRowContext`: it returns the row at once, and what went
   * wrong is thrown when the row is scanned.
   *
   * @example
   * ```ts
   * const [title] = await db.queryRowContext(ctx, "SELECT title FROM album WHERE id = ?", 7).scan(sql.string);
   * ```
   */
  queryRowContext(ctx: Context, text: string, ...args: unknown[]): Row {
    return this.#queryRow(ctx, text, args);
  }

  /**
   * Prepares a statement for many uses; close it when it is not needed any more. Mirrors Go's `PrepareContext`. `ctx`
   * covers the preparation only.
   *
   * @throws as `queryContext`
   *
   * @example
   * ```ts
   * await using insert = await db.prepareContext(ctx, "INSERT INTO album (title) VALUES (?)");
   * for (const title of ["Blue Train", "Giant Steps"]) await insert.execContext(ctx, title);
   * ```
   */
  prepareContext(ctx: Context, text: string): Promise<Stmt> {
    return traced(this, "prepare", ctx, text, () => {
      check(ctx, text);
      return Stmt.prepare(this, ctx, text);
    });
  }

  /** Runs a query that nothing stops: {@link Querier.queryContext} with `context.background()`. Mirrors Go's `Query`. */
  query<T extends object = RowObject>(text: string, ...args: unknown[]): Promise<Rows<T>> {
    return this.#query(background(), text, args) as unknown as Promise<Rows<T>>;
  }

  /** Runs a statement that nothing stops: {@link Querier.execContext} with `context.background()`. Mirrors Go's `Exec`. */
  exec(text: string, ...args: unknown[]): Promise<Result> {
    return this.#exec(background(), text, args);
  }

  /** Reads a row: {@link Querier.queryRowContext} with `context.background()`. Mirrors Go's `QueryRow`. */
  queryRow(text: string, ...args: unknown[]): Row {
    return this.#queryRow(background(), text, args);
  }

  /** Prepares a statement: {@link Querier.prepareContext} with `context.background()`. Mirrors Go's `Prepare`. */
  prepare(text: string): Promise<Stmt> {
    return this.prepareContext(background(), text);
  }

  /**
   * Takes note of a statement that was prepared here.
   * @internal
   */
  prepared(_statement: Stmt): void {}

  /**
   * Drops the note of a statement that was closed.
   * @internal
   */
  forget(_statement: Stmt): void {}

  // The arguments are one array from here on: there may be more of them than a call can take.

  #query(ctx: Context, text: string, args: readonly unknown[]): Promise<Rows> {
    return traced(this, "query", ctx, text, () => {
      check(ctx, text);
      return this.lease(ctx, (lease) => query(lease, text, args));
    });
  }

  #queryRow(ctx: Context, text: string, args: readonly unknown[]): Row {
    return new Row(
      traced(this, "queryRow", ctx, text, () => {
        check(ctx, text);
        return this.lease(ctx, (lease) => queryRow(lease, text, args));
      }),
    );
  }

  #exec(ctx: Context, text: string, args: readonly unknown[]): Promise<Result> {
    return traced(this, "exec", ctx, text, () => {
      check(ctx, text);
      return this.lease(ctx, (lease) => exec(lease, text, args));
    });
  }

  static {
    refuseUnbound(this);
  }
}

function check(ctx: Context, text: string): void {
  checkContext(ctx);
  if (typeof text !== "string") throw new TypeError(`sql: the statement must be a string, got ${describe(text)}`);
}
