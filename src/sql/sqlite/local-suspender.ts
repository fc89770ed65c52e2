/**
 * Statements in the thread of the program, which give way to it: after a millisecond a running statement is suspended
 * where it is, in the middle of SQLite, and goes on after a turn of the event loop. WebAssembly can do that (JSPI) where
 * nothing but WebAssembly is between the call and the suspension: so a small module of ours stands at both ends.
 */

import { setImmediate } from "node:timers";
import { realNow } from "../../runtime/host.ts";
import { onNextTurn } from "../../runtime/turn.ts";
import { type Maybe, movedCode, rowCode, type Stepper } from "./stepper.ts";
import type { StoredFile } from "./store.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

/*
 * The module. `tick` is SQLite's progress handler, `run` steps a statement on a stack of its own, and `xSync` is how SQLite
 * waits for the disk:
 *
 *   tick(conn): code = check(conn)
 *               if (code === 2) { top = sp(); pause(conn) (suspends); restore(top); code = resumed(conn) }
 *               return code
 *   run(conn, statement, stack): top = sp(); restore(stack)
 *               do code = step(statement) while (code === 100 && row(conn))
 *               restore(top); end(conn); return code
 *   xSync(file): code = syncs(file)
 *               if (code < 0) { top = sp(); code = sync(file) (suspends); restore(top); synced(file) }
 *               return code
 */
const module =
  "AGFzbQEAAAABGwVgAX8Bf2AAAX9gAX8AYAJ/fwF/YAN/f38BfwJrCwFzBHN0ZXAAAAFzAnNwAAEBcwdyZXN0b3JlAAIBagVjaGVjawAAAWoFcGF1c2UAAgFqB3Jlc3VtZWQAAAFqA3JvdwAAAWoDZW5kAAIBagVzeW5jcwAAAWoEc3luYwAAAWoGc3luY2VkAAIDBAMDAAQHFgMFeFN5bmMACwR0aWNrAAwDcnVuAA0KfgMmAQJ/IAAQCCECIAJBAEgEQBABIQMgABAJIQIgAxACIAAQCgsgAgsmAQJ/IAAQAyEBIAFBAkYEQBABIQIgABAEIAIQAiAAEAUhAQsgAQsuAQJ/EAEhBCACEAIDQCABEAAhAyADQeQARgRAIAAQBg0BCwsgBBACIAAQByADCw==";

interface WasmNamespace {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
  readonly Suspending?: new (f: (...args: never[]) => unknown) => object;
  readonly promising?: (f: unknown) => (...args: number[]) => Promise<number>;
}

const wasmNamespace = (globalThis as unknown as { WebAssembly: WasmNamespace }).WebAssembly;

/** Tells whether this host can suspend WebAssembly. */
export function canSuspend(): boolean {
  return wasmNamespace.Suspending !== undefined && wasmNamespace.promising !== undefined;
}

/** How long statements may keep the event loop waiting, in milliseconds. */
const slice = 1;

/** How much stack a statement has, in bytes. Only what it uses takes memory. */
const stackSize = 2 ** 19;

const syncFailed = 10 | (4 << 8);
const interruptCode = 9;

/** What `check` answers: go on, stop, give way. */
const goOn = 0;
const stop = 1;
const giveWay = 2;

/** Since when statements have run and the event loop has not turned; 0 if none has since it did. */
let burst = 0;

/** Returns since when the event loop has been waiting for statements; from now on, if it has not. */
function burstStart(): number {
  if (burst === 0) {
    burst = realNow();
    onNextTurn(() => void (burst = 0));
  }
  return burst;
}

/** A statement that waits for its turn. */
interface Waiting {
  readonly runner: Runner;
  readonly go: () => void;
}

/** Those that are suspended, in the order in which they go on: one each turn, so that many delay the loop no more than one. */
let waiting: Waiting[] = [];
let isPumping = false;

function pump(): void {
  const stopped = waiting.findIndex(({ runner }) => runner.isStopped);
  const [next] = waiting.splice(Math.max(stopped, 0), 1);
  isPumping = waiting.length > 0;
  if (isPumping) setImmediate(pump);
  burst = 0;
  burstStart();
  next?.go();
}

/** Waits for a turn of the event loop. The promise is never rejected; it stays pending if the instance is abandoned. */
function turn(runner: Runner): Promise<void> {
  return new Promise((go) => {
    waiting.push({ runner, go });
    if (isPumping) return;
    isPumping = true;
    setImmediate(pump);
  });
}

/** Runs the statements of one connection, one at a time. */
export class Runner implements Stepper {
  readonly #suspender: Suspender;
  readonly #conn: number;
  #ticket = 0;
  #stopped = 0;
  /** Takes a row; tells whether to go on. */
  row: () => boolean = () => false;
  /** What `row` has thrown: it must not unwind what is between. */
  failure: unknown;
  /**
   * Whether what runs was called directly, not through a promise, so that it cannot be suspended: it is stopped
   * instead when its time is over, and begins once more.
   */
  isDirect = false;
  /** Whether it was stopped for that. */
  hasExpired = false;

  constructor(suspender: Suspender, conn: number) {
    this.#suspender = suspender;
    this.#conn = conn;
  }

  /** Begins with a task; returns what stops this one and no other. */
  begin(): number {
    return ++this.#ticket;
  }

  stop(ticket: number): void {
    this.#stopped = ticket;
  }

  get isStopped(): boolean {
    return this.#stopped === this.#ticket;
  }

  /**
   * A statement that only reads, and has not been read from, runs directly at first: most are done in no time. One that
   * is not begins once more, so that it can be suspended, or elsewhere.
   */
  run(statement: Pointer, row: () => boolean, again: (() => void) | undefined, moves: boolean): Maybe<number> {
    this.row = row;
    const isLate = burst !== 0 && realNow() - burst >= slice;
    // Whether it takes long is not known before it has had its time.
    if (isLate && moves) return turn(this).then(() => this.run(statement, row, again, moves));
    if (isLate || again === undefined || !this.#suspender.onlyReads(statement)) {
      return this.#suspender.runSuspendable(this, this.#conn, statement, isLate);
    }
    const code = this.#suspender.runDirectly(this, this.#conn, statement);
    if (code !== interruptCode || !this.hasExpired) return code;
    this.#suspender.reset(statement);
    if (moves) return movedCode;
    again();
    return this.#suspender.runSuspendable(this, this.#conn, statement, false);
  }
}

/** Runs the statements of one instance of SQLite. */
export class Suspender {
  /** The C function for the progress handler; its argument is the number of the connection. */
  readonly onProgress: Pointer;
  /** The C function that waits until a file is on disk: it lets others run meanwhile where that is possible. */
  readonly xSync: Pointer;
  /** The open files. */
  readonly files: Map<Pointer, StoredFile> = new Map();
  readonly #syncing = new Map<Pointer, number>();
  readonly #sqlite: Sqlite;
  readonly #runners = new Map<number, Runner>();
  readonly #run: (conn: number, statement: Pointer, stack: Pointer) => Promise<number>;
  /** Where the stack is for all but statements that can be suspended. */
  readonly #top: Pointer;
  /** Stacks that no statement uses just now. */
  readonly #stacks: Pointer[] = [];
  /**
   * The connection whose statement is running now; 0 if none is. Set and cleared inside WebAssembly, right before and
   * after the suspension: in a reaction of a promise others may have run before. A progress handler that is called for any
   * other connection, as in a plain call, must not suspend, which would unwind SQLite.
   */
  #current = 0;

  /** Takes an instance that nothing has run in. */
  constructor(sqlite: Sqlite) {
    const x = sqlite.wasm.exports;
    this.#sqlite = sqlite;
    this.#top = x.emscripten_stack_get_current();
    const { Module, Instance, Suspending, promising } = wasmNamespace as Required<WasmNamespace>;
    const { exports } = new Instance(new Module(Buffer.from(module, "base64")), {
      s: { step: x.sqlite3_step, sp: x.emscripten_stack_get_current, restore: x._emscripten_stack_restore },
      j: {
        check: (conn: number): number => this.#check(conn),
        pause: new Suspending((conn: number): Promise<void> => {
          this.#leave();
          return turn(this.#runner(conn));
        }),
        resumed: (conn: number): number => {
          this.#current = conn;
          return this.#runner(conn).isStopped ? stop : goOn;
        },
        syncs: (file: Pointer): number => {
          const runner = this.#runners.get(this.#current);
          const mayWait = runner?.isDirect === false && this.files.get(file)?.syncLater !== undefined;
          return mayWait ? -1 : this.#syncNow(file);
        },
        sync: new Suspending((file: Pointer): Promise<number> => {
          this.#syncing.set(file, this.#current);
          this.#leave();
          return this.#syncLater(file);
        }),
        synced: (file: Pointer): void => {
          this.#current = this.#syncing.get(file) as number;
          this.#syncing.delete(file);
        },
        row: (conn: number): number => {
          const runner = this.#runner(conn);
          try {
            return runner.row() ? 1 : 0;
          } catch (error) {
            runner.failure = error;
            return 0;
          }
        },
        end: (): void => void (this.#current = 0),
      },
    });
    const table = x.__indirect_function_table;
    this.onProgress = table.grow(2);
    this.xSync = this.onProgress + 1;
    table.set(this.onProgress, exports["tick"]);
    table.set(this.xSync, exports["xSync"]);
    this.#run = promising(exports["run"]);
  }

  /** Returns what steps the statements of a connection. */
  runner(conn: number): Runner {
    const runner = new Runner(this, conn);
    this.#runners.set(conn, runner);
    return runner;
  }

  /** Forgets a connection that is closed. */
  forget(conn: number): void {
    this.#runners.delete(conn);
  }

  /** Forgets what is suspended: nothing of it goes on. */
  abandon(): void {
    const own = new Set(this.#runners.values());
    waiting = waiting.filter(({ runner }) => !own.has(runner));
  }

  /** Tells whether a statement can be run twice. */
  onlyReads(statement: Pointer): boolean {
    return this.#sqlite.wasm.exports.sqlite3_stmt_readonly(statement) !== 0;
  }

  reset(statement: Pointer): void {
    this.#sqlite.wasm.exports.sqlite3_reset(statement);
  }

  /** Steps a statement without a break; it is stopped when its time is over. */
  runDirectly(runner: Runner, conn: number, statement: Pointer): number {
    const x = this.#sqlite.wasm.exports;
    burstStart();
    runner.isDirect = true;
    runner.hasExpired = false;
    this.#current = conn;
    try {
      let code = x.sqlite3_step(statement);
      while (code === rowCode && runner.row()) code = x.sqlite3_step(statement);
      return code;
    } finally {
      this.#current = 0;
      runner.isDirect = false;
    }
  }

  /** Steps a statement so that it can be suspended; if it is `late`, it waits for a turn first. */
  async runSuspendable(runner: Runner, conn: number, statement: Pointer, late: boolean): Promise<number> {
    if (late) await turn(runner);
    const stack = this.#stacks.pop() ?? this.#newStack();
    runner.failure = undefined;
    burstStart();
    this.#current = conn;
    const code = await this.#run(conn, statement, stack);
    // Not if it has thrown: who knows what is on the stack then.
    this.#stacks.push(stack);
    if (runner.failure !== undefined) throw runner.failure;
    return code;
  }

  #check(conn: number): number {
    if (this.#current !== conn) return goOn;
    const runner = this.#runner(conn);
    if (runner.isStopped) return stop;
    if (realNow() - burstStart() < slice) return goOn;
    if (!runner.isDirect) return giveWay;
    runner.hasExpired = true;
    return stop;
  }

  #runner(conn: number): Runner {
    return this.#runners.get(conn) as Runner;
  }

  /** Leaves the statement that is suspended now: what runs next is a plain call, with the stack where it begins. */
  #leave(): void {
    this.#current = 0;
    this.#sqlite.wasm.exports._emscripten_stack_restore(this.#top);
  }

  #syncNow(file: Pointer): number {
    try {
      this.files.get(file)?.sync();
      return 0;
    } catch {
      return syncFailed;
    }
  }

  async #syncLater(file: Pointer): Promise<number> {
    try {
      await this.files.get(file)?.syncLater?.();
      return 0;
    } catch {
      return syncFailed;
    }
  }

  #newStack(): Pointer {
    return (this.#sqlite.wasm.alloc(stackSize) + stackSize) & ~15;
  }
}
