/**
 * SQLite for `gocsp/sql`: in memory or in a file, without a server and without native code.
 *
 * The engine is SQLite's own WebAssembly build, the package `@sqlite.org/sqlite-wasm`, which the program installs
 * beside gocsp. Statements run in the thread of the program where the host can suspend them (Node 24 and later, Bun,
 * Deno): they give way to the event loop every millisecond, and long queries on files move to threads. Elsewhere, and with
 * the option `threads`, SQLite runs in threads of its own. When a context ends, the statement is stopped within a
 * millisecond or so.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { describe } from "../../runtime/arguments.ts";
import type { Connector } from "../driver/driver.ts";
import { SqliteConnector } from "./connector.ts";

export { SqliteError } from "./sqlite-error.ts";

/** What {@link sqlite} may be told. */
export interface SqliteOptions {
  /**
   * Whether nothing may be changed. A file that is only read can be read by other processes too, and must exist. One with a
   * write-ahead log can be read only while another connector of the process, which writes, has it open. False by default.
   */
  readonly readOnly?: boolean;
  /**
   * How long to wait, in milliseconds, for a lock that another has, before `database is locked`; 0 for not at all,
   * 5 seconds by default. The wait ends with the context too.
   */
  readonly busyTimeout?: number;
  /**
   * When a transaction takes the lock for writing: `immediate`, by default, at its beginning, so that a transaction that
   * reads first and writes then never fails half way with `database is locked`; `deferred` at its first change, as
   * SQLite does by itself. Read-only transactions never take it.
   */
  readonly transaction?: "deferred" | "immediate";
  /**
   * Whether SQLite runs in threads of its own only: for statements that strangers write, of which a single function may
   * run for seconds, and for sorts of very many rows in transactions, which nothing can suspend in the middle. Each statement
   * costs a trip to the thread and back then. False by default, which older hosts take for true: then only long queries
   * of a `DB` on a file move to threads, unless the pragma `locking_mode` is set.
   */
  readonly threads?: boolean;
  /**
   * Settings for each connection: `{ foreign_keys: true }` is `PRAGMA foreign_keys = true`. SQLite's own by default.
   * `{ journal_mode: "wal" }` gives a file a write-ahead log, in which who reads holds up nobody who writes; add
   * `synchronous: "normal"`, and commits do not wait for the disk, so that a power failure may take the last of them.
   * The first connection to a file decides for all connectors of the process, also whether they run in the program's thread or,
   * with `threads` and in older hosts, in one thread together. With `readOnly` it asks for nothing: who only reads can neither
   * make a log nor take one over.
   */
  readonly pragmas?: Readonly<Record<string, string | number | boolean>>;
}

/** What is needed of a `URL`. */
export interface FileURL {
  readonly href: string;
}

/**
 * Returns a connector to a SQLite database, for `sql.open`. Nothing is opened before the first connection. Mirrors
 * `sql.Open("sqlite3", name)` with Go's mattn/go-sqlite3.
 *
 * In memory, all connections of the connector share one database; it is gone when the `DB` is closed. A file belongs
 * to one process at a time: other processes, whatever SQLite they use, find it locked until the `DB` is closed. Files
 * in write-ahead log mode are refused unless the pragma `journal_mode` asks for it, without `readOnly`; files need Node 22.13 or newer, Bun or Deno.
 *
 * Numbers that are integers are stored as such, others as reals; booleans as 0 and 1; a Date as text in UTC,
 * `2026-01-31 23:59:59.000`, which SQLite's functions understand. Integers come back as numbers, and as bigints if they
 * are not safe; reals as numbers, texts as strings, blobs as Uint8Arrays.
 *
 * @param name `:memory:`, the path of a file, or its `file:` URL.
 * @throws TypeError `sqlite: the name must be ":memory:", a path or a file: URL, got …`, or which option is wrong
 *
 * @example
 * ```ts
 * await using db = sql.open(sqlite("albums.db", { pragmas: { foreign_keys: true } }));
 * await db.execContext(ctx, "CREATE TABLE IF NOT EXISTS album (id INTEGER PRIMARY KEY, title TEXT)");
 * ```
 */
export function sqlite(name: string | FileURL, options: SqliteOptions = {}): Connector {
  const { readOnly = false, busyTimeout = 5000, transaction = "immediate", threads = false, pragmas = {} } = options;
  if (typeof readOnly !== "boolean") throw wrong("readOnly must be true or false", readOnly);
  if (typeof threads !== "boolean") throw wrong("threads must be true or false", threads);
  if (typeof busyTimeout !== "number" || !(busyTimeout >= 0)) {
    throw wrong("busyTimeout must be a number of milliseconds, at least 0", busyTimeout);
  }
  if (transaction !== "deferred" && transaction !== "immediate") {
    throw wrong('transaction must be "deferred" or "immediate"', transaction);
  }
  const path = pathOf(name);
  return new SqliteConnector({
    path,
    wal: path !== undefined && !readOnly && wantsLog(pragmas),
    readOnly,
    busyTimeout,
    transaction,
    threads,
    setup: setupOf(pragmas),
  });
}

/** Returns the path of a file; undefined for memory. */
function pathOf(name: string | FileURL): string | undefined {
  if (name instanceof URL && name.protocol === "file:") return fileURLToPath(name.href);
  if (typeof name !== "string" || name === "" || name.includes("\0")) {
    throw wrong('the name must be ":memory:", a path or a file: URL', name);
  }
  if (name.startsWith("file:") && name.includes("?")) {
    throw wrong("a name takes no parameters, they are options of their own", name);
  }
  if (/^file:\/\/?/.test(name)) return fileURLToPath(name);
  const path = name.startsWith("file:") ? name.slice("file:".length) : name;
  return path === ":memory:" ? undefined : path;
}

function wantsLog(pragmas: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(pragmas).some(
    ([name, value]) => name.toLowerCase() === "journal_mode" && String(value).toLowerCase() === "wal",
  );
}

function setupOf(pragmas: Readonly<Record<string, unknown>>): string {
  return Object.entries(pragmas)
    .map(([name, value]) => {
      if (!/^\w+$/.test(name)) throw wrong("the name of a pragma must be a word", name);
      if (typeof value === "string") return `PRAGMA ${name} = '${value.replaceAll("'", "''")}'`;
      if (typeof value === "boolean" || Number.isFinite(value)) return `PRAGMA ${name} = ${String(value)}`;
      throw wrong(`the pragma ${name} must be a string, a number or a boolean`, value);
    })
    .join("; ");
}

function wrong(what: string, value: unknown): TypeError {
  return new TypeError(`sqlite: ${what}, got ${describe(value)}`);
}
