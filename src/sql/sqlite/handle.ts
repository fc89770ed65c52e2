/** SQLite's own handle of a connection, and what can be done with it. */

import { bind } from "./bind.ts";
import { columnsOf, readRow } from "./columns.ts";
import { Script } from "./compile.ts";
import type { Locks } from "./locks.ts";
import type { Argument, Batch, Executed, Stored } from "./tasks.ts";
import { type Maybe, movedCode, rowCode, type Stepper } from "./stepper.ts";
import { Memory, Misuse, Refused } from "./text.ts";
import type { Functions, Pointer, Sqlite } from "./wasm.ts";

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

/** SQLite's number for how often a statement was compiled again. */
const recompiledStatus = 5;

const noColumns: Batch["columns"] = [];

const moved: Omit<Batch, "cursor"> = { columns: noColumns, rows: [], done: true, moved: true };

const everyRow = (): boolean => true;

/** How to open a database. */
export interface Opening {
  readonly readOnly: boolean;
  /** The name of the VFS. */
  readonly vfs: string;
  /** The C function that tells, with `data`, whether the running statement is to stop. */
  readonly onProgress: Pointer;
  readonly data: number;
}

/** A handle. Statements are pointers; 0 is one that does nothing. */
export class Handle {
  readonly #sqlite: Sqlite;
  readonly #x: Functions;
  readonly #locks: Locks;
  readonly #memory: Memory;
  readonly #stepper: Stepper;
  #db: Pointer = 0;

  constructor(sqlite: Sqlite, locks: Locks, stepper: Stepper) {
    this.#sqlite = sqlite;
    this.#stepper = stepper;
    this.#x = sqlite.wasm.exports;
    this.#locks = locks;
    this.#memory = new Memory(sqlite);
  }

  /** Opens the database that has this name for SQLite. */
  open(name: string, { readOnly, vfs, onProgress, data }: Opening): void {
    const names = [name, vfs].map((text) => this.#memory.putText(text)) as [Pointer, Pointer];
    const code = this.#x.sqlite3_open_v2(names[0], this.#memory.out, readOnly ? openReadOnly : openReadWrite, names[1]);
    for (const text of names) this.#sqlite.wasm.dealloc(text);
    this.#db = this.#memory.result(0);
    this.#x.sqlite3_extended_result_codes(this.#db, 1);
    this.#check(code);
    this.#x.sqlite3_progress_handler(this.#db, progressEvery, onProgress, data);
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
  execute(pointer: Pointer, args: readonly Argument[]): Maybe<Executed> {
    const x = this.#x;
    this.bind(pointer, args);
    const before = x.sqlite3_total_changes(this.#db);
    const done = (code: number): Executed => {
      if (code !== doneCode) this.#check(code);
      const id = x.sqlite3_last_insert_rowid(this.#db);
      const number = Number(id);
      const lastInsertId = Number.isSafeInteger(number) ? number : id;
      // The count of a statement that changes nothing is that of an earlier one.
      const changed = x.sqlite3_total_changes(this.#db) !== before;
      return { lastInsertId, rowsAffected: changed ? Number(x.sqlite3_changes64(this.#db)) : 0 };
    };
    const code = pointer === 0 ? doneCode : this.#stepper.run(pointer, everyRow, undefined, false);
    return typeof code === "number" ? done(code) : code.then(done);
  }

  /** Reads as many rows as are worth a trip; `columns` tells about them when the first step has been done. */
  read(
    pointer: Pointer,
    first: boolean,
    moves: boolean,
    columnsOfWidth: (width: number) => Batch["columns"],
  ): Maybe<Omit<Batch, "cursor">> {
    const x = this.#x;
    const rows: Stored[][] = [];
    let bytes = 0;
    const count = (more: number): void => void (bytes += more);
    let width = -1;
    let end = 0;
    const take = (): boolean => {
      if (width < 0) {
        width = x.sqlite3_column_count(pointer);
        // From the first row on: a slow query that has only one is done with the same trip.
        end = performance.now() + enoughTime;
      }
      rows.push(readRow(this.#sqlite, this.#memory, pointer, width, count));
      return rows.length < enoughRows && bytes < enoughBytes && ((rows.length & 15) !== 0 || performance.now() < end);
    };
    const done = (code: number): Omit<Batch, "cursor"> => {
      if (code === movedCode) return moved;
      if (code !== doneCode && code !== rowCode) this.#check(code);
      // The first step compiles again if the schema has changed: only now the columns are right.
      if (width < 0) width = pointer === 0 ? 0 : x.sqlite3_column_count(pointer);
      const columns = first ? columnsOfWidth(width) : noColumns;
      return { columns, rows, done: code !== rowCode };
    };
    const again = first ? (): void => void (rows.length = bytes = 0) : undefined;
    const code = pointer === 0 ? doneCode : this.#stepper.run(pointer, take, again, moves);
    return typeof code === "number" ? done(code) : code.then(done);
  }

  /** Tells about the columns of a statement. */
  columns(pointer: Pointer, width: number): Batch["columns"] {
    return columnsOf(this.#sqlite, this.#memory, pointer, width);
  }

  /** Counts how often a statement was compiled again because the schema had changed. */
  recompiled(pointer: Pointer): number {
    return pointer === 0 ? 0 : this.#x.sqlite3_stmt_status(pointer, recompiledStatus, 0);
  }

  /** Ends a run of a statement, so that it can run again, and lets its arguments go. */
  reset(pointer: Pointer): void {
    if (pointer === 0) return;
    this.#x.sqlite3_reset(pointer);
    this.#x.sqlite3_clear_bindings(pointer);
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
