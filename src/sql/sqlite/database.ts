/** One database of this process: its locks, the engines that work on it, in either way, and those who wait for a lock. */

import { chan, type Chan } from "../../chan/chan.ts";
import type { Engine } from "./engine.ts";
import { LocalEngine } from "./local-engine.ts";
import { canSuspend } from "./local-suspender.ts";
import type { Settings } from "./connector.ts";
import { isDeno } from "./deno.ts";
import { capacity, Locks, type Party } from "./locks.ts";
import type { Place } from "./tasks.ts";
import { SqliteError } from "./sqlite-error.ts";
import { ThreadEngine } from "./thread-engine.ts";

/** How many threads one database uses; more connections share them. */
const defaultThreads = 4;

/** What connections to the same database share. */
export class Database {
  readonly #place: Place;
  readonly #locks = new Locks();
  /** Where the connections are, which share the index of its write-ahead log; undefined before the first connection. */
  #log: "none" | "here" | "thread" | undefined;
  /** Whether there may be a connection in a thread that changes something. */
  #threadsWrite = false;
  #local: LocalEngine | undefined;
  /** Those in threads. */
  readonly #engines = new Set<Engine>();
  readonly #freeSlots: number[] = [];
  readonly #waiting = new Set<Chan<never>>();
  readonly #releases = { writer: 0, reader: 0, nobody: 0 };
  #usedSlots = 0;

  /** Makes the database at a place; nothing is started yet. */
  constructor(place: Place) {
    this.#place = place;
  }

  /**
   * Returns what a new connection runs in: the thread of the program if that can be, unless it is to be another one. The first
   * connection decides whether the database may have a write-ahead log, and where: all who use that share memory of one
   * instance of SQLite.
   *
   * @throws SqliteError if that does not go together
   */
  engine({ threads, wal, readOnly }: Pick<Settings, "threads" | "wal" | "readOnly">): Engine {
    const place = !threads && canSuspend() ? "here" : "thread";
    if (place === "thread" && !this.#isInReach) throw unfit("in Deno files are for the thread of the program only");
    this.#log ??= wal ? place : "none";
    if (wal && this.#log === "none") throw unfit("another connector has the file open without a write-ahead log");
    if (this.#log !== "none" && this.#log !== place) {
      throw unfit(
        `another connector has the file open with a write-ahead log, ${this.#log === "here" ? "without" : "with"} threads: both must be the same`,
      );
    }
    if (place === "thread" && !readOnly) this.#threadsWrite = true;
    return place === "here" ? this.#here() : this.#thread();
  }

  /** Tells whether queries of an engine may move to threads: those of a file that threads can reach as well. */
  canMove(engine: Engine): boolean {
    return engine === this.#local && this.#place.kind === "file" && this.#isInReach && this.#log === "none";
  }

  /** Whether threads can use the database. */
  get #isInReach(): boolean {
    return this.#place.kind === "memory" || !isDeno;
  }

  #here(): Engine {
    if (this.#local?.isAlive !== true) {
      const parts = {
        place: this.#place,
        locks: this.#locks.memory,
        hasLog: this.#log === "here",
        isAlone: () => !this.#threadsWrite,
      };
      this.#local = new LocalEngine(parts, (ended) => this.#bury(ended));
    }
    return this.#local;
  }

  /**
   * Returns a thread for a new connection: one that has none, or else the one that has fewest. Who uses a write-ahead log is in
   * one thread.
   */
  #thread(): Engine {
    const engines = [...this.#engines].sort((a, b) => a.slots.size - b.slots.size);
    const idlest = engines[0];
    const hasLog = this.#log === "thread";
    const most = hasLog ? 1 : defaultThreads;
    if (idlest !== undefined && (idlest.slots.size === 0 || engines.length >= most)) return idlest;
    const data = { locks: this.#locks.memory, place: this.#place, hasLog };
    const engine = new ThreadEngine(data, (ended) => this.#bury(ended));
    this.#engines.add(engine);
    return engine;
  }

  /** Takes a slot for the locks of a connection of this thread. */
  enroll(engine: Engine): number {
    const slot = this.#freeSlots.pop() ?? this.#usedSlots++;
    if (slot >= capacity) throw new Error(`sqlite: more than ${capacity} connections to one database`);
    this.#locks.widen(slot);
    engine.slots.add(slot);
    return slot;
  }

  /** Gives a slot back. */
  discharge(engine: Engine, slot: number): void {
    if (engine.slots.delete(slot)) this.#freeSlots.push(slot);
  }

  /** Counts what was let go so far. */
  releases(by: Party): number {
    return this.#releases[by];
  }

  /** Wakes all waiters because a lock was released. */
  release(by: Party): void {
    if (by === "nobody") return;
    this.#releases[by]++;
    // One who wrote also read.
    if (by === "writer") this.#releases.reader++;
    for (const waiter of this.#waiting) waiter.close();
    this.#waiting.clear();
  }

  /** Returns a channel that closes when a lock is released; `leave` gives it back. */
  wait(): Chan<never> {
    const waiter = chan<never>();
    this.#waiting.add(waiter);
    return waiter;
  }

  /** Withdraws a waiter. */
  leave(waiter: Chan<never>): void {
    this.#waiting.delete(waiter);
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await Promise.all([this.#local?.end(), ...Array.from(this.#engines, (engine) => engine.end())]);
  }

  /** What an engine held that has ended is free; the next one that comes takes back what it left half done. */
  #bury(engine: Engine): void {
    this.#engines.delete(engine);
    this.#locks.bury(engine.slots, engine.id);
    this.#freeSlots.push(...engine.slots);
    engine.slots.clear();
    this.release("writer");
  }
}

function unfit(why: string): SqliteError {
  return new SqliteError(`sqlite: ${why}`, "SQLITE_CANTOPEN", 14);
}
