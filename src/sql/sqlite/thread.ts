import { Locks } from "./locks.ts";
import { MemoryStore } from "./memory.ts";
import type { Failure, Reply, Request, WorkerData } from "./protocol.ts";
import { ThreadConn } from "./thread-conn.ts";
import { FileStore } from "./store.ts";
import { Misuse, Refused } from "./text.ts";
import { installVfs } from "./vfs.ts";
import type { Pointer, Sqlite } from "./wasm.ts";

const busyCode = 5;
const interruptCode = 9;
const outOfMemoryCode = 7;

/**
 * What a worker does: one task after the other, for all connections that live in it. It looks at the flag of the running
 * one's connection before it starts, and every few microseconds then.
 */
export class Thread {
  readonly #sqlite: Sqlite;
  readonly #locks: Locks;
  readonly #flags: Int32Array;
  readonly #interrupt: Pointer;
  readonly #connections = new Map<number, ThreadConn>();
  /** The connection for which SQLite is being opened. */
  #opening: ThreadConn | undefined;
  /** What runs: its connection, whose flag is looked at, and the number that the flag has when it is to stop. */
  #conn = 0;
  #running = 0;

  constructor(sqlite: Sqlite, { worker, flags, locks, place }: WorkerData) {
    this.#sqlite = sqlite;
    this.#locks = new Locks(locks);
    this.#flags = new Int32Array(flags);
    this.#interrupt = sqlite.wasm.installFunction("i(p)", () => (this.#isStopped() ? 1 : 0));
    const store = place.kind === "memory" ? new MemoryStore(place.parts) : new FileStore(place.path, place.fd);
    const opening = (): number | undefined => {
      const slot = this.#opening?.slot;
      this.#opening = undefined;
      return slot;
    };
    installVfs(sqlite, { store, locks: this.#locks, worker, opening });
  }

  #isStopped(): boolean {
    return Atomics.load(this.#flags, this.#conn) === this.#running;
  }

  /** Does what a connection asks for. What it throws ends the thread. */
  perform({ id, conn, task }: Request): Reply {
    this.#conn = conn;
    this.#running = id;
    const locks = this.#locks;
    locks.released = "nobody";
    let connection = this.#connections.get(conn);
    let result: unknown;
    let failure: Failure | undefined;
    try {
      // It may have waited for others, and its end have come meanwhile.
      if (this.#isStopped()) throw new Refused("interrupted", "SQLITE_INTERRUPT", interruptCode);
      if (task.kind === "open") {
        connection = new ThreadConn(this.#sqlite, locks, task.slot);
        this.#opening = connection;
        connection.handle.open(task.readOnly, this.#interrupt);
        this.#connections.set(conn, connection);
      } else if (task.kind === "close") {
        this.#connections.delete(conn);
        connection?.close();
      } else if (connection === undefined) {
        throw new Misuse("sqlite: the connection is closed");
      } else {
        result = connection.run(task);
      }
    } catch (error) {
      // What is no error of SQLite's has happened inside it: its memory cannot be relied on any more.
      const found = describe(error);
      if (found === undefined) throw error;
      const waits = (found.errno & 0xff) === busyCode && task.kind !== "next" && connection?.handle.mayWait === true;
      failure = { ...found, heldUpBy: waits ? locks.refusedBy : "nobody", progress: connection?.progress };
      // A connection that was refused and lets go of its lock must not wake others: two of them would wake each other forever.
      if (waits) locks.released = "nobody";
      if (task.kind === "open") connection?.close();
      // One that was stopped before it began has left its rows open.
      if (task.kind === "next") connection?.run({ kind: "leave", cursor: task.cursor });
    }
    return { id, result, failure, autocommit: connection?.handle.autocommit ?? true, released: locks.released };
  }
}

function describe(error: unknown): Pick<Failure, "message" | "code" | "errno" | "offset"> | undefined {
  if (error instanceof Refused) {
    return { message: error.message, code: error.code, errno: error.errno, offset: error.offset };
  }
  if (error instanceof Misuse) return { message: error.message, code: "", errno: 0, offset: undefined };
  if ((error as Error).name !== "WasmAllocError") return undefined;
  return { message: "out of memory", code: "SQLITE_NOMEM", errno: outOfMemoryCode, offset: undefined };
}
