import { thrownHere } from "../runtime/place.ts";
import { errNoRows } from "./errors.ts";
import { type First, scanRow, shapeOf, type Values } from "./record.ts";
import type { Scanned, Scanner, Shape, Shaped } from "./scan.ts";
import { outermost } from "./trace.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * The first row of a query, or why there is none. Mirrors Go's `sql.Row`: the error is thrown by the scan. Unlike
 * Go's, the row is read at once, so that the connection is free whether or not it is scanned.
 *
 * @example
 * ```ts
 * const row = db.queryRowContext(ctx, "SELECT title, price FROM album WHERE id = ?", 1);
 * const [title, price] = await row.scan(sql.string, sql.float);
 * console.log(title, price);
 * ```
 */
export class Row {
  /** Never rejects, so that a row which is never scanned does no harm; the error is inside. */
  readonly #first: Promise<First | { readonly error: unknown }>;

  /** @internal */
  constructor(first: Promise<First>) {
    this.#first = settled(first);
  }

  /**
   * Returns the values of the row in the order of the columns. With scanners, one for each column, it returns what those
   * make of them. Mirrors Go's `Row.Scan`.
   *
   * @throws {@link errNoRows} if there is no row
   * @throws what the query threw, and what `Rows.scan` throws
   *
   * @example
   * ```ts
   * const [count] = await db.queryRowContext(ctx, "SELECT count(*) FROM album").scan(sql.int);
   * ```
   */
  scan(): Promise<readonly unknown[]>;
  scan<const S extends readonly Scanner<unknown>[]>(...scanners: S): Promise<Scanned<S>>;
  scan(...scanners: readonly Scanner<unknown>[]): Promise<readonly unknown[]> {
    return outermost(async () => {
      const { columns, row } = found(await this.#first);
      return scanRow(columns, row, scanners);
    });
  }

  /**
   * Returns the row as an object with exactly the properties of `shape`, each read by its scanner. Go has no such thing.
   *
   * @throws {@link errNoRows} if there is no row
   * @throws what the query threw, and what `Rows.as` throws
   *
   * @example
   * ```ts
   * const row = db.queryRowContext(ctx, "SELECT * FROM album WHERE id = ?", 1);
   * const { title, artist } = await row.as({ title: sql.string, artist: sql.nullable(sql.string) });
   * console.log(title, artist);
   * ```
   */
  as<const S extends Shape>(shape: S): Promise<Shaped<S>> {
    return outermost(async () => {
      const { columns, row } = found(await this.#first);
      return shapeOf(columns, shape)(row);
    });
  }

  /**
   * Returns the error of the query, without looking at the row: undefined if there was none. Mirrors Go's `Row.Err`.
   *
   * @example
   * ```ts
   * const err = await db.queryRowContext(ctx, "SELECT 1 FROM album").err();
   * ```
   */
  async err(): Promise<unknown> {
    const first = await this.#first;
    return "error" in first ? first.error : undefined;
  }

  static {
    refuseUnbound(this);
  }
}

/** Turns a failure into a value. Awaits only: an error then names who awaits the row. */
async function settled(first: Promise<First>): Promise<First | { readonly error: unknown }> {
  try {
    return await first;
  } catch (error) {
    return { error };
  }
}

function found(first: First | { readonly error: unknown }): { columns: First["columns"]; row: Values } {
  if ("error" in first) throw first.error;
  if (first.row === undefined) throw thrownHere(errNoRows);
  return { columns: first.columns, row: first.row };
}
