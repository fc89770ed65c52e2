/**
 * SQLite's way to the bytes of a database and to its locks: a VFS. The build has none that reaches a file in Node, and
 * none that shares memory between threads.
 *
 * Databases are in rollback journal mode, unless the program wants a write-ahead log. That needs memory that the connections
 * share inside SQLite: they must live in one instance.
 */

import { type Locks, none } from "./locks.ts";
import type { Beside, Store, StoredFile } from "./store.ts";
import type { Methods, Pointer, Sqlite } from "./wasm.ts";
import type { WalIndex } from "./wal-index.ts";

/** The name under which SQLite knows it. */
export const vfsName = "gocsp";

/** The name of a file beside a database; before that it is the database's. */
const besideName = /^(.*)-(journal|wal)$/s;

/** How many names are remembered. */
const mostNames = 256;

const ok = 0;
const busy = 5;
const readOnlyCode = 8;
const notFound = 12;
const full = 13;
const cannotOpen = 14;
const ioerr = 10;
const ioerrShortRead = 522;

const openCreate = 0x4;
const openMain = 0x100;
const openJournal = 0x800;
const openWal = 0x80000;

/** What devices do: an interrupted write harms nothing but its own bytes. */
const powersafeOverwrite = 0x1000;

/** A database that SQLite can reach. */
export interface Served {
  readonly store: Store;
  /** Returns the locks, as the connection of this slot sees them. */
  locksOf(slot: number): Locks;
  /** Returns the slot of the connection for which SQLite is just opening the database; undefined if it has it open. */
  opening(): number | undefined;
  /** What the connections share for a write-ahead log, if the database may have one. */
  readonly wal?: WalIndex | undefined;
}

/** An open file of SQLite's: the database has the locks of a connection, and a slot for them; a journal has none. */
interface OpenFile {
  readonly file: StoredFile;
  readonly locked: { readonly locks: Locks; readonly slot: number; readonly wal: WalIndex | undefined } | undefined;
}

/** What the VFS works on. */
export interface VfsParts {
  /** Returns the database of a name; any other file is out of reach. */
  find(name: string): Served | undefined;
  /** The owner of the mutexes that are taken here. */
  readonly owner: number;
  /** Where statements can be suspended: what syncs, and is told which files are open. */
  readonly suspender?: { readonly xSync: Pointer; readonly files: Map<Pointer, StoredFile> };
}

/** Teaches SQLite to reach the databases. */
export function installVfs(sqlite: Sqlite, parts: VfsParts): void {
  const { capi, vfs } = sqlite;
  const files = new Map<Pointer, OpenFile>();
  // The methods for a write-ahead log are the second version's: who gets the first has none.
  const [io, ioWithLog] = [new capi.sqlite3_io_methods(), new capi.sqlite3_io_methods()];
  io.$iVersion = 1;
  ioWithLog.$iVersion = 2;
  const host = new capi.sqlite3_vfs();
  host.$iVersion = 2;
  host.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  host.$mxPathname = 512;
  vfs.installVfs({
    io: { struct: io, methods: { ...ioMethods(sqlite, files), ...lockMethods(sqlite, files, parts) } },
    vfs: { struct: host, name: vfsName, methods: hostMethods(sqlite, files, parts, [io.pointer, ioWithLog.pointer]) },
  });
  const methods = { ...ioMethods(sqlite, files), ...lockMethods(sqlite, files, parts), ...logMethods(sqlite, files) };
  vfs.installVfs({ io: { struct: ioWithLog, methods } });
  if (parts.suspender === undefined) return;
  for (const struct of [io, ioWithLog]) (struct as { $xSync?: Pointer }).$xSync = parts.suspender.xSync;
}

/** Runs what may fail and returns SQLite's code for how it went. */
function attempt(failure: number, f: () => number | void): number {
  try {
    return f() ?? ok;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ENOSPC" || code === "EDQUOT") return full;
    return code === "EROFS" || code === "EBADF" ? readOnlyCode : failure;
  }
}

function ioMethods({ wasm }: Sqlite, files: Map<Pointer, OpenFile>): Methods {
  const fileOf = (pointer: Pointer): StoredFile => (files.get(pointer) as OpenFile).file;
  const bytes = (at: Pointer, length: number): Uint8Array => wasm.heap8u().subarray(at, at + length);
  return {
    xRead: (pointer: Pointer, target: Pointer, length: number, at: bigint): number =>
      attempt(ioerr | (1 << 8), () => {
        const read = fileOf(pointer).read(bytes(target, length), Number(at));
        if (read === length) return ok;
        bytes(target + read, length - read).fill(0);
        return ioerrShortRead;
      }),
    xWrite: (pointer: Pointer, source: Pointer, length: number, at: bigint): number =>
      attempt(ioerr | (3 << 8), () => fileOf(pointer).write(bytes(source, length), Number(at))),
    xTruncate: (pointer: Pointer, size: bigint): number =>
      attempt(ioerr | (6 << 8), () => fileOf(pointer).truncate(Number(size))),
    xSync: (pointer: Pointer): number => attempt(ioerr | (4 << 8), () => fileOf(pointer).sync()),
    xFileSize: (pointer: Pointer, result: Pointer): number =>
      attempt(ioerr | (7 << 8), () => void wasm.poke64(result, BigInt(fileOf(pointer).size()))),
    xFileControl: (): number => notFound,
    xSectorSize: (): number => 4096,
    xDeviceCharacteristics: (): number => powersafeOverwrite,
  };
}

function lockMethods({ wasm }: Sqlite, files: Map<Pointer, OpenFile>, { owner, suspender }: VfsParts): Methods {
  const lockedBy = (pointer: Pointer): OpenFile["locked"] => files.get(pointer)?.locked;
  return {
    xLock: (pointer: Pointer, wanted: number): number => {
      const locked = lockedBy(pointer);
      if (locked === undefined) return ok;
      const { locks, slot } = locked;
      return locks.held(slot) >= wanted || locks.raise(slot, wanted, owner) ? ok : busy;
    },
    xUnlock: (pointer: Pointer, kept: number): number => {
      const locked = lockedBy(pointer);
      locked?.locks.lower(locked.slot, kept);
      return ok;
    },
    xCheckReservedLock: (pointer: Pointer, result: Pointer): number => {
      wasm.heap32()[result >> 2] = lockedBy(pointer)?.locks.anyReserved() === true ? 1 : 0;
      return ok;
    },
    xClose: (pointer: Pointer): number => {
      const open = files.get(pointer);
      files.delete(pointer);
      suspender?.files.delete(pointer);
      open?.locked?.locks.lower(open.locked.slot, none);
      return attempt(ioerr | (16 << 8), () => open?.file.close());
    },
  };
}

function logMethods({ wasm }: Sqlite, files: Map<Pointer, OpenFile>): Methods {
  const lockedBy = (pointer: Pointer): OpenFile["locked"] => files.get(pointer)?.locked;
  return {
    xShmMap: (pointer: Pointer, index: number, size: number, makes: number, result: Pointer): number =>
      attempt(ioerr | (21 << 8), () => {
        const region = lockedBy(pointer)?.wal?.map(pointer, index, size, makes !== 0) ?? 0;
        // The memory may have grown, and moved, meanwhile.
        wasm.heap32()[result >> 2] = region;
      }),
    xShmLock: (pointer: Pointer, first: number, count: number, flags: number): number => {
      const locked = lockedBy(pointer);
      return locked?.wal?.lock(pointer, first, count, flags, locked.locks) === true ? ok : busy;
    },
    // All who share the index are in one thread.
    xShmBarrier: (): number => ok,
    xShmUnmap: (pointer: Pointer): number => {
      lockedBy(pointer)?.wal?.leave(pointer);
      return ok;
    },
  };
}

/** The name of a file beside a database: whose it is, and which. */
interface Name {
  readonly of: string;
  readonly beside: string | undefined;
}

function parsed(name: string): Name {
  const [, of = "", beside] = besideName.exec(name) ?? [];
  return { of, beside };
}

/**
 * Returns what reads names. SQLite asks for the same few again and again, before each statement: one whose bytes are those of
 * before is not read anew.
 */
function names(wasm: Sqlite["wasm"]): (pointer: Pointer) => Name {
  const known = new Map<Pointer, { readonly bytes: Uint8Array; readonly name: Name }>();
  const isSame = (bytes: Uint8Array, heap: Uint8Array, at: Pointer): boolean => {
    for (let i = 0; i < bytes.length; i++) if (bytes[i] !== heap[at + i]) return false;
    return true;
  };
  return (pointer) => {
    const heap = wasm.heap8u();
    const before = known.get(pointer);
    if (before !== undefined && isSame(before.bytes, heap, pointer)) return before.name;
    const name = parsed(wasm.cstrToJs(pointer));
    if (known.size >= mostNames) known.clear();
    known.set(pointer, { bytes: heap.slice(pointer, heap.indexOf(0, pointer) + 1), name });
    return name;
  };
}

function hostMethods(
  { wasm }: Sqlite,
  files: Map<Pointer, OpenFile>,
  { find, suspender }: VfsParts,
  [methods, methodsWithLog]: readonly [Pointer, Pointer],
): Methods {
  /** Returns the database that has a file of this name beside it. */
  const besides = ({ of, beside }: Name): { readonly store: Store; readonly beside: Beside } | undefined => {
    const served = find(of);
    if (served === undefined || (beside === "wal" && served.wal === undefined)) return undefined;
    return { store: served.store, beside: beside as Beside };
  };
  const nameAt = names(wasm);
  const open = (name: string, flags: number): OpenFile | undefined => {
    if ((flags & (openJournal | openWal)) !== 0) {
      const found = besides(parsed(name));
      return found && { file: found.store.open(found.beside, (flags & openCreate) !== 0), locked: undefined };
    }
    const served = (flags & openMain) === 0 ? undefined : find(name);
    const slot = served?.opening();
    if (served === undefined || slot === undefined) return undefined;
    return { file: served.store.main, locked: { locks: served.locksOf(slot), slot, wal: served.wal } };
  };
  return {
    xOpen: (_vfs: Pointer, name: Pointer, pointer: Pointer, flags: number, outFlags: Pointer): number => {
      // No methods: SQLite does not close what did not open.
      wasm.heap32()[pointer >> 2] = 0;
      return attempt(cannotOpen, () => {
        const opened = open(name === 0 ? "" : wasm.cstrToJs(name), flags);
        if (opened === undefined) return cannotOpen;
        files.set(pointer, opened);
        suspender?.files.set(pointer, opened.file);
        wasm.heap32()[pointer >> 2] = opened.locked?.wal === undefined ? methods : methodsWithLog;
        if (outFlags !== 0) wasm.heap32()[outFlags >> 2] = flags;
        return ok;
      });
    },
    xDelete: (_vfs: Pointer, name: Pointer, sync: number): number =>
      attempt(ioerr | (10 << 8), () => {
        const found = besides(nameAt(name));
        found?.store.delete(found.beside, sync !== 0);
      }),
    xAccess: (_vfs: Pointer, name: Pointer, _flags: number, result: Pointer): number =>
      attempt(ioerr | (13 << 8), () => {
        const found = besides(nameAt(name));
        wasm.heap32()[result >> 2] = found?.store.has(found.beside) === true ? 1 : 0;
      }),
    xFullPathname: (_vfs: Pointer, name: Pointer, size: number, result: Pointer): number => {
      const bytes = new TextEncoder().encode(wasm.cstrToJs(name));
      if (bytes.length >= size) return cannotOpen;
      wasm.heap8u().set(bytes, result);
      wasm.heap8u()[result + bytes.length] = 0;
      return ok;
    },
    xRandomness: (_vfs: Pointer, length: number, result: Pointer): number => {
      // At most 64 KiB at a time; SQLite asks for less than a hundred bytes.
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(length, 2 ** 16)));
      wasm.heap8u().set(bytes, result);
      return length;
    },
    // Nothing here waits: the main thread waits for locks.
    xSleep: (): number => 0,
    xGetLastError: (): number => 0,
    xCurrentTimeInt64: (_vfs: Pointer, result: Pointer): number => {
      // Milliseconds of the Julian calendar.
      wasm.poke64(result, BigInt(Date.now()) + 210_866_760_000_000n);
      return ok;
    },
    xCurrentTime: (_vfs: Pointer, result: Pointer): number => {
      new DataView(wasm.heap8u().buffer).setFloat64(result, Date.now() / 86_400_000 + 2_440_587.5, true);
      return ok;
    },
  };
}
