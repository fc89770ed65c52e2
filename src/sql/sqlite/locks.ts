/**
 * SQLite's five states of a lock, for the connections of this process to one database: shared memory that the workers
 * read and write by themselves.
 *
 * Each connection has a slot with its own state, and nothing else is kept: to raise a lock is to look at all
 * slots. So there is no sum that a worker could leave wrong when it dies in the middle. Going up needs the mutex; going
 * down is one store.
 */

/** Nothing is held. */
export const none = 0;
/** Reads; with other readers, and with one that is going to write. */
export const shared = 1;
/** Is going to write; the others may still read. */
export const reserved = 2;
/** Wants to write now: the readers may end, and no new ones begin. */
export const pending = 3;
/** Writes; no other connection has a lock. */
export const exclusive = 4;

/** Where things lie: the id of the worker that has the mutex, how many slots are in use, the slots. */
const mutexAt = 0;
const widthAt = 1;
const slotsAt = 2;

/** How many connections one database may have at a time. */
export const capacity = 4096;

/** Which kind of lock is in the way, or was released: none, a writer's, or a reader's. */
export type Party = "nobody" | "writer" | "reader";

/** The locks of one database. Each thread has its own object over the same memory. */
export class Locks {
  readonly memory: SharedArrayBuffer;
  /** Who refused the last {@link raise} of this thread that was refused. */
  refusedBy: Party = "nobody";
  /** What this thread has let go: the lock of a writer, of a reader, or nothing. The reader of this field resets it. */
  released: Party = "nobody";
  readonly #cells: Int32Array;

  /** Makes the locks of a database, or joins those that `memory` holds. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer((slotsAt + capacity) * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
  }

  /** Makes room for a slot; by the main thread, before the connection opens. */
  widen(slot: number): void {
    if (slot >= Atomics.load(this.#cells, widthAt)) Atomics.store(this.#cells, widthAt, slot + 1);
  }

  /** Returns what a slot has. */
  held(slot: number): number {
    return Atomics.load(this.#cells, slotsAt + slot);
  }

  /** Tells whether anybody is going to write. */
  anyReserved(): boolean {
    return this.#othersHave(-1, reserved);
  }

  /** Gives a slot more, and tells whether that was possible. `worker` is the id of the thread, from 1. */
  raise(slot: number, wanted: number, worker: number): boolean {
    while (Atomics.compareExchange(this.#cells, mutexAt, 0, worker) !== 0) {
      // Held for a handful of instructions; unless its owner has died, which the main thread clears.
      Atomics.wait(this.#cells, mutexAt, Atomics.load(this.#cells, mutexAt), 1);
    }
    try {
      this.refusedBy = this.#raise(slot, wanted);
      return this.refusedBy === "nobody";
    } finally {
      Atomics.store(this.#cells, mutexAt, 0);
    }
  }

  #raise(slot: number, wanted: number): Party {
    if (wanted === shared) {
      if (this.#othersHave(slot, pending)) return "writer";
    } else {
      if (this.#othersHave(slot, reserved)) return "writer";
      if (wanted === exclusive && this.#othersHave(slot, shared)) {
        // As in SQLite's own locks it stays like that until it tries again or gives up: readers cannot starve a writer.
        Atomics.store(this.#cells, slotsAt + slot, pending);
        return "reader";
      }
    }
    Atomics.store(this.#cells, slotsAt + slot, wanted);
    return "nobody";
  }

  /** Takes from a slot what is above `kept`. */
  lower(slot: number, kept: number): void {
    const held = this.held(slot);
    if (held <= kept) return;
    Atomics.store(this.#cells, slotsAt + slot, kept);
    if (held >= reserved) this.released = "writer";
    else if (this.released === "nobody") this.released = "reader";
  }

  /** Frees what a worker left that has ended; by the main thread. */
  bury(slots: Iterable<number>, worker: number): void {
    for (const slot of slots) this.lower(slot, none);
    Atomics.compareExchange(this.#cells, mutexAt, worker, 0);
    Atomics.notify(this.#cells, mutexAt);
  }

  #othersHave(slot: number, level: number): boolean {
    const width = Atomics.load(this.#cells, widthAt);
    for (let other = 0; other < width; other++) {
      if (other !== slot && Atomics.load(this.#cells, slotsAt + other) >= level) return true;
    }
    return false;
  }
}
