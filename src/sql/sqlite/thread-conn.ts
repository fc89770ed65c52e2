/** A connection inside a worker: its statements and what is being read from them. */

import { Handle } from "./handle.ts";
import type { Locks } from "./locks.ts";
import type { Argument, Batch, Executed, Prepared, Progress, Task } from "./protocol.ts";
import { Misuse } from "./text.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

/** A statement: one that `prepare` made, or one that runs once. */
interface Statement {
  /** SQLite's own; 0 for a text in which there is nothing. */
  readonly pointer: Pointer;
  readonly text: string;
  /** Whether it is gone when it has run. */
  readonly once: boolean;
  /** Whether rows are being read from it: it cannot run a second time meanwhile. */
  busy: boolean;
}

/** One connection. */
export class ThreadConn {
  /** Where its locks are. */
  readonly slot: number;
  readonly handle: Handle;
  /** How far the last `exec` has come. */
  progress: Progress | undefined;
  readonly #prepared = new Map<number, Statement>();
  readonly #cursors = new Map<number, Statement>();
  #names = 0;

  constructor(sqlite: Sqlite, locks: Locks, slot: number) {
    this.slot = slot;
    this.handle = new Handle(sqlite, locks);
  }

  /** Does what it is asked to. */
  run(task: Exclude<Task, { kind: "open" | "close" }>): Prepared | Batch | Executed | undefined {
    this.progress = undefined;
    switch (task.kind) {
      case "prepare":
        return this.#prepare(task.text);
      case "finalize":
        return this.#finalize(task.statement);
      case "query":
        return this.#query(task.source, task.args);
      case "exec":
        return typeof task.source === "string"
          ? this.#execText(task.source, task.args)
          : this.#execPrepared(task.source, task.args);
      case "next":
        return this.#next(task.cursor);
      default:
        return this.#leave(task.cursor);
    }
  }

  /** Lets go of everything; an open transaction is rolled back. */
  close(): void {
    for (const cursor of this.#cursors.keys()) this.#leave(cursor);
    for (const name of this.#prepared.keys()) this.#finalize(name);
    this.handle.close();
  }

  #prepare(text: string): Prepared {
    const pointer = this.handle.compile(text);
    const statement = ++this.#names;
    this.#prepared.set(statement, { pointer, text, once: false, busy: false });
    return { statement, numInput: this.handle.inputs(pointer) };
  }

  #finalize(name: number): undefined {
    const statement = this.#prepared.get(name);
    if (statement === undefined) return;
    for (const [cursor, read] of this.#cursors) if (read === statement) this.#leave(cursor);
    this.#prepared.delete(name);
    this.handle.finalize(statement.pointer);
  }

  /** Returns a statement that can run now. */
  #ready(source: string | number): Statement {
    const prepared = typeof source === "number" ? this.#prepared.get(source) : undefined;
    if (prepared !== undefined && !prepared.busy) return prepared;
    const text = prepared?.text ?? source;
    if (typeof text === "number") throw new Misuse("sqlite: the statement is closed");
    return { pointer: this.handle.compile(text), text, once: true, busy: false };
  }

  #query(source: string | number, args: readonly Argument[]): Batch {
    const statement = this.#ready(source);
    const cursor = ++this.#names;
    this.#cursors.set(cursor, statement);
    statement.busy = true;
    try {
      this.handle.bind(statement.pointer, args);
      return this.#read(cursor, statement, true);
    } catch (error) {
      this.#leave(cursor);
      throw error;
    }
  }

  #next(cursor: number): Batch {
    const statement = this.#cursors.get(cursor);
    if (statement === undefined) throw new Misuse("sqlite: the rows are closed");
    try {
      return this.#read(cursor, statement, false);
    } catch (error) {
      this.#leave(cursor);
      throw error;
    }
  }

  #read(cursor: number, { pointer }: Statement, first: boolean): Batch {
    const batch = this.handle.read(pointer, first);
    // A statement that has ended holds no lock any more.
    if (batch.done) this.#leave(cursor);
    return { ...batch, cursor };
  }

  /** Ends the reading of a cursor; if it has ended already, nothing happens. */
  #leave(cursor: number): undefined {
    const statement = this.#cursors.get(cursor);
    if (statement === undefined) return;
    this.#cursors.delete(cursor);
    this.#stop(statement);
  }

  #stop(statement: Statement): void {
    statement.busy = false;
    if (statement.once) this.handle.finalize(statement.pointer);
    else this.handle.reset(statement.pointer);
  }

  #execPrepared(source: number, args: readonly Argument[]): Executed {
    const statement = this.#ready(source);
    try {
      return this.handle.execute(statement.pointer, args);
    } finally {
      this.#stop(statement);
    }
  }

  /** Runs all statements of a text. */
  #execText(text: string, args: readonly Argument[]): Executed {
    const script = this.handle.script(text);
    let rowsAffected = 0;
    let last: Executed | undefined;
    try {
      for (;;) {
        const pointer = script.next();
        if (pointer === 0 && last !== undefined) return { ...last, rowsAffected };
        try {
          if (last === undefined && args.length > 0 && script.hasMore()) {
            throw new Misuse("sqlite: a text of several statements takes no arguments");
          }
          last = this.handle.execute(pointer, args);
        } finally {
          this.handle.finalize(pointer);
        }
        rowsAffected += last.rowsAffected;
        this.progress = { at: script.at, rowsAffected };
      }
    } finally {
      script.free();
    }
  }
}
