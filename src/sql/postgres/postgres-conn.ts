import { thrownHere } from "../../runtime/place.ts";
import { type Context, withTimeout } from "../../context/context.ts";
import {
  type Conn,
  errBadConn,
  interruptible,
  type NamedValue,
  type QueryOptions,
  type Result,
  type Rows,
  type Stmt,
  StoppedError,
  type Tx,
  type TxOptions,
} from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { Client } from "./client.ts";
import type { Copy } from "./copying.ts";
import { encodeAll, encodeArgument } from "./encode.ts";
import { connectionLost, isServerError, isStale, PostgresError, toPostgresError } from "./postgres-error.ts";
import { type Description, Exchange, mayHaveMany, type Plan, type Running, type Wire } from "./exchange.ts";
import type { Settings } from "./options.ts";
import { PostgresResult } from "./result.ts";
import { PostgresRows } from "./postgres-rows.ts";
import { StatementCache } from "./statement-cache.ts";
import { PostgresStmt } from "./stmt.ts";
import { beginning, PostgresTx } from "./tx.ts";
import { settlesWithin } from "../driver/settle-within.ts";

/** How long the server may take for what has no context and takes no time, in milliseconds. */
const serverTimeout = 5000;

/** How long the server may take to hang up when we have said goodbye, in milliseconds. */
const farewell = 1000;

/** Finds texts with something behind a semicolon: more than one statement, or a semicolon within one, which does no harm. */
const severalStatements = /;\s*[^\s;]/;

/** The SQLSTATE of a statement that was canceled. */
const queryCanceled = "57014";

/** How long unwanted rows may take to arrive before their statement is canceled, in milliseconds. */
const lingering = 10;

/** A statement that the server keeps, and what it has said about it. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly told: Description;
}

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
  #open: Running | undefined;
  /**
   * Whether there are open rows. They keep the connection to themselves even if all of them are here
   * already: otherwise a program would work with small results only.
   */
  #reading = false;
  /** What the server keeps for texts that came more than once. */
  readonly #cache: StatementCache;
  #statements = 0;
  /** The exchange that runs, or was the last to run. */
  #current: Running | undefined;
  /** Whether a cancel was sent that the server may not have seen yet. */
  #isCanceled = false;
  /** What the program does with our client, as long as it may. */
  #raw: { hasClient: boolean } | undefined;
  readonly #cancelTimeout: number | undefined;

  constructor(
    client: Client,
    cancel: () => Promise<void>,
    { statementCache, cancelTimeout }: Pick<Settings, "statementCache" | "cancelTimeout">,
  ) {
    this.#client = client;
    this.#cancel = cancel;
    this.#cancelTimeout = cancelTimeout;
    this.#cache = new StatementCache(statementCache);
    client.on("error", (error) => {
      this.#broken = true;
      // The first one is the server's own, as of `idle_in_transaction_session_timeout`; then the socket closes.
      this.#reason ??= error;
    });
    client.connection.on("end", () => (this.#broken = true));
    // The client keeps this message to itself.
    client.connection.on("parameterDescription", ({ dataTypeIDs }: { dataTypeIDs: readonly number[] }) => {
      this.#current?.handleParameters?.(dataTypeIDs);
    });
    client.connection.on("readyForQuery", ({ status }: { status: string }) => (this.#status = status));
  }

  async query(ctx: Context, text: string, args: readonly NamedValue[], options?: QueryOptions): Promise<Rows> {
    const values = encodeAll(args);
    return this.#runText(ctx, text, values, options?.oneRow === true ? "one" : "all", (exchange) => {
      this.#reading = true;
      return new PostgresRows(this, ctx, exchange);
    });
  }

  async exec(ctx: Context, text: string, args: readonly NamedValue[]): Promise<Result> {
    if (args.length === 0 && severalStatements.test(text)) return this.#execSeveral(ctx, text);
    const values = encodeAll(args);
    return this.#runText(ctx, text, values, "none", (exchange) => new PostgresResult(exchange.tag));
  }

  /**
   * Runs several statements, as pgx does: in the protocol that knows no arguments. The server takes them for one transaction,
   * unless they begin and end others.
   */
  async #execSeveral(ctx: Context, text: string): Promise<Result> {
    this.#check();
    const exchange = Exchange.several(checkText(text));
    // Any of them may change what the kept ones depend on.
    this.#cache.clear();
    await this.start(ctx, exchange, -1);
    return new PostgresResult(exchange.tag);
  }

  /** Runs a text: by the name under which the server keeps it, if it came before. */
  async #runText<T>(
    ctx: Context,
    text: string,
    values: Wire[],
    rows: Plan["rows"],
    make: (exchange: Exchange) => T,
  ): Promise<T> {
    const kept = this.#cache.find(text);
    if (kept !== undefined) {
      const { name, description } = kept;
      try {
        return make(await this.#run(ctx, { name, text, isPrepared: true, values, rows, known: description }));
      } catch (error) {
        if (!isStale(error)) throw error;
        this.#cache.forget(text);
        // The error has ended a transaction: nothing of it must be repeated by itself.
        if (this.inTransaction) throw error;
      }
    }
    checkText(text);
    const name = this.#cache.isWanted(text) && !mayHaveMany(text) ? this.#newName() : "";
    const plan = { name, text, isPrepared: false, values, rows, known: undefined };
    const exchange = Exchange.run({ ...plan, ...this.#circumstances() });
    this.#cache.note(text);
    try {
      await this.start(ctx, exchange, values.length);
    } finally {
      // Also if it fails: then the server may have prepared it before.
      if (name !== "" && exchange.sent) this.#keep(text, name, exchange);
    }
    return make(exchange);
  }

  #keep(text: string, name: string, exchange: Exchange): void {
    if (exchange.parameters === undefined) this.#cache.free(name);
    else this.#cache.add(text, { name, description: exchange.told });
  }

  #newName(): string {
    return `gocsp_${++this.#statements}`;
  }

  /** Refuses a statement that cannot run now; otherwise returns what the circumstances add to its plan. */
  #circumstances(): Pick<Plan, "portal" | "unneeded"> {
    this.#check();
    return { portal: this.inTransaction, unneeded: this.#cache.takeUnneeded() };
  }

  async #run(ctx: Context, plan: Omit<Plan, "portal" | "unneeded">): Promise<Exchange> {
    const exchange = Exchange.run({ ...plan, ...this.#circumstances() });
    await this.start(ctx, exchange, plan.values.length);
    return exchange;
  }

  async prepare(ctx: Context, text: string): Promise<Stmt> {
    return new PostgresStmt(this, await this.prepareText(ctx, text));
  }

  /** Prepares a statement under a name that no other has. */
  async prepareText(ctx: Context, text: string): Promise<Prepared> {
    const name = this.#newName();
    if (mayHaveMany(text)) throw new RangeError("postgres: a prepared statement takes at most 32767 arguments");
    this.#check();
    const exchange = Exchange.prepare(name, checkText(text));
    try {
      await this.start(ctx, exchange, -1);
    } catch (error) {
      // The server may have prepared it before it was stopped.
      if (exchange.sent) await this.brief(Exchange.free(name));
      throw error;
    }
    return { name, text, told: exchange.told };
  }

  async begin(ctx: Context, options: TxOptions): Promise<Tx> {
    await this.execPlain(ctx, beginning(options));
    this.#begun = true;
    return new PostgresTx(this);
  }

  async ping(ctx: Context): Promise<void> {
    await this.execPlain(ctx, "");
  }

  async resetSession(): Promise<void> {
    if (!this.isValid()) throw thrownHere(errBadConn);
  }

  needsReset(): boolean {
    return !this.isValid();
  }

  /** A transaction that was begun by hand and left open must not reach the next user. */
  isValid(): boolean {
    return !this.#broken && !this.#reading && this.#open === undefined && !this.inTransaction;
  }

  checkNamedValue(argument: NamedValue): unknown {
    return encodeArgument(argument);
  }

  /** Runs a COPY, which has the connection until it is over. */
  async copy(ctx: Context, copy: Copy): Promise<void> {
    this.#check();
    checkText(copy.text);
    const run = (): Promise<void> => copy.run(this.#client);
    try {
      await this.step(ctx, copy, run, () => copy.giveUp());
    } catch (error) {
      if (error instanceof StoppedError || copy.refusal === undefined) throw error;
    }
    if (copy.refusal !== undefined) throw copy.refusal.error;
  }

  /** Reads no more from the server, or goes on: what it sends meanwhile waits there. */
  pause(paused: boolean): void {
    const { stream } = this.#client.connection;
    if (paused) stream.pause();
    else stream.resume();
  }

  /** Calls `f` for each notification that comes, for as long as the connection lives, and `ended` at its end. */
  notify(f: (payload: string, channel: string, processId: number) => void, ended: () => void): void {
    this.#client.on("notification", ({ channel, payload = "", processId }) => f(payload, channel, processId));
    if (this.#broken) ended();
    else this.#client.connection.once("end", ended);
  }

  /**
   * The client of `pg`, for what the program does within `raw`.
   *
   * @throws Error `postgres: the client is lent within raw only`, or that the connection is busy with rows, or is gone
   */
  get client(): Client {
    if (this.#raw === undefined) throw new Error("postgres: the client is lent within raw only");
    this.#check();
    this.#raw.hasClient = true;
    return this.#client;
  }

  /**
   * Runs what the program does with the client, and stops it at the server when `ctx` ends. Afterwards the answer to one more
   * message shows that all that was begun is over, and that the last cancel has been seen.
   */
  async raw<T>(ctx: Context, f: () => Promise<T>): Promise<T> {
    const raw = { hasClient: false };
    let canceled = false;
    this.#raw = raw;
    try {
      return await interruptible(ctx, f, {
        cancel: () => {
          canceled = true;
          return this.#cancel();
        },
        wasStopped: (error) => this.#destroyed || codeOf(error) === queryCanceled,
        destroy: () => this.destroy(),
        timeout: this.#cancelTimeout,
      });
    } finally {
      this.#raw = undefined;
      if (raw.hasClient || canceled) {
        // A name, a setting or a table may be another one now.
        this.#cache.clear();
        await this.brief(Exchange.sync());
      }
    }
  }

  hold(held: boolean): void {
    // One that is gone holds nothing, and would keep a listener for each call.
    if (this.#client.connection.stream.destroyed) return;
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

  /** Runs a prepared statement for its rows. */
  async queryPrepared(
    ctx: Context,
    prepared: Prepared,
    values: Wire[],
    { oneRow = false }: QueryOptions,
  ): Promise<Rows> {
    const { name, text, told: known } = prepared;
    const plan = { name, text, isPrepared: true, values, rows: oneRow ? "one" : "all", known } as const;
    const exchange = await this.#run(ctx, plan);
    this.#reading = true;
    return new PostgresRows(this, ctx, exchange);
  }

  /** Runs a prepared statement for what it does. */
  async execPrepared(ctx: Context, prepared: Prepared, values: Wire[]): Promise<PostgresResult> {
    const { name, text, told: known } = prepared;
    const exchange = await this.#run(ctx, { name, text, isPrepared: true, values, rows: "none", known });
    return new PostgresResult(exchange.tag);
  }

  /** Runs a statement of our own. */
  async execPlain(ctx: Context, text: string): Promise<PostgresResult> {
    const plan = { name: "", text, isPrepared: false, values: [], rows: "none", known: undefined } as const;
    return new PostgresResult((await this.#run(ctx, plan)).tag);
  }

  #check(): void {
    if (this.#reading) {
      throw new Error("postgres: the connection is busy with the rows of another query: close them first");
    }
    if (this.#broken) throw connectionLost(this.#reason);
    // Outside a transaction what comes now would be made permanent at once.
    if (this.#begun && !this.inTransaction) throw new PostgresError("the transaction has ended already", "25P01");
  }

  /** Carries out the first step of an exchange with `count` arguments. */
  async start(ctx: Context, exchange: Exchange, count: number): Promise<void> {
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
   * Carries out a step of an exchange and stops it at the server when `ctx` ends. When the exchange is over no cancel is on
   * its way: the server has hung up on the last one, so its signal has been given; and it has answered us once more, so it
   * has seen the signal. In the middle of an exchange a cancel that comes late can only hit the exchange itself.
   * `canceling` is called with each cancel, for a server that waits for us and sees none.
   */
  async step(ctx: Context, exchange: Running, run: () => Promise<void>, canceling?: () => void): Promise<void> {
    this.#current = exchange;
    try {
      await interruptible(ctx, () => this.#told(exchange, run), {
        cancel: () => {
          this.#isCanceled = true;
          canceling?.();
          return this.#cancel();
        },
        wasStopped: (error) => this.#destroyed || codeOf(error) === queryCanceled,
        destroy: () => this.destroy(),
        timeout: this.#cancelTimeout,
      });
    } finally {
      this.#open = exchange.over ? undefined : exchange;
      if (this.#isCanceled && exchange.over) {
        this.#isCanceled = false;
        await this.brief(Exchange.sync());
      }
    }
  }

  /**
   * Gives up the rows of an exchange, whose statement has this context. A server that waits for us, which it does in a
   * transaction, needs no cancel. One that still sends is canceled unless the rest comes soon; but a statement that may
   * have changed something is let run to its end, because a cancel would take the change back.
   */
  async finish(ctx: Context, exchange: Exchange): Promise<void> {
    this.#open = undefined;
    try {
      if (exchange.unseen !== undefined && endOf(ctx) === undefined) throw toPostgresError(exchange.unseen);
      if (exchange.over || this.#broken) return;
      if (exchange.isSuspended) {
        const finished = this.#told(exchange, () => exchange.finish());
        if (!(await settlesWithin(serverTimeout, finished))) this.destroy();
        if (!this.#broken) await finished;
      } else if (exchange.onlyReads) {
        const [soon, cancel] = withTimeout(ctx, lingering);
        using _ = cancel;
        await this.#drain(soon, exchange);
      } else {
        await this.#drain(ctx, exchange);
      }
    } finally {
      this.#reading = false;
    }
  }

  /** Throws the rest of the rows away; stops the statement when `ctx` ends. */
  async #drain(ctx: Context, exchange: Exchange): Promise<void> {
    try {
      await this.step(ctx, exchange, () => exchange.finish());
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
    }
  }

  /** Frees a prepared statement: now, or with the next exchange if the connection is busy. */
  async free(name: string): Promise<void> {
    if (this.#reading) this.#cache.free(name);
    else await this.brief(Exchange.free(name));
  }

  /** Carries out what takes the server no time; if it does not answer, or with an error, tells so. */
  async brief(exchange: Exchange): Promise<boolean> {
    if (this.#broken) return false;
    this.#current = exchange;
    const done = exchange.start(this.#client).then(
      () => true,
      () => false,
    );
    if (await settlesWithin(serverTimeout, done)) return done;
    this.destroy();
    return false;
  }

  /** Makes the errors of a step ours. */
  async #told(exchange: Running, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (exchange.sent) throw toPostgresError(error);
      this.#broken = true;
      throw connectionLost(this.#reason ?? error);
    }
  }
}

/** Returns the SQLSTATE of an error, of ours or of the client's. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return (error instanceof PostgresError || isServerError(error)) && typeof code === "string" ? code : "";
}

/** Refuses what would end the text in the middle of a message. */
function checkText(text: string): string {
  if (text.includes("\0")) throw new Error("postgres: a statement must not contain the character with the code 0");
  return text;
}
