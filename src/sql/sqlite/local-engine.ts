/** The first way to run SQLite: in the thread of the program, between turns of the event loop. */

import { errBadConn } from "../driver/driver.ts";
import type { Context } from "../../context/context.ts";
import { type Engine, readyWithin, type Sent } from "./engine.ts";
import { EngineConn } from "./engine-conn.ts";
import { Locks } from "./locks.ts";
import { perform } from "./perform.ts";
import { placeStore } from "./place-store.ts";
import type { Place, Reply, Task } from "./tasks.ts";
import { SqliteError } from "./sqlite-error.ts";
import type { Maybe } from "./stepper.ts";
import { Misuse } from "./text.ts";
import { vfsName } from "./vfs.ts";
import { WalIndex } from "./wal-index.ts";
import { Instance } from "./local-instance.ts";
import type { Runner } from "./local-suspender.ts";

/** For tasks of connections that are closed. */
const nobodysLocks = new Locks();

/** What a {@link LocalEngine} is made for. */
export interface LocalParts {
  readonly place: Place;
  readonly locks: SharedArrayBuffer;
  readonly hasLog: boolean;
  readonly isAlone: () => boolean;
}

interface Local {
  readonly connection: EngineConn;
  /** The locks as this connection sees them: others run while it is suspended. */
  readonly locks: Locks;
  readonly runner: Runner;
  /** What it has been asked to do and has not done. */
  running: Sent | undefined;
}

/**
 * SQLite in the thread of the program, for all connections to one database. Most tasks are done when `send` returns; one
 * that takes longer than a millisecond goes on between turns of the event loop.
 */
export class LocalEngine implements Engine {
  readonly isExpendable = false;
  /** There is one thread of the program, and it never dies before the others: no thread has this number. */
  readonly id: number = 2 ** 31 - 1;
  readonly slots: Set<number> = new Set();
  readonly #place: Place;
  /** Whether the database may have a write-ahead log. */
  readonly #hasLog: boolean;
  readonly #isAlone: () => boolean;
  readonly #memory: SharedArrayBuffer;
  readonly #onEnd: (engine: LocalEngine) => void;
  readonly #ready: Promise<void>;
  #instance: Instance | undefined;
  /** The name of the database for SQLite, once that is loaded. */
  #name = "";
  readonly #conns = new Map<number, Local>();
  /** By slot. */
  readonly #locks = new Map<number, Locks>();
  /** The slot of the connection for which SQLite is being opened. */
  #opening: number | undefined;
  readonly #running = new Map<Sent, (lost: Error) => void>();
  #hasEnded = false;

  /**
   * Makes it for the database at a place with these locks. `isAlone` tells whether no other engine changes that. `onEnd` is
   * called when it is no more.
   */
  constructor({ place, locks, hasLog, isAlone }: LocalParts, onEnd: (engine: LocalEngine) => void) {
    this.#place = place;
    this.#hasLog = hasLog;
    this.#isAlone = isAlone;
    this.#memory = locks;
    this.#onEnd = onEnd;
    this.#ready = this.#load();
    this.#ready.catch(() => undefined);
  }

  async #load(): Promise<void> {
    const instance = await Instance.load(this.id);
    this.#instance = instance;
    this.#name = instance.serve(this, {
      store: placeStore(this.#place, this.#isAlone),
      wal: this.#hasLog ? new WalIndex(instance.sqlite) : undefined,
      locksOf: (slot) => this.#locks.get(slot) as Locks,
      opening: () => {
        const slot = this.#opening;
        this.#opening = undefined;
        return slot;
      },
    });
  }

  async started(ctx: Context): Promise<void> {
    await readyWithin(ctx, this.#ready);
    if (this.#hasEnded) throw new Error("sqlite: the database is closed", { cause: errBadConn });
  }

  enroll(): number {
    return Instance.newConn();
  }

  discharge(_conn: number): void {
    // Numbers are not used again: a suspended statement finds out by its own that it is not wanted.
  }

  get isAlive(): boolean {
    return !this.#hasEnded;
  }

  send(conn: number, task: Task): Sent {
    const instance = this.#instance;
    if (this.#hasEnded || instance === undefined) {
      throw new Error("sqlite: the engine has ended", { cause: errBadConn });
    }
    const local = task.kind === "open" ? this.#open(conn, task.slot, instance) : this.#conns.get(conn);
    // Its statement is in the middle of SQLite: whatever else is done with it would break that.
    if (local?.running !== undefined) throw new Error("sqlite: internal error: the connection is busy");
    const ticket = local?.runner.begin() ?? 0;
    let answer: Maybe<Reply>;
    try {
      answer = this.#perform(conn, task, local, instance);
    } catch (error) {
      throw this.#lost(error, instance);
    }
    if (!(answer instanceof Promise)) return { reply: answer, stop: () => undefined };
    let lose: (lost: Error) => void = () => undefined;
    const over = (): void => {
      this.#running.delete(sent);
      if (local !== undefined) local.running = undefined;
    };
    const reply = new Promise<Reply>((resolve, reject) => {
      lose = reject;
      answer.then(
        (came) => {
          over();
          resolve(came);
        },
        (error: unknown) => {
          over();
          reject(this.#lost(error, instance));
        },
      );
    });
    const sent: Sent = { reply, stop: () => local?.runner.stop(ticket) };
    this.#running.set(sent, lose);
    if (local !== undefined) local.running = sent;
    return sent;
  }

  #perform(conn: number, task: Task, local: Local | undefined, instance: Instance): Maybe<Reply> {
    const connection = local?.connection;
    const begin = (): unknown => {
      if (connection === undefined) throw new Misuse("sqlite: the connection is closed");
      if (task.kind === "open") {
        this.#opening = task.slot;
        const { onProgress } = instance.suspender;
        connection.handle.open(this.#name, { readOnly: task.readOnly, vfs: vfsName, onProgress, data: conn });
        this.#conns.set(conn, local as Local);
        return undefined;
      }
      if (task.kind !== "close") return connection.run(task);
      this.#conns.delete(conn);
      this.#locks.delete(connection.slot);
      connection.close();
      instance.suspender.forget(conn);
      return undefined;
    };
    return perform({ id: 0, task, connection, locks: local?.locks ?? nobodysLocks, begin });
  }

  #open(conn: number, slot: number, { sqlite, suspender }: Instance): Local {
    const locks = new Locks(this.#memory);
    this.#locks.set(slot, locks);
    const runner = suspender.runner(conn);
    return { connection: new EngineConn(sqlite, locks, slot, runner), locks, runner, running: undefined };
  }

  /** What is no error of SQLite's has happened inside it: all that lives in the instance ends. */
  #lost(error: unknown, instance: Instance): Error {
    const { message } = error as { message?: unknown };
    const lost = new SqliteError(
      `sqlite: the engine has ended: ${String(message)}`,
      "SQLITE_INTERNAL",
      2,
      undefined,
      error,
    );
    instance.abandon(lost);
    return lost;
  }

  /** Stops what runs, closes what is open, and waits until nothing runs any more. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const { stop } of this.#running.keys()) stop();
    while (this.#running.size > 0) await Promise.allSettled(Array.from(this.#running.keys(), ({ reply }) => reply));
    for (const { connection } of this.#conns.values()) connection.close();
    this.#leave();
  }

  /** Ends it because the instance has gone wrong: nothing of that must be touched. */
  abandon(error: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const reject of this.#running.values()) reject(error);
    this.#running.clear();
    this.#leave();
  }

  #leave(): void {
    this.#conns.clear();
    this.#locks.clear();
    this.#instance?.forget(this, this.#name);
    this.#onEnd(this);
  }
}
