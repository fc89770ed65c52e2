/** Where SQLite finds the bytes of a database, in either way: in files here, in memory in `memory.ts`. */

import * as fs from "node:fs";
import { dirname } from "node:path";
import { isDeno } from "./deno.ts";

/** A file that is open. */
export interface StoredFile {
  /** Returns the size in bytes. */
  size(): number;
  /** Fills `target` from `at` on, and returns how many bytes there were. */
  read(target: Uint8Array, at: number): number;
  /** Writes all of `source`. */
  write(source: Uint8Array, at: number): void;
  /** Makes the file smaller. */
  truncate(size: number): void;
  /** Returns once everything is on disk. */
  sync(): void;
  /** The same without blocking, where there is something to wait for. */
  syncLater?(): Promise<void>;
  /** Closes it; the database itself stays open. */
  close(): void;
}

/** A file beside a database: its rollback journal, or its write-ahead log. */
export type Beside = "journal" | "wal";

/** The files of one database. */
export interface Store {
  readonly main: StoredFile;
  /** Tells whether there is such a file beside it, with something in it. */
  has(beside: Beside): boolean;
  /** Opens a file beside it; makes it if it is not there and `create` says so. */
  open(beside: Beside, create: boolean): StoredFile;
  /** Deletes a file beside it, and returns once that is on disk if `sync`. */
  delete(beside: Beside, sync: boolean): void;
}

/** A database on disk. */
export class FileStore implements Store {
  readonly main: StoredFile;
  readonly #fd: number;
  readonly #path: string;
  readonly #folder: string;
  readonly #isAlone: () => boolean;
  /** Whether there was no journal, and none has been written since. */
  #hasNoJournal = false;

  /**
   * Takes the number of the file that the main thread has opened. It must stay open: a process that closes a file loses
   * the locks that it has on it, also those of other descriptors.
   *
   * `isAlone` tells whether all that changes the files goes through this store. Then it remembers what SQLite asks before each
   * statement, which otherwise takes a system call each time.
   */
  constructor(path: string, fd: number, isAlone: () => boolean = () => false) {
    this.#fd = fd;
    this.main = new MainFile(fd, isAlone);
    this.#path = path;
    this.#folder = dirname(path);
    this.#isAlone = isAlone;
  }

  has(beside: Beside): boolean {
    if (beside === "journal" && this.#hasNoJournal && this.#isAlone()) return false;
    // SQLite takes an empty one for none: so it is while another connection has just made it.
    const has = (fs.statSync(`${this.#path}-${beside}`, { throwIfNoEntry: false })?.size ?? 0) > 0;
    if (beside === "journal") this.#hasNoJournal = !has;
    return has;
  }

  open(beside: Beside, create: boolean): StoredFile {
    const { O_RDWR, O_CREAT } = fs.constants;
    const mode = fs.fstatSync(this.#fd).mode & 0o777;
    const fd = fs.openSync(`${this.#path}-${beside}`, create ? O_RDWR | O_CREAT : O_RDWR, mode);
    let known = false;
    return new DiskFile(
      fd,
      () => fs.closeSync(fd),
      // A journal that the folder forgets in a power failure would not be rolled back, nor a log be read.
      () => {
        if (!known) this.#syncFolder();
        known = true;
      },
      () => {
        if (beside === "journal") this.#hasNoJournal = false;
      },
    );
  }

  delete(beside: Beside, sync: boolean): void {
    fs.rmSync(`${this.#path}-${beside}`, { force: true });
    if (sync) this.#syncFolder();
  }

  #syncFolder(): void {
    // Windows has no such thing.
    if (process.platform === "win32") return;
    const fd = fs.openSync(this.#folder, "r");
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }
}

class DiskFile implements StoredFile {
  protected readonly fd: number;
  readonly #close: () => void;
  readonly #synced: () => void;
  readonly #changed: () => void;

  constructor(
    fd: number,
    close: () => void,
    synced: () => void = () => undefined,
    changed: () => void = () => undefined,
  ) {
    this.fd = fd;
    this.#close = close;
    this.#synced = synced;
    this.#changed = changed;
  }

  size(): number {
    return fs.fstatSync(this.fd).size;
  }

  read(target: Uint8Array, at: number): number {
    let done = 0;
    while (done < target.length) {
      const read = fs.readSync(this.fd, target, done, target.length - done, at + done);
      if (read === 0) break;
      done += read;
    }
    return done;
  }

  write(source: Uint8Array, at: number): void {
    // Also if it fails half way.
    this.#changed();
    let done = 0;
    while (done < source.length) done += fs.writeSync(this.fd, source, done, source.length - done, at + done);
  }

  truncate(size: number): void {
    this.#changed();
    fs.ftruncateSync(this.fd, size);
  }

  sync(): void {
    fs.fsyncSync(this.fd);
    this.#synced();
  }

  async syncLater(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      fs.fsync(this.fd, (error) => (error === null ? resolve() : reject(error)));
    });
    this.#synced();
  }

  close(): void {
    this.#close();
  }
}

/** Where the part of a database's head is by which SQLite knows, before each statement, whether others have changed something. */
const counterAt = 24;
const counterLength = 16;

/** The database itself, with what is remembered of it between two changes. */
class MainFile extends DiskFile {
  readonly #isAlone: () => boolean;
  #size: number | undefined;
  #counter: Uint8Array | undefined;

  constructor(fd: number, isAlone: () => boolean) {
    // It belongs to those who have opened it.
    super(fd, () => undefined);
    this.#isAlone = isAlone;
  }

  override size(): number {
    if (!this.#isAlone()) return super.size();
    return (this.#size ??= super.size());
  }

  override read(target: Uint8Array, at: number): number {
    if (at !== counterAt || target.length !== counterLength || !this.#isAlone()) return super.read(target, at);
    if (this.#counter === undefined) {
      const read = super.read(target, at);
      if (read === counterLength) this.#counter = target.slice();
      return read;
    }
    target.set(this.#counter);
    return counterLength;
  }

  override write(source: Uint8Array, at: number): void {
    if (at < counterAt + counterLength) this.#counter = undefined;
    const size = this.#size;
    // Should it fail half way, nobody knows.
    this.#size = undefined;
    super.write(source, at);
    if (size !== undefined) this.#size = Math.max(size, at + source.length);
  }

  override truncate(size: number): void {
    this.#size = this.#counter = undefined;
    super.truncate(size);
  }

  override async syncLater(): Promise<void> {
    if (isDeno) this.sync();
    else await super.syncLater();
  }
}
