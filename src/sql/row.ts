import type { Column } from "./driver/driver.ts";
import { errNoRows } from "./errors.ts";
import { scanRow, shapeOf, type Values } from "./record.ts";
import type { Rows } from "./rows.ts";
import type { Scanned, Scanner, Shape, Shaped } from "./scan.ts";

/**
 * The first row of a query, or why there is none. Mirrors Go's `sql.Row`: the error waits until somebody scans. Unlike
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
  readonly #first: Promise<First>;

  /** @internal */
  constructor(query: Promise<Rows>) {
    this.#first = query.then(readFirst);
    // Nobody has to ask for the row.
    this.#first.catch(() => undefined);
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
  async scan(...scanners: readonly Scanner<unknown>[]): Promise<readonly unknown[]> {
    const { columns, row } = await this.#first;
    return scanRow(columns, row ?? none(), scanners);
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
  async as<const S extends Shape>(shape: S): Promise<Shaped<S>> {
    const { columns, row } = await this.#first;
    return shapeOf(columns, shape)(row ?? none());
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
    try {
      await this.#first;
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

interface First {
  readonly columns: readonly Column[];
  /** Undefined if there is none. */
  readonly row: Values | undefined;
}

async function readFirst(rows: Rows): Promise<First> {
  const row = (await rows.next()) ? rows.scan() : undefined;
  const columns = rows.columnTypes();
  await rows.close();
  if (row === undefined && rows.err() !== undefined) throw rows.err();
  return { columns, row };
}

function none(): never {
  throw errNoRows;
}
