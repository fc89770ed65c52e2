/** Makes connections to one database. */

import type { Context } from "../../context/context.ts";
import type { Conn, Connector } from "../driver/driver.ts";
import { SqliteConn } from "./sqlite-conn.ts";
import { Database } from "./database.ts";
import { Helpers } from "./local-helpers.ts";
import { SqliteError } from "./sqlite-error.ts";
import { newMemory } from "./memory.ts";
import { BusyTimeout } from "./busy-timeout.ts";
import { leaseFile, type Lease } from "./registry.ts";

/** What {@link SqliteConnector} needs to know, checked. */
export interface Settings {
  /** The path of the file; undefined for a database in memory. */
  readonly path: string | undefined;
  readonly readOnly: boolean;
  readonly busyTimeout: number;
  readonly transaction: "deferred" | "immediate";
  /** Whether SQLite runs in threads of its own only. */
  readonly threads: boolean;
  /** Whether the file is to have a write-ahead log. */
  readonly wal: boolean;
  /** What each connection runs first. */
  readonly setup: string;
}

/** What `sqlite` returns. */
export class SqliteConnector implements Connector {
  readonly #settings: Settings;
  #lease: Lease | undefined;
  #helpers: Helpers | undefined;

  /** Takes the settings; nothing is opened yet. */
  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async connect(ctx: Context): Promise<Conn> {
    const { database } = this.#lease ?? (await this.#open(ctx));
    // Connections that keep their locks would wait for each other.
    if (!/\blocking_mode\b/i.test(this.#settings.setup)) this.#helpers ??= new Helpers(database, this.#settings);
    return SqliteConn.open(ctx, database, this.#settings, this.#helpers);
  }

  async close(): Promise<void> {
    const lease = this.#lease;
    this.#lease = undefined;
    const helpers = this.#helpers;
    this.#helpers = undefined;
    await helpers?.close();
    await lease?.release();
  }

  /** Opens the database; waits while another process has it. */
  async #open(ctx: Context): Promise<Lease> {
    const { path, readOnly, busyTimeout, wal } = this.#settings;
    const busy = new BusyTimeout(busyTimeout);
    for (;;) {
      try {
        // Another call may have opened it while this one waited.
        return (this.#lease ??= path === undefined ? leaseMemory() : leaseFile(path, readOnly, wal));
      } catch (error) {
        if (!(error instanceof SqliteError && error.code === "SQLITE_BUSY")) throw error;
        await busy.wait(ctx, error);
      }
    }
  }
}

function leaseMemory(): Lease {
  const database = new Database({ kind: "memory", parts: newMemory() });
  return { database, release: () => database.close() };
}
