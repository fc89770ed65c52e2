/** The files that this process has open: one {@link Database} for each, shared by all connectors. */

import { Database } from "./database.ts";
import { identityOf, lockFile, type LockedFile } from "./file-lock.ts";

interface Entry {
  readonly database: Database;
  readonly kept: LockedFile;
  users: number;
  /** Whether a user writes, so that other processes must not read. */
  writes: boolean;
}

/** Files by their identity: two names of one file must not become two locks. */
const open = new Map<string, Entry>();

/** A database that is being used; to be given back. */
export interface Lease {
  readonly database: Database;
  /** Gives it back; the last one to do so ends its threads and lets other processes have the file. */
  release(): Promise<void>;
}

/**
 * Opens a file, or joins those who have it open.
 *
 * @throws SqliteError SQLITE_BUSY `database is locked` if another process has it
 */
export function leaseFile(path: string, readOnly: boolean, wal: boolean): Lease {
  const known = open.get(identityOf(path) ?? "");
  const entry = known ?? add(path, readOnly, wal);
  if (!readOnly && !entry.writes) entry.kept.takeOver();
  entry.writes ||= !readOnly;
  entry.users++;
  return { database: entry.database, release: () => leave(entry) };
}

function add(path: string, readOnly: boolean, wal: boolean): Entry {
  const kept = lockFile(path, readOnly, wal);
  const database = new Database({ kind: "file", path: kept.path, fd: kept.fd });
  const entry: Entry = { database, kept, users: 0, writes: !readOnly };
  open.set(kept.identity, entry);
  return entry;
}

async function leave(entry: Entry): Promise<void> {
  if (--entry.users > 0) return;
  open.delete(entry.kept.identity);
  await entry.database.close();
  entry.kept.release();
}
