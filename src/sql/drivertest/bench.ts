/** Where a check runs: with a database, tables and connections of its own, and a watch over what takes too long. */

import { chan } from "../../chan/chan.ts";
import { background, type Context } from "../../context/context.ts";
import { describe } from "../../runtime/arguments.ts";
import { select } from "../../select/select.ts";
import { after } from "../../time/time.ts";
import type { Conn, Connector, NamedValue, Rows } from "../driver/driver.ts";
import * as sql from "../sql.ts";
import type { Options } from "./drivertest.ts";

/** What a check is made of. */
export interface Check {
  /** The promise of the driver, as a sentence without its subject. */
  readonly name: string;
  /** Tells whether these options say enough for it. */
  readonly needs?: (options: Options) => boolean;
  readonly run: (bench: Bench) => Promise<void>;
}

/** Makes the names of tables different from those of other runs on the same server. */
const run = Math.floor(Math.random() * 36 ** 6).toString(36);
let tables = 0;

/** Where one check runs. */
export class Bench {
  readonly options: Options;
  readonly ctx: Context = background();
  readonly patience: number;
  readonly connector: Connector;
  readonly db: sql.DB;
  readonly #tables: string[] = [];
  readonly #conns = new Set<Conn>();

  private constructor(options: Options, connector: Connector) {
    this.options = options;
    this.patience = options.patience ?? 20_000;
    this.connector = connector;
    this.db = sql.open(connector);
  }

  /** Refuses options that are none. */
  static check(options: Options): void {
    const given = options as Partial<Options> | undefined;
    const wanted: [name: keyof Options, type: string][] = [
      ["connector", "function"],
      ["types", "object"],
      ["slowQuery", "string"],
      ["series", "function"],
    ];
    for (const [name, type] of wanted) {
      if (typeof given?.[name] !== type) {
        const article = type === "object" ? "an" : "a";
        throw new TypeError(
          `drivertest: the option ${name} must be ${article} ${type}, got ${describe(given?.[name])}`,
        );
      }
    }
  }

  /** Runs a check, and frees what it used. */
  static async run(options: Options, { name, run }: Check): Promise<void> {
    const bench = new Bench(options, await options.connector());
    try {
      await bench.within("the check", run(bench), 6 * bench.patience);
    } catch (error) {
      // Whatever the driver is doing now may well be the reason.
      await bench.#end(Math.min(bench.patience, 1000)).catch(() => undefined);
      const why = error instanceof Error ? error.message : describe(error);
      throw new Error(`drivertest: a driver ${name}. This one does not: ${why}`, { cause: error });
    }
    await bench.#end(bench.patience);
  }

  /** Waits for something that must not hang. */
  async within<T>(what: string, operation: Promise<T>, patience: number = this.patience): Promise<T> {
    const settled = chan<never>();
    const settle = (): void => settled.close();
    operation.then(settle, settle);
    const { case: first } = await select({ settled, late: after(patience) });
    if (first === "late") throw new Error(`${what} hangs: it has not settled after ${patience} ms`);
    return operation;
  }

  /** Opens a connection past the pool, which is closed at the end. */
  async connect(): Promise<Conn> {
    const conn = await this.within("connect", this.connector.connect(this.ctx));
    this.#conns.add(conn);
    return conn;
  }

  /** Closes one of these connections. */
  async disconnect(conn: Conn): Promise<void> {
    this.#conns.delete(conn);
    await this.within("close of a connection", conn.close());
  }

  /** Makes a table of an id and a value, which is dropped at the end, and returns its name. */
  async table(type: string = this.options.types.text): Promise<string> {
    const name = `gocsp_${run}_${++tables}`;
    await this.within(
      "CREATE TABLE",
      this.db.execContext(
        this.ctx,
        `CREATE TABLE ${name} (id ${this.options.types.integer} PRIMARY KEY, value ${type})`,
      ),
    );
    this.#tables.push(name);
    return name;
  }

  /** Returns how the engine writes parameter `n`. */
  p(n: number): string {
    return this.options.placeholder?.(n) ?? "?";
  }

  /** Returns the text that inserts a row. */
  insert(table: string): string {
    return `INSERT INTO ${table} (id, value) VALUES (${this.p(1)}, ${this.p(2)})`;
  }

  /** Returns the text that reads the value of an id. */
  select(table: string): string {
    return `SELECT value FROM ${table} WHERE id = ${this.p(1)}`;
  }

  /** Counts the rows of a table. */
  async count(table: string, on: Querier = this.db): Promise<number> {
    const row = on.queryRowContext(this.ctx, `SELECT count(*) FROM ${table}`);
    const [count] = await this.within("SELECT count(*)", row.scan(sql.int));
    return count;
  }

  async #end(patience: number): Promise<void> {
    for (const conn of this.#conns) await this.within("close of a connection", conn.close(), patience);
    for (const table of this.#tables) {
      await this.within("DROP TABLE", this.db.execContext(this.ctx, `DROP TABLE ${table}`), patience);
    }
    await this.within("close of the database", this.db.close(), patience);
  }
}

interface Querier {
  queryRowContext(ctx: Context, text: string, ...args: unknown[]): sql.Row;
}

/** Fails unless something holds. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** Fails unless two values are the same, as JSON shows them. */
export function same(got: unknown, wanted: unknown, what: string): void {
  if (json(got) !== json(wanted)) throw new Error(`${what} must be ${show(wanted)}, got ${show(got)}`);
}

/** Returns what an operation throws; fails if it does not. */
export async function thrown(bench: Bench, what: string, operation: Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await bench.within(what, operation);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(`${what} hangs`)) throw error;
    must(
      error instanceof Error && error.message !== "",
      `${what} must throw an Error that says why, got ${show(error)}`,
    );
    return error;
  }
  throw new Error(`${what} must throw, but it returned ${show(result)}`);
}

/** Shows a value in a message. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const text = json(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function json(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner));
  return text ?? describe(value);
}

/** Turns values into what the driver takes. */
export function bind(conn: Conn, values: readonly unknown[]): NamedValue[] {
  return values.map((value, i) => {
    const given = { name: "", ordinal: i + 1, value };
    return { ...given, value: conn.checkNamedValue?.(given) ?? value };
  });
}

/** Starts a query past the pool, prepared if the driver knows no other way. */
export async function start(conn: Conn, ctx: Context, text: string, ...values: unknown[]): Promise<Rows> {
  if (conn.query !== undefined) return conn.query(ctx, text, bind(conn, values));
  const statement = await conn.prepare(ctx, text);
  let rows: Rows;
  try {
    rows = await statement.query(ctx, bind(conn, values));
  } catch (error) {
    await statement.close();
    throw error;
  }
  return {
    columns: rows.columns,
    next: () => rows.next(),
    close: async () => {
      await rows.close();
      await statement.close();
    },
  };
}

/** Runs a query past the pool, reads all rows, closes them. Does not ask for more when `ctx` has ended. */
export async function drain(
  conn: Conn,
  ctx: Context,
  text: string,
  ...values: unknown[]
): Promise<(readonly unknown[])[]> {
  const rows = await start(conn, ctx, text, ...values);
  const all: (readonly unknown[])[] = [];
  try {
    while (ctx.err() === undefined) {
      const batch = await rows.next();
      if (batch.length === 0) break;
      for (const row of batch) all.push(row);
    }
  } finally {
    await rows.close();
  }
  return all;
}

/** Runs a statement without rows past the pool. */
export async function execute(conn: Conn, ctx: Context, text: string, ...values: unknown[]): Promise<number> {
  if (conn.exec !== undefined) return (await conn.exec(ctx, text, bind(conn, values))).rowsAffected();
  const statement = await conn.prepare(ctx, text);
  try {
    return (await statement.exec(ctx, bind(conn, values))).rowsAffected();
  } finally {
    await statement.close();
  }
}
