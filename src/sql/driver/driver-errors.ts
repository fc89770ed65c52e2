import { is } from "../../errors/errors.ts";
import { sentinel } from "../../runtime/error-values.ts";

/**
 * Says that a connection is gone and the server has not begun to do what was asked: `sql` tries again with another one.
 * Mirrors Go's `driver.ErrBadConn`: `driver: bad connection`. Throw it, or an error that has it as its `cause`.
 *
 * @example
 * ```ts
 * if (socket.destroyed) throw new Error("the server hung up", { cause: driver.errBadConn });
 * ```
 */
export const errBadConn: Error = sentinel("driver: bad connection");

/**
 * What an engine or its client complained about, in the engine's words. Drivers have their own subclasses, as
 * `PostgresError`. Go's drivers each have a type of their own.
 *
 * @example
 * ```ts
 * try {
 *   await db.execContext(ctx, "INSERT INTO album (id) VALUES (1)");
 * } catch (err) {
 *   if (errors.as(err, driver.DriverError)?.code === "SQLITE_CONSTRAINT_PRIMARYKEY") console.log("already there");
 * }
 * ```
 */
export class DriverError extends Error {
  /** The engine's code: SQLSTATE, or the name of an error number; "" if there is none. */
  readonly code: string;

  /**
   * Wraps what the client threw.
   *
   * @example
   * ```ts
   * throw new driver.DriverError("no such table: albun", "SQLITE_ERROR");
   * ```
   */
  constructor(message: string, code: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "DriverError";
    this.code = code;
  }
}

/**
 * The error of a statement that was stopped because its context ended. It reads as `ctx.err()`, `errors.is` takes it for
 * that, and its `cause` is what the engine said about being stopped.
 *
 * @example
 * ```ts
 * try {
 *   await db.execContext(ctx, "DELETE FROM log");
 * } catch (err) {
 *   if (errors.is(err, context.deadlineExceeded)) console.log("too slow:", errors.unwrap(err));
 * }
 * ```
 */
export class StoppedError extends Error {
  readonly #end: Error;

  /**
   * Makes the error from what the context says and what the engine said.
   *
   * @example
   * ```ts
   * const end = ctx.err();
   * if (end !== undefined) throw new driver.StoppedError(end, reason);
   * ```
   */
  constructor(end: Error, cause: unknown) {
    super(end.message, { cause });
    this.name = end.name;
    this.#end = end;
  }

  /**
   * Recognizes the error of the context; `errors.is` asks this.
   *
   * @example
   * ```ts
   * const stopped = new driver.StoppedError(context.canceled, reason);
   * console.log(errors.is(stopped, context.canceled));
   * ```
   */
  is(target: unknown): boolean {
    return is(this.#end, target);
  }
}
