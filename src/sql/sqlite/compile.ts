/** From a text to SQLite's statements. */

import type { Locks } from "./locks.ts";
import { decode, type Memory, Misuse, Refused } from "./text.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

/** What a {@link Script} needs of its connection. */
export interface ScriptParts {
  readonly sqlite: Sqlite;
  readonly memory: Memory;
  readonly db: Pointer;
  readonly locks: Locks;
}

/** A text in SQLite's memory, which is compiled statement by statement. */
export class Script {
  readonly #sqlite: Sqlite;
  readonly #memory: Memory;
  readonly #db: Pointer;
  readonly #locks: Locks;
  readonly #start: Pointer;
  readonly #end: Pointer;
  #at: Pointer;

  constructor({ sqlite, memory, db, locks }: ScriptParts, text: string) {
    if (text.includes("\0")) throw new Misuse("sqlite: the text has a NUL character in it");
    this.#sqlite = sqlite;
    this.#memory = memory;
    this.#db = db;
    this.#locks = locks;
    this.#start = memory.putText(text);
    this.#at = this.#start;
    this.#end = this.#start + memory.written;
  }

  /** Where the next statement begins, in the text. */
  get at(): number {
    return this.#index(this.#at);
  }

  /** Compiles the next statement; 0 once there is none. */
  next(): Pointer {
    const { wasm, capi } = this.#sqlite;
    while (this.#at < this.#end) {
      const { out } = this.#memory;
      this.#locks.refusedBy = "nobody";
      const code = wasm.exports.sqlite3_prepare_v2(this.#db, this.#at, this.#end - this.#at, out, out + 4);
      if (code !== 0) {
        // What SQLite knows of the tables may be out of date, and the lock to look again was refused: then it says that
        // there is no such table.
        if (this.#locks.refusedBy !== "nobody") throw new Refused("database is locked", "SQLITE_BUSY", 5);
        const message = this.#memory.string(wasm.exports.sqlite3_errmsg(this.#db));
        const offset = wasm.exports.sqlite3_error_offset(this.#db);
        const place = offset < 0 ? undefined : this.#index(this.#at + offset);
        throw new Refused(message, capi.sqlite3_js_rc_str(code) ?? "SQLITE_ERROR", code, place);
      }
      this.#at = this.#memory.result(1);
      const statement = this.#memory.result(0);
      // Comments and lone semicolons make none.
      if (statement !== 0) return statement;
    }
    return 0;
  }

  /** Tells whether there is another statement, right or wrong. */
  hasMore(): boolean {
    const before = this.#at;
    try {
      const statement = this.next();
      this.#sqlite.wasm.exports.sqlite3_finalize(statement);
      return statement !== 0;
    } catch {
      return true;
    } finally {
      this.#at = before;
    }
  }

  /** Gives the memory back. */
  free(): void {
    this.#sqlite.wasm.dealloc(this.#start);
  }

  #index(pointer: Pointer): number {
    return decode(this.#memory.heap, this.#start, pointer - this.#start).length;
  }
}
