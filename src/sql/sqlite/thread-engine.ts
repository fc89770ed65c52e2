/** SQLite in a thread of its own, as the program sees it. */

import { Worker } from "node:worker_threads";
import type { Context } from "../../context/context.ts";
import { errBadConn } from "../driver/driver.ts";
import { type Engine, readyWithin, type Sent } from "./engine.ts";
import { SqliteError } from "./sqlite-error.ts";
import { capacity } from "./locks.ts";
import type { Reply, Task } from "./tasks.ts";
import type { Greeting, Request, WorkerData } from "./thread-protocol.ts";
import { isError } from "../../runtime/error-values.ts";

/** Beside this file: in TypeScript when run from the sources. */
const script = new URL(import.meta.url.endsWith(".ts") ? "./thread-worker.ts" : "./thread-worker.js", import.meta.url);

let workers = 0;
let requests = 0;

interface Pending {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** A thread with SQLite in it. While it has something to do it keeps the process alive. */
export class ThreadEngine implements Engine {
  readonly isExpendable = true;
  /** Tells workers apart; the owner of a mutex. */
  readonly id: number;
  /** The connections that live in it, by the slots of their locks. */
  readonly slots: Set<number> = new Set();
  readonly #worker: Worker;
  /** Fulfilled once it can work; rejected if it never will. */
  readonly #ready: Promise<void>;
  readonly #flags: Int32Array;
  readonly #pending = new Map<number, Pending>();
  readonly #freeFlags: number[] = [];
  readonly #ended: Promise<void>;
  #usedFlags = 0;
  #failure: unknown;
  #hasEnded = false;

  /** Starts it. `onEnd` is called when it is no more: what it held is to be freed then. */
  constructor(data: Omit<WorkerData, "worker" | "flags">, onEnd: (engine: ThreadEngine) => void) {
    this.id = ++workers;
    const flags = new SharedArrayBuffer(capacity * Int32Array.BYTES_PER_ELEMENT);
    this.#flags = new Int32Array(flags);
    const workerData: WorkerData = { ...data, worker: this.id, flags };
    // The program's own flags, as those of a loader, are none of its business. The files that it is given stay open.
    this.#worker = new Worker(script, { workerData, execArgv: [], trackUnmanagedFds: false, name: "gocsp/sql/sqlite" });
    this.#worker.unref();
    let greet: (greeting: Greeting) => void;
    const greeted = new Promise<Greeting>((resolve) => (greet = resolve));
    this.#ready = this.#holdFor(greeted).then(({ ready }) => {
      if (ready !== true) throw Object.assign(new Error(ready.message), { code: ready.code });
    });
    this.#ready.catch(() => undefined);
    this.#worker.on("message", (message: Greeting | Reply) => {
      if ("ready" in message) greet(message);
      else this.#settle(message);
    });
    this.#worker.on("error", (error) => {
      this.#failure ??= error;
      // In Node it ends by itself, not everywhere.
      void this.#worker.terminate();
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#hasEnded = true;
        onEnd(this);
        greet({ ready: { message: `sqlite: the worker did not start: ${this.#reason()}`, code: "" } });
        this.#fail();
        resolve();
      });
    });
  }

  /** Tells whether it can still be used. */
  get isAlive(): boolean {
    return !this.#hasEnded;
  }

  started(ctx: Context): Promise<void> {
    return readyWithin(ctx, this.#ready);
  }

  /** Takes a flag for a connection. */
  enroll(): number {
    return this.#freeFlags.pop() ?? this.#usedFlags++;
  }

  /** Gives a flag back. */
  discharge(conn: number): void {
    this.#freeFlags.push(conn);
  }

  /**
   * Sends a task. One connection has one at a time.
   *
   * @throws Error `sqlite: the worker has ended`, with `errBadConn` as its cause
   */
  send(conn: number, task: Task): Sent {
    if (this.#hasEnded) throw new Error("sqlite: the worker has ended", { cause: errBadConn });
    // Never 0, which is what flags hold at first; and what a flag holds from long ago is not in use any more.
    requests = (requests % (2 ** 31 - 2)) + 1;
    const id = requests;
    const reply = new Promise<Reply>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    if (this.#pending.size === 1) this.#worker.ref();
    this.#worker.postMessage({ id, conn, task } satisfies Request);
    return { reply, stop: () => void Atomics.store(this.#flags, conn, id) };
  }

  /** Ends it, whatever it is doing, and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#worker.ref();
    await this.#worker.terminate();
    await this.#ended;
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    pending?.resolve(reply);
  }

  #fail(): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) {
      reject(
        new SqliteError(
          `sqlite: the worker has ended: ${this.#reason()}`,
          "SQLITE_INTERNAL",
          2,
          undefined,
          this.#failure,
        ),
      );
    }
  }

  #reason(): string {
    return isError(this.#failure) ? this.#failure.message : "it was terminated";
  }

  async #holdFor<T>(promise: Promise<T>): Promise<T> {
    this.#worker.ref();
    const value = await promise;
    if (this.#pending.size === 0) this.#worker.unref();
    return value;
  }
}
