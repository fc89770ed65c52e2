import type { Context } from "../../context/context.ts";
import { errBadConn, interruptible } from "../driver/driver.ts";
import type { Callback, Client, Command, Header } from "./client.ts";
import { errnoOf, isInterrupted, MysqlError, toMysqlError } from "./mysql-error.ts";
import type { Execution, Line } from "./execution.ts";
import { settlesWithin } from "../driver/settle-within.ts";

/** How long the server may take for what has no context and takes no time, in milliseconds. */
const serverTimeout = 5000;

/** How long the server may take to hang up when we have said goodbye, in milliseconds. */
const farewell = 1000;

/** How often a mark of KILL QUERY is looked for: one statement takes it away. */
const looks = 8;

/** The bit of the server's status that tells of a transaction. */
const transactionBit = 1;

/**
 * A connection and what is known of it. What goes on ends when the connection is lost: `mysql2` itself leaves some of it
 * pending forever.
 */
export class Link implements Line {
  readonly client: Client;
  /** True once the connection cannot be used any more; never reset. */
  broken = false;
  /** How many bytes have come. To ask the socket for it takes longer than to read a small row. */
  received = 0;
  /** Whether the server has told of a transaction when it last told. */
  inTransaction = false;
  readonly #kill: () => Promise<void>;
  /** Why the server or the network has ended the connection, as far as either has said so. */
  #reason: Error | undefined;
  /** Whether it was us who broke it. */
  #destroyed = false;
  /** Whether a mark of KILL QUERY may be left, which would hit the next statement. */
  #marked = false;
  readonly #cancelTimeout: number | undefined;
  #current: Execution | undefined;
  /** Those who are told when the connection is lost, as `mysql2` leaves their promises pending then. */
  readonly #fails = new Set<(error: Error) => void>();

  constructor(client: Client, kill: (threadId: number) => Promise<void>, cancelTimeout: number | undefined) {
    this.client = client;
    this.#cancelTimeout = cancelTimeout;
    this.#kill = () => kill(client.threadId ?? 0);
    client.on("error", (error) => this.#lost(error));
  }

  /** Watches the socket that the connection has once it has logged in. */
  established(): void {
    const { stream } = this.client;
    stream.once("close", () => this.#lost(new Error("the connection was closed")));
    // Before `mysql2` reads them.
    stream.prependListener("data", ({ length }) => (this.received += length));
  }

  /** Whether there are unread rows: no other statement can run meanwhile. */
  get busy(): boolean {
    return this.#current !== undefined && !this.#current.over;
  }

  /** Refuses what cannot begin now. */
  check(reading: boolean): void {
    if (this.broken || !this.client.stream.writable) throw gone(this.#reason ?? new Error("it is closed"));
    if (reading || this.busy) {
      throw new Error("mysql: the connection is busy with the rows of another query: close them first");
    }
  }

  /** Asks the server something that changes nothing. If the connection is lost meanwhile, another one will do. */
  async ask<T>(start: (callback: Callback<T>) => unknown): Promise<T> {
    try {
      return await this.#orLost<T>((resolve, reject) => {
        start((error, result) => (error == null ? resolve(result) : reject(error)));
      });
    } catch (error) {
      throw this.broken ? gone(this.#reason ?? error) : toMysqlError(error);
    }
  }

  /** Runs what the program does with the client; fails when the connection is lost. */
  lend<T>(f: () => Promise<T>): Promise<T> {
    return this.#orLost((resolve, reject) => void f().then(resolve, reject));
  }

  async #orLost<T>(start: (resolve: (result: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    let fail: (error: Error) => void = () => undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        fail = reject;
        this.#fails.add(fail);
        start(resolve, reject);
      });
    } finally {
      this.#fails.delete(fail);
    }
  }

  /** Carries out a step of a statement. */
  async step(execution: Execution, run: () => Promise<void>): Promise<void> {
    this.#current = execution;
    try {
      await run();
    } catch (error) {
      const told = toMysqlError(error);
      // What is no error of the server has left the connection in the middle of something.
      if (errnoOf(told) === 0) this.destroy();
      throw told;
    }
  }

  /**
   * Runs something and stops it at the server when `ctx` ends. Afterwards no KILL is on its way, as all of them have
   * been answered, and no mark of one is left. `onKill` is called before the first of them.
   */
  async stoppable<T>(ctx: Context, run: () => Promise<T>, onKill?: () => void): Promise<T> {
    try {
      return await interruptible(ctx, run, {
        cancel: async () => {
          this.#marked = true;
          onKill?.();
          await this.#kill();
        },
        wasStopped: (error) => this.#destroyed || isInterrupted(error),
        destroy: () => this.destroy(),
        timeout: this.#cancelTimeout,
      });
    } finally {
      if (this.#marked) await this.#unmark();
    }
  }

  /**
   * Takes away the mark that KILL QUERY leaves on a connection which runs nothing: it would stop the next statement. A
   * statement that does nothing, and succeeds, proves that there is none.
   */
  async #unmark(): Promise<void> {
    if (this.busy) return;
    for (let i = 0; i < looks; i++) {
      if (this.broken) return;
      if (await this.brief("DO 0")) {
        this.#marked = false;
        return;
      }
    }
    this.destroy();
  }

  /** Runs what takes the server no time; tells whether it answered, and without an error. */
  async brief(text: string): Promise<boolean> {
    if (this.broken || this.busy) return false;
    const done = this.ask<unknown>((callback) => this.client.query({ sql: text }, callback)).then(
      (header) => {
        this.noteHeader(header as Header);
        return true;
      },
      () => false,
    );
    if (await settlesWithin(serverTimeout, done)) return done;
    this.destroy();
    return false;
  }

  /** Starts a statement in the text protocol. */
  plain(text: string): Command {
    return this.client.query({ sql: text });
  }

  readonly noteHeader = ({ serverStatus }: Header): void => {
    if (serverStatus !== undefined) this.inTransaction = (serverStatus & transactionBit) !== 0;
  };

  async close(): Promise<void> {
    if (!this.broken && !this.busy) {
      const { stream } = this.client;
      stream.ref();
      const hungUp = new Promise<void>((resolve) => {
        stream.once("close", resolve);
      });
      this.client.end(() => undefined);
      await settlesWithin(farewell, hungUp);
    }
    // In the middle of a result the server does not listen.
    this.destroy();
  }

  /** Breaks the connection. The server rolls back what was not committed. */
  destroy(): void {
    this.#destroyed = true;
    this.client.destroy();
    this.client.stream.destroy();
    this.#lost(new Error("the connection was given up"));
  }

  #lost(error: Error): void {
    this.broken = true;
    this.#reason ??= error;
    for (const fail of this.#fails) fail(toMysqlError(error));
    this.#current?.lose(error);
  }
}

/** Returns the error of what the server cannot have begun with: `sql` tries again with another connection. */
export function gone(reason: unknown): MysqlError {
  const { message, errno, sqlState, code } = toMysqlError(reason) as MysqlError;
  return new ConnectionLost(
    `the connection is gone: ${message}`,
    code || "PROTOCOL_CONNECTION_LOST",
    errno,
    sqlState,
    reason,
  );
}

class ConnectionLost extends MysqlError {
  is(target: unknown): boolean {
    return target === errBadConn;
  }
}
