/**
 * What the connections of one database share to read its write-ahead log: an index of the log, and eight locks. SQLite has them
 * in memory that processes share. Here all connections live in one instance of SQLite, and other processes are kept off the
 * file: so the index is a part of that instance's memory, and a lock is a number. Instances in several threads could not
 * share it: the memory of the build belongs to one of them.
 */

import type { Locks } from "./locks.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

/** SQLite's flags for locks. */
const unlockFlag = 1;
const sharedFlag = 4;

/** What a connection holds: a bit for each lock. */
interface Held {
  shared: number;
  exclusive: number;
}

/** The index of one database. Connections are told apart by their open file. */
export class WalIndex {
  readonly #sqlite: Sqlite;
  readonly #regions: Pointer[] = [];
  readonly #held = new Map<Pointer, Held>();

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
  }

  /** Returns a part of the index; 0 if it is not there, and is not to be made. */
  map(file: Pointer, index: number, size: number, makes: boolean): Pointer {
    this.#of(file);
    if (makes) this.#grow(index + 1, size);
    return this.#regions[index] ?? 0;
  }

  /** Takes or gives back some of the locks; tells whether that was possible. */
  lock(file: Pointer, first: number, count: number, flags: number, locks: Locks): boolean {
    const bits = ((1 << count) - 1) << first;
    const own = this.#of(file);
    const isShared = (flags & sharedFlag) !== 0;
    if ((flags & unlockFlag) !== 0) {
      if ((own.exclusive & bits) !== 0) locks.released = "writer";
      else if ((own.shared & bits) !== 0 && locks.released === "nobody") locks.released = "reader";
      own.shared &= ~bits;
      own.exclusive &= ~bits;
      return true;
    }
    for (const [other, held] of this.#held) {
      if (other === file) continue;
      const isWriter = (held.exclusive & bits) !== 0;
      if (!isWriter && (isShared || (held.shared & bits) === 0)) continue;
      locks.refusedBy = isWriter ? "writer" : "reader";
      return false;
    }
    if (isShared) own.shared |= bits;
    else own.exclusive |= bits;
    return true;
  }

  /** Forgets a connection, and with the last one the index: who comes then makes it anew from the log. */
  leave(file: Pointer): void {
    this.#held.delete(file);
    if (this.#held.size > 0) return;
    for (const region of this.#regions.splice(0)) this.#sqlite.wasm.dealloc(region);
  }

  #grow(count: number, size: number): void {
    const { wasm } = this.#sqlite;
    while (this.#regions.length < count) {
      const region = wasm.alloc(size);
      wasm.heap8u().fill(0, region, region + size);
      this.#regions.push(region);
    }
  }

  #of(file: Pointer): Held {
    let held = this.#held.get(file);
    if (held === undefined) this.#held.set(file, (held = { shared: 0, exclusive: 0 }));
    return held;
  }
}
