/**
 * A database in memory: two files, the database and its rollback journal, in memory that all threads share. So every
 * connection may run in a thread of its own, and whatever becomes of a thread, the next one finds a state from which
 * SQLite recovers, as from a file on disk.
 */

import type { Store, StoredFile } from "./store.ts";

/** The memory of a {@link MemoryStore}. */
export interface MemoryParts {
  readonly main: FileMemory;
  readonly journal: FileMemory;
}

interface FileMemory {
  /** Its size in bytes; a file of none is as good as not there. */
  readonly state: SharedArrayBuffer;
  /** What it holds; grows. */
  readonly bytes: SharedArrayBuffer;
}

/** ECMAScript 2024, which every supported host has. */
interface Growable {
  readonly byteLength: number;
  readonly maxByteLength: number;
  grow(byteLength: number): void;
}

/** How much each of the two files can hold: 1 GiB, as in SQLite's own databases in memory. */
const limit = 2 ** 30;

/** It grows by this at least, in bytes. */
const step = 2 ** 16;

/** Makes the memory of a new, empty database. */
export function newMemory(): MemoryParts {
  return { main: newFile(), journal: newFile() };
}

function newFile(): FileMemory {
  const Buffer = SharedArrayBuffer as unknown as new (length: number, options: object) => SharedArrayBuffer;
  return { state: new SharedArrayBuffer(4), bytes: new Buffer(0, { maxByteLength: limit }) };
}

/** The files of a database in memory, as a worker sees them. */
export class MemoryStore implements Store {
  readonly main: MemoryFile;
  readonly #journal: MemoryFile;

  /** Joins the memory that the main thread made. */
  constructor(parts: MemoryParts) {
    this.main = new MemoryFile(parts.main);
    this.#journal = new MemoryFile(parts.journal);
  }

  // It has no write-ahead log, and nobody asks for one.

  has(): boolean {
    return this.#journal.size() > 0;
  }

  open(): StoredFile {
    return this.#journal;
  }

  delete(): void {
    this.#journal.truncate(0);
  }
}

class MemoryFile implements StoredFile {
  readonly #state: Int32Array;
  readonly #memory: Growable;
  /** Follows the memory as it grows. */
  readonly #bytes: Uint8Array;

  constructor(file: FileMemory) {
    this.#state = new Int32Array(file.state);
    this.#memory = file.bytes as unknown as Growable;
    this.#bytes = new Uint8Array(file.bytes);
  }

  size(): number {
    return Atomics.load(this.#state, 0);
  }

  read(target: Uint8Array, at: number): number {
    const end = Math.min(this.size(), at + target.length);
    if (end <= at) return 0;
    target.set(this.#bytes.subarray(at, end));
    return end - at;
  }

  write(source: Uint8Array, at: number): void {
    const end = at + source.length;
    this.#reserve(end);
    this.#bytes.set(source, at);
    if (end > this.size()) Atomics.store(this.#state, 0, end);
  }

  truncate(size: number): void {
    if (size >= this.size()) return;
    // What lies behind the end reads as zeros when the file grows again.
    this.#bytes.fill(0, size, this.size());
    Atomics.store(this.#state, 0, size);
  }

  sync(): void {
    // Memory is as lasting as it gets.
  }

  close(): void {
    // It belongs to the main thread.
  }

  #reserve(end: number): void {
    const memory = this.#memory;
    if (end <= memory.byteLength) return;
    if (end > memory.maxByteLength) throw Object.assign(new Error("the memory is full"), { code: "ENOSPC" });
    const wanted = Math.max(end, Math.min(2 * memory.byteLength, memory.byteLength + 2 ** 24));
    memory.grow(Math.min(Math.ceil(wanted / step) * step, memory.maxByteLength));
  }
}
