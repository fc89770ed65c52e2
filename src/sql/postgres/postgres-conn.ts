import type { Context } from "../../context/context.ts";
import {
  type Conn,
  errBadConn,
  interruptible,
  type NamedValue,
  type Result,
  type Rows,
  type Stmt,
  type Tx,
  type TxOptions,
} from "../driver/driver.ts";
import type { Client } from "./client.ts";
import { encodeAll, encodeArgument } from "./encode.ts";
import { connectionLost, PostgresError, toPostgresError } from "./postgres-error.ts";
import { Exchange, mayHaveMany, type Wire } from "./exchange.ts";
import { PostgresResult } from "./result.ts";
import { firstBatch, PostgresRows } from "./postgres-rows.ts";
import { PostgresStmt } from "./stmt.ts";
import { beginning, PostgresTx } from "./tx.ts";
import { settlesWithin } from "../driver/settle-within.ts";

/** How long the server may take for what has no context and takes no time, in milliseconds. */
const serverTimeout = 5000;

/** How long the server may take to hang up when we have said goodbye, in milliseconds. */
const farewell = 1000;

/** The SQLSTATE of a statement that was canceled. */
const queryCanceled = "57014";

/** A connection, of which one exchange at a time has the use. */
export class PostgresConn implements Conn {
  readonly #client: Client;
  readonly #cancel: () => Promise<void>;
  /** True once the connection cannot be used any more; never reset. */
  #broken = false;
  /** Why the server or the network has ended the connection, as far as either has said so. */
  #reason: Error | undefined;
  /** Whether it was us who broke it because the server did not react. */
  #destroyed = false;
  /** What ReadyForQuery has said last: "I" outside of transactions, "T" inside, "E" in one that has failed. */
  #status = "I";
  /** Whether `begin` has made a transaction that neither commit nor rollback has ended; a statement may have. */
  #begun = false;
  /** The exchange whose rows are not all read: the server waits for us to go on with it, and nothing else goes. */
  #open: Exchange | undefined;
  /**
   * Whether there are open rows. They keep the connection to themselves even if all of them are here
   * already: otherwise a program would work with small results only.
   */
  #reading = false;
  /** Prepared statements to free as soon as the connection is. */
  #unneeded: string[] = [];
  #statements = 0;

  constructor(client: Client, cancel: () => Promise<void>) {
    this.#client = client;
    this.#cancel = cancel;
    client.on("error", (error) => {
      this.#broken = true;
      // The first one is the server's own, as of `idle_in_transaction_session_timeout`; then the socket closes.
      this.#reason ??= error;
    });
    client.connection.on("end", () => (this.#broken = true));
    client.connection.on("readyForQuery", ({ status }: { status: string }) => (this.#status = status));
  }

  async query(ctx: Context, text: string, args: readonly NamedValue[]): Promise<Rows> {
    return this.queryStatement(ctx, "", checkText(text), encodeAll(args));
  }

  async exec(ctx: Context, text: string, args: readonly NamedValue[]): Promise<Result> {
    return this.execStatement(ctx, "", checkText(text), encodeAll(args));
  }

  async prepare(ctx: Context, text: string): Promise<Stmt> {
    const { name, count } = await this.prepareText(ctx, text);
    return new PostgresStmt(this, text, name, count);
  }

  /** Prepares a statement under a name that no other has, and counts its parameters. */
  async prepareText(ctx: Context, text: string): Promise<{ name: string; count: number }> {
    const name = `gocsp_${++this.#statements}`;
    if (mayHaveMany(text)) throw new RangeError("postgres: a prepared statement takes at most 32767 arguments");
    const exchange = Exchange.prepare(name, checkText(text));
    try {
      await this.start(ctx, exchange, -1);
    } catch (error) {
      // The server may have prepared it before it was stopped.
      if (exchange.sent) await this.brief(Exchange.free(name));
      throw error;
    }
    return { name, count: exchange.parameters?.length ?? 0 };
  }

  async begin(ctx: Context, options: TxOptions): Promise<Tx> {
    await this.execStatement(ctx, "", beginning(options), []);
    this.#begun = true;
    return new PostgresTx(this);
  }

  async ping(ctx: Context): Promise<void> {
    await this.execStatement(ctx, "", "", []);
  }

  async resetSession(): Promise<void> {
    if (!this.isValid()) throw errBadConn;
  }

  /** A transaction that was begun by hand and left open must not reach the next user. */
  isValid(): boolean {
    return !this.#broken && !this.#reading && this.#open === undefined && !this.inTransaction;
  }

  checkNamedValue(argument: NamedValue): unknown {
    return encodeArgument(argument);
  }

  hold(held: boolean): void {
    if (held) this.#client.ref();
    else this.#client.unref();
  }

  async close(): Promise<void> {
    if (this.#broken) return this.destroy();
    const { connection } = this.#client;
    this.hold(true);
    const hungUp = new Promise<void>((resolve) => {
      connection.once("end", () => resolve());
    });
    // The server looks for our goodbye only between statements.
    if (this.#open === undefined) connection.end();
    else this.destroy();
    if (!(await settlesWithin(farewell, hungUp))) this.destroy();
  }

  /** Breaks the connection. The server rolls back what was not committed. */
  destroy(): void {
    this.#broken = true;
    this.#destroyed = true;
    this.#client.connection.stream.destroy();
  }

  /** How many bytes the server has sent. */
  get bytesRead(): number {
    return this.#client.connection.stream.bytesRead;
  }

  /** Ends the transaction that `begin` has made; tells whether the server still has it. */
  leave(): boolean {
    this.#begun = false;
    return this.inTransaction;
  }

  get inTransaction(): boolean {
    return this.#status !== "I";
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Runs a statement, prepared if `text` is undefined, for its rows. */
  async queryStatement(ctx: Context, name: string, text: string | undefined, values: Wire[]): Promise<Rows> {
    const exchange = Exchange.query(name, text, values, firstBatch);
    const before = this.bytesRead;
    await this.start(ctx, exchange, values.length);
    this.#reading = true;
    return new PostgresRows(this, ctx, exchange, before);
  }

  /** Runs a statement, prepared if `text` is undefined, for what it does. */
  async execStatement(ctx: Context, name: string, text: string | undefined, values: Wire[]): Promise<PostgresResult> {
    const exchange = Exchange.exec(name, text, values);
    await this.start(ctx, exchange, values.length);
    return new PostgresResult(exchange.tag);
  }

  /** Carries out the first step of an exchange with `count` arguments. */
  async start(ctx: Context, exchange: Exchange, count: number): Promise<void> {
    if (this.#reading) {
      throw new Error("postgres: the connection is busy with the rows of another query: close them first");
    }
    if (this.#broken) throw connectionLost(this.#reason);
    // Outside a transaction what comes now would be made permanent at once.
    if (this.#begun && !this.inTransaction) throw new PostgresError("the transaction has ended already", "25P01");
    try {
      await this.step(ctx, exchange, () => exchange.start(this.#client));
    } catch (error) {
      const expected = exchange.parameters?.length;
      if (count >= 0 && expected !== undefined && expected !== count && codeOf(error) === "08P01") {
        throw new Error(`sql: expected ${expected} arguments, got ${count}`, { cause: error });
      }
      throw error;
    }
  }

  /**
   * Carries out a step of an exchange and stops it at the server when `ctx` ends. Afterwards no cancel is on its way: the
   * server has hung up on the last one, so its signal has been given; and it has answered us once more, so it has seen
   * the signal. In the middle of an exchange the next message does the latter: a cancel that meets a server which waits
   * for us does nothing.
   */
  async step(ctx: Context, exchange: Exchange, run: () => Promise<void>): Promise<void> {
    let canceled = false;
    try {
      await interruptible(ctx, () => this.#told(exchange, run), {
        cancel: () => {
          canceled = true;
          return this.#cancel();
        },
        wasStopped: (error) => this.#destroyed || codeOf(error) === queryCanceled,
        destroy: () => this.destroy(),
      });
    } finally {
      this.#open = exchange.over ? undefined : exchange;
      if (canceled && exchange.over) await this.brief(Exchange.sync());
    }
  }

  /** Gives up the rows of an exchange. The server waits for us: it needs no cancel. */
  async finish(exchange: Exchange): Promise<void> {
    this.#open = undefined;
    try {
      if (exchange.over) return;
      const finished = this.#told(exchange, () => exchange.finish());
      if (!(await settlesWithin(serverTimeout, finished))) this.destroy();
      if (!this.#broken) await finished;
    } finally {
      this.#reading = false;
      for (const name of this.#unneeded.splice(0)) await this.free(name);
    }
  }

  /** Frees a prepared statement, now or when the connection is not busy any more. */
  async free(name: string): Promise<void> {
    if (this.#reading) this.#unneeded.push(name);
    else await this.brief(Exchange.free(name));
  }

  /** Carries out what takes the server no time; if it does not answer, or with an error, tells so. */
  async brief(exchange: Exchange): Promise<boolean> {
    if (this.#broken) return false;
    const done = exchange.start(this.#client).then(
      () => true,
      () => false,
    );
    if (await settlesWithin(serverTimeout, done)) return done;
    this.destroy();
    return false;
  }

  /** Makes the errors of a step ours. */
  async #told(exchange: Exchange, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (exchange.sent) throw toPostgresError(error);
      this.#broken = true;
      throw connectionLost(this.#reason ?? error);
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof PostgresError ? error.code : "";
}

/** Refuses what would end the text in the middle of a message. */
function checkText(text: string): string {
  if (text.includes("\0")) throw new Error("postgres: a statement must not contain the character with the code 0");
  return text;
}
