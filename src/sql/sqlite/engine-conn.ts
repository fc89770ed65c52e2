/** A connection inside an engine, of either kind: its statements and what is being read from them. */

import { Handle } from "./handle.ts";
import type { Locks } from "./locks.ts";
import type { Argument, Batch, Executed, Prepared, Progress, Task } from "./tasks.ts";
import { Misuse } from "./text.ts";
import type { Maybe, Stepper } from "./stepper.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

/** A statement: one that `prepare` made, or one that runs once. */
interface Statement {
  /** SQLite's own; 0 for a text in which there is nothing. */
  readonly pointer: Pointer;
  readonly text: string;
  /** Whether it is gone when it has run. */
  once: boolean;
  /** Its columns, as they were when it had been compiled so often. */
  columns: Batch["columns"] | undefined;
  compiled: number;
  /** Whether rows are being read from it: it cannot run a second time meanwhile. */
  busy: boolean;
}

/** How many statements are kept for the next time, and how long their texts may be. */
const mostKept = 64;
const longestKept = 1 << 14;

/**
 * What makes a connection unlike others: what it sees would not be there for them. It is looked for in the whole text, and may
 * be found where it is only a word.
 */
const ofItsOwn = /\b(?:PRAGMA|ATTACH|DETACH|TEMP)/i;

/** What can run again as it is. A pragma, for one, may do its work when it is compiled. */
const keepable = /^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|VALUES|BEGIN|COMMIT|ROLLBACK)\b/i;

/** One connection. */
export class EngineConn {
  /** Where its locks are. */
  readonly slot: number;
  readonly handle: Handle;
  /** How far the last `exec` has come. */
  progress: Progress | undefined;
  readonly #prepared = new Map<number, Statement>();
  readonly #cursors = new Map<number, Statement>();
  /** Statements that have run, by their texts, the oldest first. */
  readonly #kept = new Map<string, Statement>();
  #names = 0;
  /** Whether a query may give another answer here than on another connection. */
  #isPeculiar = false;

  constructor(sqlite: Sqlite, locks: Locks, slot: number, stepper: Stepper) {
    this.slot = slot;
    this.handle = new Handle(sqlite, locks, stepper);
  }

  /** Does what it is asked to. */
  run(task: Exclude<Task, { kind: "open" | "close" }>): Maybe<Prepared | Batch | Executed | undefined> {
    this.progress = undefined;
    switch (task.kind) {
      case "prepare":
        return this.#prepare(task.text);
      case "finalize":
        return this.#finalize(task.statement);
      case "query":
        return this.#query(task.source, task.args, task.moves === true);
      case "exec":
        // A text that is kept is one statement.
        return typeof task.source === "string" && this.#kept.get(task.source)?.busy !== false
          ? this.#execText(task.source, task.args, task.own === true)
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
    for (const { pointer } of this.#kept.values()) this.handle.finalize(pointer);
    this.#kept.clear();
    this.handle.close();
  }

  #prepare(text: string): Prepared {
    const pointer = this.#compile(text);
    const statement = ++this.#names;
    this.#prepared.set(statement, { ...newStatement(pointer, text), once: false });
    return { statement, numInput: this.handle.inputs(pointer) };
  }

  #finalize(name: number): undefined {
    const statement = this.#prepared.get(name);
    if (statement === undefined) return;
    for (const [cursor, read] of this.#cursors) if (read === statement) this.#leave(cursor);
    this.#prepared.delete(name);
    this.handle.finalize(statement.pointer);
  }

  #compile(text: string): Pointer {
    this.#isPeculiar ||= ofItsOwn.test(text);
    return this.handle.compile(text);
  }

  /** Returns a statement that can run now. */
  #ready(source: string | number): Statement {
    const prepared = typeof source === "number" ? this.#prepared.get(source) : undefined;
    if (prepared !== undefined && !prepared.busy) return prepared;
    const text = prepared?.text ?? source;
    if (typeof text === "number") throw new Misuse("sqlite: the statement is closed");
    const kept = this.#kept.get(text);
    if (kept === undefined || kept.busy) return this.#keep(newStatement(this.#compile(text), text));
    this.#kept.delete(text);
    this.#kept.set(text, kept);
    return kept;
  }

  /** Keeps a statement for the next time that its text comes, instead of the one that was not used for longest. */
  #keep(statement: Statement): Statement {
    const { pointer, text } = statement;
    if (pointer === 0 || text.length > longestKept || this.#kept.has(text) || !keepable.test(text)) return statement;
    statement.once = false;
    this.#kept.set(text, statement);
    if (this.#kept.size > mostKept) {
      const [[oldest, old]] = this.#kept as unknown as [[string, Statement]];
      this.#kept.delete(oldest);
      // One that is being read goes when that ends.
      old.once = true;
      if (!old.busy) this.handle.finalize(old.pointer);
    }
    return statement;
  }

  #query(source: string | number, args: readonly Argument[], moves: boolean): Maybe<Batch> {
    const statement = this.#ready(source);
    const cursor = ++this.#names;
    this.#cursors.set(cursor, statement);
    statement.busy = true;
    try {
      this.handle.bind(statement.pointer, args);
    } catch (error) {
      this.#leave(cursor);
      throw error;
    }
    return this.#read(cursor, statement, true, moves && !this.#isPeculiar && this.handle.autocommit);
  }

  #next(cursor: number): Maybe<Batch> {
    const statement = this.#cursors.get(cursor);
    if (statement === undefined) throw new Misuse("sqlite: the rows are closed");
    return this.#read(cursor, statement, false, false);
  }

  #read(cursor: number, statement: Statement, first: boolean, moves: boolean): Maybe<Batch> {
    const done = (batch: Omit<Batch, "cursor">): Batch => {
      // A statement that has ended holds no lock any more.
      if (batch.done) this.#leave(cursor);
      return { ...batch, cursor };
    };
    const fail = (error: unknown): never => {
      this.#leave(cursor);
      throw error;
    };
    try {
      const batch = this.handle.read(statement.pointer, first, moves, (width) => this.#columns(statement, width));
      return batch instanceof Promise ? batch.then(done).catch(fail) : done(batch);
    } catch (error) {
      return fail(error);
    }
  }

  #columns(statement: Statement, width: number): Batch["columns"] {
    const compiled = this.handle.recompiled(statement.pointer);
    if (statement.columns === undefined || statement.compiled !== compiled) {
      statement.columns = this.handle.columns(statement.pointer, width);
      statement.compiled = compiled;
    }
    return statement.columns;
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

  #execPrepared(source: string | number, args: readonly Argument[]): Maybe<Executed> {
    return this.#execute(this.#ready(source), () => args);
  }

  #execute(statement: Statement, args: () => readonly Argument[]): Maybe<Executed> {
    statement.busy = true;
    return finallyDo(
      () => this.handle.execute(statement.pointer, args()),
      () => this.#stop(statement),
    );
  }

  /** Runs all statements of a text. */
  #execText(text: string, args: readonly Argument[], isOwn: boolean): Maybe<Executed> {
    this.#isPeculiar ||= !isOwn && ofItsOwn.test(text);
    const script = this.handle.script(text);
    let rowsAffected = 0;
    let last: Executed | undefined;
    const done = (executed: Executed): void => {
      last = executed;
      rowsAffected += executed.rowsAffected;
      this.progress = { at: script.at, rowsAffected };
    };
    /** Goes on as far as it can without waiting. */
    const goOn = (): Maybe<Executed> => {
      for (;;) {
        const pointer = script.next();
        if (pointer === 0 && last !== undefined) return { ...last, rowsAffected };
        const isOne = last === undefined && !script.hasMore();
        const statement = newStatement(pointer, text);
        if (isOne) this.#keep(statement);
        const executed = this.#execute(statement, () => (isOne ? args : noneOf(args)));
        if (executed instanceof Promise) {
          return executed.then((came) => {
            done(came);
            return goOn();
          });
        }
        done(executed);
      }
    };
    return finallyDo(goOn, () => script.free());
  }
}

function newStatement(pointer: Pointer, text: string): Statement {
  return { pointer, text, once: true, columns: undefined, compiled: 0, busy: false };
}

/** Refuses arguments of a text that has several statements: nobody could tell whose they are. */
function noneOf(args: readonly Argument[]): readonly Argument[] {
  if (args.length > 0) throw new Misuse("sqlite: a text of several statements takes no arguments");
  return args;
}

/** Runs `work` and then `last`, whatever comes of it: at once, unless it has to wait. */
function finallyDo<T>(work: () => Maybe<T>, last: () => void): Maybe<T> {
  let result: Maybe<T>;
  try {
    result = work();
  } catch (error) {
    last();
    throw error;
  }
  if (!(result instanceof Promise)) {
    last();
    return result;
  }
  // One promise, where `finally` makes three.
  return result.then(
    (value) => {
      last();
      return value;
    },
    (error: unknown) => {
      last();
      throw error;
    },
  );
}
