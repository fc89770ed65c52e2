/** What happens inside a thread of the second way: tasks of the connections that live there, one after the other. */

import { EngineConn } from "./engine-conn.ts";
import { Locks } from "./locks.ts";
import { perform } from "./perform.ts";
import { placeStore } from "./place-store.ts";
import type { Reply } from "./tasks.ts";
import type { Request, WorkerData } from "./thread-protocol.ts";
import { rowCode, type Stepper } from "./stepper.ts";
import { Misuse, Refused } from "./text.ts";
import { installVfs, type Served, vfsName } from "./vfs.ts";
import { WalIndex } from "./wal-index.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

const interruptCode = 9;

/** The name of the one database of a thread, for SQLite. */
const databaseName = "/database";

/**
 * What a worker does: one task after the other, for all connections that live in it. It looks at the flag of the running
 * one's connection before it starts, and every few microseconds then.
 */
export class Thread {
  readonly #sqlite: Sqlite;
  readonly #locks: Locks;
  readonly #flags: Int32Array;
  readonly #interrupt: Pointer;
  readonly #stepper: Stepper;
  readonly #connections = new Map<number, EngineConn>();
  /** The connection for which SQLite is being opened. */
  #opening: EngineConn | undefined;
  /** What runs: its connection, whose flag is looked at, and the number that the flag has when it is to stop. */
  #conn = 0;
  #running = 0;

  constructor(sqlite: Sqlite, { worker, flags, locks, place, hasLog }: WorkerData) {
    this.#sqlite = sqlite;
    const x = sqlite.wasm.exports;
    // Without a break: the thread has nothing else to do.
    this.#stepper = {
      run: (statement, row) => {
        let code = x.sqlite3_step(statement);
        while (code === rowCode && row()) code = x.sqlite3_step(statement);
        return code;
      },
    };
    this.#locks = new Locks(locks);
    this.#flags = new Int32Array(flags);
    this.#interrupt = sqlite.wasm.installFunction("i(p)", () => (this.#isStopped() ? 1 : 0));
    const served: Served = {
      store: placeStore(place),
      wal: hasLog ? new WalIndex(sqlite) : undefined,
      locksOf: () => this.#locks,
      opening: () => {
        const slot = this.#opening?.slot;
        this.#opening = undefined;
        return slot;
      },
    };
    installVfs(sqlite, { find: (name) => (name === databaseName ? served : undefined), owner: worker });
  }

  #isStopped(): boolean {
    return Atomics.load(this.#flags, this.#conn) === this.#running;
  }

  /** Does what a connection asks for. What it throws ends the thread. */
  perform({ id, conn, task }: Request): Reply {
    this.#conn = conn;
    this.#running = id;
    const locks = this.#locks;
    const connection =
      task.kind === "open"
        ? new EngineConn(this.#sqlite, locks, task.slot, this.#stepper)
        : this.#connections.get(conn);
    const begin = (): unknown => {
      // It may have waited for others, and its end have come meanwhile.
      if (this.#isStopped()) throw new Refused("interrupted", "SQLITE_INTERRUPT", interruptCode);
      if (connection === undefined) throw new Misuse("sqlite: the connection is closed");
      if (task.kind === "open") {
        this.#opening = connection;
        connection.handle.open(databaseName, {
          readOnly: task.readOnly,
          vfs: vfsName,
          onProgress: this.#interrupt,
          data: 0,
        });
        this.#connections.set(conn, connection);
        return undefined;
      }
      if (task.kind !== "close") return connection.run(task);
      this.#connections.delete(conn);
      connection.close();
      return undefined;
    };
    // Nothing waits in a thread.
    return perform({ id, task, connection, locks, begin }) as Reply;
  }
}
