import { thrownHere } from "../../runtime/place.ts";
import { background, withTimeout } from "../../context/context.ts";
import type { Context } from "../../context/context.ts";
import { sleep } from "../../time/time.ts";
import {
  type Conn,
  errBadConn,
  type NamedValue,
  type Result,
  type Rows,
  type Stmt,
  type Tx,
  type TxOptions,
} from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import { beginsWith, TextCache } from "../driver/text-cache.ts";
import type { Client, Prepared, Typed } from "./client.ts";
import { encodeArgument, withTypes } from "./encode.ts";
import {
  errnoOf,
  interrupted,
  isReadOnly,
  MysqlError,
  tooManyPrepared,
  unknownStatement,
  unsupportedInProtocol,
} from "./mysql-error.ts";
import { Execution } from "./execution.ts";
import { MysqlResult } from "./result.ts";
import { MysqlRows } from "./mysql-rows.ts";
import { gone, type Link } from "./link.ts";
import type { Settings } from "./options.ts";
import type { Room } from "./room.ts";
import { MysqlStmt } from "./stmt.ts";
import { levelling, MysqlTx } from "./tx.ts";

/** How many rows are read before the server has to wait. */
const batch = 256;

/** How long unwanted rows may take to arrive before their statement is killed, in milliseconds. */
const lingering = 10;

/** The longest wait for statements to go, in milliseconds. */
const longestWait = 100;

/** How often a rollback is tried: what stops one is meant for the statement before. */
const attempts = 3;

/** Statements that take time to understand. */
const keepable = /^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|VALUES)\b/i;

/**
 * Statements that leave the session as it is. After others what is kept would run as if nothing had happened: a prepared
 * statement has the database and the `sql_mode` of the time when it was prepared.
 */
const harmless = beginsWith(
  ..."SELECT INSERT UPDATE DELETE REPLACE WITH VALUES TABLE SHOW EXPLAIN DESCRIBE DESC ANALYZE DO".split(" "),
);

/** Finds texts with something behind a semicolon: more than one statement, or a semicolon within one, which does no harm. */
const severalStatements = /;\s*[^\s;]/;

/** A statement that computes something and does nothing. */
const valueOnly = /^\s*do\b/i;

/** Has the server begin with a statement, and follows that. */
type Start = (execution: Execution) => Promise<void>;

/** A connection, of which one statement at a time has the use. */
export class MysqlConn implements Conn {
  readonly #link: Link;
  readonly #bigint: Typed | undefined;
  /** How many statements are prepared with each text: `mysql2` has one for all of them. */
  readonly #pinned = new Map<string, number>();
  /** What the server keeps for texts that came more than once. */
  readonly #cache: TextCache<Prepared>;
  readonly #room: Room;
  readonly #rejectsReadOnly: boolean;
  readonly #takesSeveral: boolean;
  /** Whether dates are read from their bytes here, and not by `mysql2`. */
  readonly #readsDates: boolean;
  /** What the program does with our client, as long as it may. */
  #raw: { hasClient: boolean } | undefined;
  /** The transaction that `begin` has made: lost in a deadlock, or ended by a statement, as DDL does. */
  #tx: "none" | "open" | "lost" | "ended" = "none";
  /** Whether there are open rows: they keep the connection to themselves, however few they are. */
  #reading = false;

  constructor(link: Link, bigint: Typed | undefined, settings: Settings, room: Room) {
    const { statementCache, rejectReadOnly, multiStatements, nativeDates } = settings;
    this.#link = link;
    this.#bigint = bigint;
    this.#rejectsReadOnly = rejectReadOnly;
    this.#takesSeveral = multiStatements;
    this.#readsDates = !nativeDates;
    this.#cache = new TextCache(statementCache, keepable, (_, text) => this.#unprepare(text));
    this.#room = room;
    room.enter(this);
  }

  async query(ctx: Context, text: string, args: readonly NamedValue[]): Promise<Rows> {
    const execution = await this.#runPrepared(ctx, text, args, batch);
    this.#reading = true;
    return new MysqlRows(this, ctx, execution);
  }

  async exec(ctx: Context, text: string, args: readonly NamedValue[]): Promise<Result> {
    if (this.#takesSeveral && args.length === 0 && severalStatements.test(text)) return this.#execSeveral(ctx, text);
    const { header } = await this.#runPrepared(ctx, text, args, 0);
    return new MysqlResult(header);
  }

  async prepare(ctx: Context, text: string): Promise<Stmt> {
    this.#check();
    const prepared = await this.#link.stoppable(ctx, () => this.#prepare(text));
    this.#pinned.set(text, (this.#pinned.get(text) ?? 0) + 1);
    return new MysqlStmt(this, text, prepared.parameters.length);
  }

  /** Lets go of a prepared statement. */
  unpin(text: string): void {
    const left = (this.#pinned.get(text) ?? 1) - 1;
    if (left > 0) this.#pinned.set(text, left);
    else this.#pinned.delete(text);
    this.#unprepare(text);
  }

  /**
   * Has the server free what it keeps only because it came more than once: soon, if the connection is busy. Tells whether
   * there is such a thing.
   */
  makeRoom(): boolean {
    const { size } = this.#cache;
    this.#cache.clear();
    return size > 0;
  }

  async begin(ctx: Context, { isolation, readOnly }: TxOptions): Promise<Tx> {
    const level = levelling(isolation);
    if (level !== undefined) await this.#runPlain(ctx, level);
    try {
      await this.#runPlain(ctx, readOnly ? "START TRANSACTION READ ONLY" : "START TRANSACTION");
    } catch (error) {
      // The level would apply to the next transaction on this connection.
      if (level !== undefined && !((await this.#link.brief("START TRANSACTION")) && (await this.rollback()))) {
        this.#link.destroy();
      }
      throw error;
    }
    this.#tx = "open";
    return new MysqlTx(this);
  }

  async commit(): Promise<void> {
    const before = this.#tx;
    this.#tx = "none";
    if (before === "ended") throw hasEnded();
    const lost = before === "lost";
    if (lost) throw new MysqlError("commit unexpectedly resulted in rollback", "ER_LOCK_DEADLOCK", 1213, "40001");
    await this.#runPlain(background(), "COMMIT");
  }

  /** Rolls back; tells whether the server has answered. A server that has lost the connection rolls back without being asked. */
  async rollback(): Promise<boolean> {
    this.#tx = "none";
    for (let i = 0; i < attempts && !this.#link.broken; i++) {
      if (await this.#link.brief("ROLLBACK")) return true;
    }
    this.#link.destroy();
    return false;
  }

  async ping(ctx: Context): Promise<void> {
    const link = this.#link;
    link.check(this.#reading);
    await link.stoppable(ctx, () => link.ask<unknown>((callback) => link.client.ping(callback)));
  }

  async resetSession(): Promise<void> {
    if (!this.isValid()) throw thrownHere(errBadConn);
  }

  needsReset(): boolean {
    return !this.isValid();
  }

  /** A transaction that was begun by hand and left open must not reach the next user. */
  isValid(): boolean {
    return !this.#link.broken && !this.#reading && !this.#link.busy && !this.#link.inTransaction;
  }

  checkNamedValue(argument: NamedValue): unknown {
    return encodeArgument(argument);
  }

  /**
   * The client of `mysql2`, for what the program does within `raw`.
   *
   * @throws Error `mysql: the client is lent within raw only`, or that the connection is busy with rows, or is gone
   */
  get client(): Client {
    if (this.#raw === undefined) throw new Error("mysql: the client is lent within raw only");
    this.#check();
    this.#raw.hasClient = true;
    return this.#link.client;
  }

  /**
   * Runs what the program does with the client, and stops it at the server when `ctx` ends. Afterwards the answer to one more
   * statement shows that all that was begun is over, and whether a transaction is open.
   */
  async raw<T>(ctx: Context, f: () => Promise<T>): Promise<T> {
    const raw = { hasClient: false };
    this.#raw = raw;
    try {
      return await this.#link.stoppable(ctx, () => this.#link.lend(f));
    } finally {
      this.#raw = undefined;
      if (raw.hasClient) await this.#takeBack();
    }
  }

  /** Finds out what the program has left. */
  async #takeBack(): Promise<void> {
    // The database, a setting or a table may be another one now.
    this.#cache.clear();
    const link = this.#link;
    if (!(await link.brief("DO 0")) && !link.broken) link.destroy();
    if (this.#tx === "open" && !link.inTransaction) this.#tx = "ended";
  }

  hold(held: boolean): void {
    const { stream } = this.#link.client;
    // One that is gone holds nothing, and would keep a listener for each call.
    if (stream.destroyed) return;
    if (held) stream.ref();
    else stream.unref();
  }

  close(): Promise<void> {
    this.#room.leave(this);
    return this.#link.close();
  }

  /** Reads the next rows of a query. */
  async more(ctx: Context, execution: Execution): Promise<void> {
    await this.#link.stoppable(ctx, () => this.#link.step(execution, () => execution.more()));
  }

  /** Ends the reading of rows. */
  async release(execution: Execution): Promise<void> {
    try {
      await this.finish(execution);
    } finally {
      this.#reading = false;
    }
  }

  /** Gives up the rows of a query: waits for a few, and stops it if there are more. */
  async finish(execution: Execution): Promise<void> {
    if (execution.over || this.#link.broken) return;
    const [ctx, cancel] = withTimeout(background(), lingering);
    using _ = cancel;
    const drained = this.#link.stoppable(ctx, () => this.#link.step(execution, () => execution.drain()));
    // Their outcome does not matter. `isValid` tells whether the connection is still good.
    await drained.catch(() => undefined);
  }

  #check(): void {
    this.#link.check(this.#reading);
    // Outside a transaction the server commits every statement.
    if (this.#tx === "ended") throw hasEnded();
    if (this.#tx === "lost") {
      throw new Error("mysql: the server has rolled this transaction back: roll it back, and begin another one");
    }
  }

  /** Runs a statement with its arguments, which never become part of the text. */
  async #runPrepared(ctx: Context, text: string, args: readonly NamedValue[], count: number): Promise<Execution> {
    this.#check();
    const values = args.map(encodeArgument);
    const kept = this.#cache.find(text);
    // What is kept is harmless, and not there for its value only.
    const run = (): Promise<Execution> =>
      kept === undefined
        ? this.#runOnce(ctx, text, values, count)
        : this.#run(ctx, count, false, () => this.#started(kept, values));
    try {
      return await run();
    } catch (error) {
      // A proxy has gone to another server, or room was made for others meanwhile: this one has not begun.
      if (errnoOf(error) !== unknownStatement || !keepable.test(text) || endOf(ctx) !== undefined) throw error;
      this.#cache.forget(text);
      return await this.#runOnce(ctx, text, values, count);
    }
  }

  /** Prepares a statement, runs it, and has the server forget it unless it is kept. */
  async #runOnce(ctx: Context, text: string, values: unknown[], count: number): Promise<Execution> {
    try {
      return await this.#run(ctx, count, valueOnly.test(text), () => this.#command(text, values));
    } finally {
      if (!harmless.test(text)) this.#cache.clear();
      this.#unprepare(text);
    }
  }

  /** Runs several statements, in the protocol that knows no arguments. The server takes each for itself. */
  async #execSeveral(ctx: Context, text: string): Promise<Result> {
    this.#check();
    try {
      const { header } = await this.#run(ctx, 0, false, () => this.#plain(text));
      return new MysqlResult(header);
    } finally {
      this.#cache.clear();
    }
  }

  /** Runs a statement of our own. */
  async #runPlain(ctx: Context, text: string): Promise<void> {
    this.#check();
    await this.#run(ctx, 0, false, () => this.#plain(text));
  }

  /**
   * Runs a statement until it is over, or until there are `count` rows if that is not 0. SLEEP and its like answer with a
   * value of their own when they are killed, and not with an error: if a statement is there only for its value, that is
   * not to be trusted once KILL is on its way. What any other statement has done has been done.
   */
  async #run(
    ctx: Context,
    count: number,
    onlyValue: boolean,
    prepare: () => Start | Promise<Start>,
  ): Promise<Execution> {
    const link = this.#link;
    const execution = new Execution(link, count);
    let killed = false;
    const run = async (): Promise<void> => {
      const prepared = prepare();
      const start = prepared instanceof Promise ? await prepared : prepared;
      await link.step(execution, () => start(execution));
      if (killed && (onlyValue || execution.columns !== undefined)) {
        throw new MysqlError("Query execution was interrupted", "ER_QUERY_INTERRUPTED", interrupted, "70100");
      }
    };
    try {
      await link.stoppable(ctx, run, () => (killed = true));
      if (this.#tx === "open" && execution.over && !link.inTransaction) this.#tx = "ended";
      return execution;
    } catch (error) {
      if (execution.started) await this.finish(execution);
      await this.#lookAfterTransaction();
      if (this.#rejectsReadOnly && isReadOnly(error)) throw this.#leave(error as MysqlError);
      throw error;
    }
  }

  /** Leaves a server that only reads; outside of a transaction another one may do what this one has refused. */
  #leave(refusal: MysqlError): MysqlError {
    const isAlone = this.#tx === "none" && !this.#link.inTransaction;
    // The server has been asked for nothing that it would have to take back, but for the transaction.
    this.#link.destroy();
    return isAlone ? gone(refusal) : refusal;
  }

  /** Returns what runs a text in the protocol that knows no arguments, and in which all values are text. */
  #plain(text: string): Start {
    return (execution) => execution.start(this.#link.plain(text), false);
  }

  /** Prepares a statement, and returns what runs it with these values. */
  async #command(text: string, values: unknown[]): Promise<Start> {
    let prepared: Prepared;
    try {
      prepared = await this.#prepare(text);
    } catch (error) {
      if (errnoOf(error) === unsupportedInProtocol && values.length === 0) return this.#plain(text);
      throw error;
    }
    if (!this.#room.isFull && this.#cache.isWanted(text)) this.#cache.add(text, prepared);
    return this.#started(prepared, values);
  }

  /** Returns what runs a prepared statement with these values. */
  #started(prepared: Prepared, values: unknown[]): Start {
    const expected = prepared.parameters.length;
    if (expected !== values.length) throw new Error(`sql: expected ${expected} arguments, got ${values.length}`);
    return (execution) => execution.start(prepared.execute(withTypes(values, this.#bigint)), this.#readsDates);
  }

  /** Prepares a statement. If the server has too many of them, those go that are kept for speed only. */
  async #prepare(text: string): Promise<Prepared> {
    for (let wait = 1; ; wait = Math.min(2 * wait, longestWait)) {
      try {
        return await this.#link.ask((callback) => this.#link.client.prepare({ sql: text }, callback));
      } catch (error) {
        if (errnoOf(error) !== tooManyPrepared || !this.#room.make()) throw error;
        // Nothing tells when the other connections' have gone.
        await sleep(wait);
      }
    }
  }

  /** Frees what the server keeps for a statement, unless it is still prepared or kept. */
  #unprepare(text: string): void {
    if (this.#pinned.has(text) || this.#cache.has(text) || this.#link.broken) return;
    this.#link.client.unprepare({ sql: text });
  }

  /**
   * After an error in a transaction: a deadlock, for one, ends all of it, and the server would commit each statement that
   * comes now by itself.
   */
  async #lookAfterTransaction(): Promise<void> {
    if (this.#tx !== "open" || this.#link.broken || this.#link.busy) return;
    if ((await this.#link.brief("DO 0")) && !this.#link.inTransaction) this.#tx = "lost";
  }
}

function hasEnded(): MysqlError {
  return new MysqlError("the transaction has ended already", "", 0, "25000");
}
