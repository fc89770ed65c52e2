/** SQLite's own handle of a connection, and what can be done with it. */

import { bind } from "./bind.ts";
import { columnsOf, readRow } from "./columns.ts";
import { Script } from "./compile.ts";
import type { Locks } from "./locks.ts";
import type { Argument, Batch, Executed, Stored } from "./protocol.ts";
import { encode, Memory, Misuse, Refused } from "./text.ts";
import { databaseName, vfsName } from "./vfs.ts";
import type { Functions, Pointer, Sqlite } from "./wasm.ts";

const rowCode = 100;
const doneCode = 101;

/** What `sqlite3_txn_state` says of a transaction that has read and not written. */
const reading = 1;

const openReadOnly = 0x1;
const openReadWrite = 0x6;

/** How often a running statement looks whether it is to stop, in steps of SQLite's machine: every 10 µs or so. */
const progressEvery = 1000;

/** When a batch of rows is worth its trip: rows, bytes, or milliseconds. */
const enoughRows = 256;
const enoughBytes = 2 ** 18;
const enoughTime = 10;

/** A handle. Statements are pointers; 0 is one that does nothing. */
export class Handle {
  readonly #sqlite: Sqlite;
  readonly #x: Functions;
  readonly #locks: Locks;
  readonly #memory: Memory;
  #db: Pointer = 0;

  constructor(sqlite: Sqlite, locks: Locks) {
    this.#sqlite = sqlite;
    this.#x = sqlite.wasm.exports;
    this.#locks = locks;
    this.#memory = new Memory(sqlite);
  }

  /** Opens the database. `interrupt` is the C function that tells whether the running task is to stop. */
  open(readOnly: boolean, interrupt: Pointer): void {
    const name = this.#memory.put(encode(databaseName));
    const vfs = this.#memory.put(encode(vfsName));
    const code = this.#x.sqlite3_open_v2(name, this.#memory.out, readOnly ? openReadOnly : openReadWrite, vfs);
    this.#sqlite.wasm.dealloc(name);
    this.#sqlite.wasm.dealloc(vfs);
    this.#db = this.#memory.result(0);
    this.#x.sqlite3_extended_result_codes(this.#db, 1);
    this.#check(code);
    this.#x.sqlite3_progress_handler(this.#db, progressEvery, interrupt, 0);
  }

  /** Closes the database; an open transaction is rolled back. All statements must be gone. */
  close(): void {
    this.#x.sqlite3_close_v2(this.#db);
    this.#memory.free();
    this.#db = 0;
  }

  /** Tells whether no transaction is open. */
  get autocommit(): boolean {
    return this.#db === 0 || this.#x.sqlite3_get_autocommit(this.#db) !== 0;
  }

  /**
   * Tells whether a statement that found the database locked may run later. One in a transaction that has read may not:
   * who has the lock waits, in the end, for the reader. SQLite itself would not wait then either.
   */
  get mayWait(): boolean {
    return this.#x.sqlite3_txn_state(this.#db, 0) !== reading;
  }

  /** Begins with a text; the caller frees it. */
  script(text: string): Script {
    return new Script({ sqlite: this.#sqlite, memory: this.#memory, db: this.#db, locks: this.#locks }, text);
  }

  /** Compiles a text that must be one statement, or none. */
  compile(text: string): Pointer {
    const script = this.script(text);
    try {
      const pointer = script.next();
      if (!script.hasMore()) return pointer;
      this.finalize(pointer);
      throw new Misuse("sqlite: the text has several statements: run them with execContext, or one by one");
    } finally {
      script.free();
    }
  }

  /** Tells how many arguments a statement takes. */
  inputs(pointer: Pointer): number {
    return pointer === 0 ? 0 : this.#x.sqlite3_bind_parameter_count(pointer);
  }

  /** Gives a statement its arguments. */
  bind(pointer: Pointer, args: readonly Argument[]): void {
    bind(this.#sqlite, this.#memory, pointer, args, (code) => this.#check(code));
  }

  /** Runs a statement to its end. */
  execute(pointer: Pointer, args: readonly Argument[]): Executed {
    const x = this.#x;
    this.bind(pointer, args);
    const before = x.sqlite3_total_changes64(this.#db);
    let code = pointer === 0 ? doneCode : x.sqlite3_step(pointer);
    while (code === rowCode) code = x.sqlite3_step(pointer);
    if (code !== doneCode) this.#check(code);
    const id = x.sqlite3_last_insert_rowid(this.#db);
    const lastInsertId = Number.isSafeInteger(Number(id)) ? Number(id) : id;
    // The count of a statement that changes nothing is that of an earlier one.
    const changed = x.sqlite3_total_changes64(this.#db) !== before;
    return { lastInsertId, rowsAffected: changed ? Number(x.sqlite3_changes64(this.#db)) : 0 };
  }

  /** Reads as many rows as are worth a trip; `first` tells about the columns too. */
  read(pointer: Pointer, first: boolean): Omit<Batch, "cursor"> {
    const x = this.#x;
    const rows: Stored[][] = [];
    let bytes = 0;
    const count = (more: number): void => void (bytes += more);
    let code = pointer === 0 ? doneCode : x.sqlite3_step(pointer);
    // From the first row on: a slow query that has only one is done with the same trip.
    const end = performance.now() + enoughTime;
    // The first step compiles again if the schema has changed: only now the columns are right.
    const width = pointer === 0 ? 0 : x.sqlite3_column_count(pointer);
    const columns = first ? columnsOf(this.#sqlite, this.#memory, pointer, width) : [];
    for (; code === rowCode; code = x.sqlite3_step(pointer)) {
      rows.push(readRow(this.#sqlite, pointer, width, count));
      if (rows.length >= enoughRows || bytes >= enoughBytes || performance.now() >= end) {
        return { columns, rows, done: false };
      }
    }
    if (code !== doneCode) this.#check(code);
    return { columns, rows, done: true };
  }

  /** Ends a run of a statement, so that it can run again. */
  reset(pointer: Pointer): void {
    if (pointer !== 0) this.#x.sqlite3_reset(pointer);
  }

  /** Gives up a statement. */
  finalize(pointer: Pointer): void {
    this.#x.sqlite3_finalize(pointer);
  }

  /** Throws what SQLite says about a code that is not zero. */
  #check(code: number): void {
    if (code === 0) return;
    const message = this.#memory.string(this.#x.sqlite3_errmsg(this.#db));
    throw new Refused(message, this.#sqlite.capi.sqlite3_js_rc_str(code) ?? "SQLITE_ERROR", code);
  }
}
