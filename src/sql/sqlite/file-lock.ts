/**
 * Keeps other processes off a file. Node has no locks on files; but its own SQLite, `node:sqlite`, has, and they are
 * those that every SQLite program obeys. So one connection of that is opened for each file, takes SQLite's lock on it,
 * and does nothing else. Also it is `node:sqlite` that takes back what a killed process left half done.
 */

import * as fs from "node:fs";
import { SqliteError } from "./sqlite-error.ts";

/** The part of `node:sqlite` that is used. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readOnly: boolean; timeout: number }) => NativeDatabase;
}

interface NativeDatabase {
  exec(text: string): void;
  prepare(text: string): { get(): unknown };
  close(): void;
}

/** An open file that is ours. */
export interface LockedFile {
  /** The path with all links resolved. */
  readonly path: string;
  /** Tells files apart whatever their names. */
  readonly identity: string;
  /** The file for all threads: none of them may close it, since that drops the locks of the whole process. */
  readonly fd: number;
  /** Shuts out readers as well, which a first user that only reads did not need. */
  takeOver(): void;
  /** Lets others have it. */
  release(): void;
}

/** Returns what {@link LockedFile.identity} says of a file; undefined if it does not exist. */
export function identityOf(path: string): string | undefined {
  const stat = translated(path, () => fs.statSync(path, { bigint: true, throwIfNoEntry: false }));
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

/**
 * Opens a file, makes it if it does not exist and is to be written, and takes its lock. If it has a write-ahead log, and is
 * to have one again, SQLite's own hand brings the log into the file and takes it off: what a killed process has committed
 * is there then.
 *
 * @throws SqliteError SQLITE_BUSY `database is locked` if another program uses it
 */
export function lockFile(name: string, readOnly: boolean, wal: boolean): LockedFile {
  const { DatabaseSync } = load();
  const writable = !readOnly || isWritable(name);
  return translated(name, () => {
    const native = new DatabaseSync(name, { readOnly: !writable, timeout: 0 });
    try {
      takeLock(native, name, !readOnly, wal);
      const path = fs.realpathSync(name);
      const fd = fs.openSync(path, writable ? "r+" : "r");
      return {
        path,
        fd,
        identity: identityOf(path) as string,
        takeOver: () => translated(name, () => native.exec(lockAll)),
        release: () => {
          // In this order, with nothing between: to close the file drops the locks that the other one believes to have.
          fs.closeSync(fd);
          native.close();
        },
      };
    } catch (error) {
      native.close();
      throw error;
    }
  });
}

// The lock of an ended transaction stays in this mode; a journal on disk would get in the way of ours.
const keepLocks = "PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE;";
const lockAll = "BEGIN EXCLUSIVE; ROLLBACK";
const lockReading = "BEGIN; SELECT count(*) FROM sqlite_schema; COMMIT";

function takeLock(native: NativeDatabase, name: string, all: boolean, wal: boolean): void {
  const ask = (pragma: string): unknown => Object.values(native.prepare(`PRAGMA ${pragma}`).get() as object)[0];
  if (ask("journal_mode") === "wal") {
    if (!wal) {
      // Who only reads may not touch the log, even if it asks for one.
      const open = all ? "open it" : "a reader needs another connector of this process that has opened it before";
      const advice = `${open} with { pragmas: { journal_mode: "wal" } }${all ? "" : ", without readOnly"}`;
      const other = `sqlite3 ${name} "PRAGMA journal_mode = DELETE" takes it off`;
      throw unfit(`${name} has a write-ahead log: ${advice}; or ${other}`);
    }
    ask("journal_mode = DELETE");
  }
  const encoding = ask("encoding");
  if (encoding !== "UTF-8") throw unfit(`${name} is encoded in ${String(encoding)}, only UTF-8 is supported`);
  native.exec(keepLocks);
  native.exec(all ? lockAll : lockReading);
}

function unfit(why: string): SqliteError {
  return new SqliteError(`sqlite: ${why}`, "SQLITE_CANTOPEN", 14);
}

function isWritable(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs something and makes errors of this driver out of those of `node:sqlite` and of the file system. */
function translated<T>(name: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    if (error instanceof SqliteError) throw error;
    const { errcode, message, code } = error as { errcode?: number; message: string; code?: string };
    const known = new Map([
      [5, "SQLITE_BUSY"],
      [8, "SQLITE_READONLY"],
      [14, "SQLITE_CANTOPEN"],
      [26, "SQLITE_NOTADB"],
    ]);
    const primary = errcode === undefined ? 14 : errcode & 0xff;
    const text = errcode === undefined ? `${code ?? ""} ${message}`.trim() : message;
    throw new SqliteError(`${text}: ${name}`, known.get(primary) ?? "SQLITE_ERROR", errcode ?? 14, undefined, error);
  }
}

let nodeSqlite: NodeSqlite | undefined;

function load(): NodeSqlite {
  nodeSqlite ??= withoutWarning(() => process.getBuiltinModule?.("node:sqlite") as NodeSqlite | undefined);
  if (nodeSqlite !== undefined) return nodeSqlite;
  throw new Error("sqlite: files need Node 22.13 or newer, Bun or Deno; a database in memory works everywhere");
}

/** Older versions of Node warn that `node:sqlite` is young; whatever else they have to say passes. */
function withoutWarning<T>(f: () => T): T {
  const { emitWarning } = process;
  const quiet = (warning: string | Error, ...rest: unknown[]): void => {
    if (!String(warning).includes("SQLite")) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  process.emitWarning = quiet;
  try {
    return f();
  } finally {
    process.emitWarning = emitWarning;
  }
}
