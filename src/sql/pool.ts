import { thrownHere } from "../runtime/place.ts";
import { WaitList } from "../runtime/wait-list.ts";
import { enterOrWait } from "../chan/enter-or-wait.ts";
import type { Context } from "../context/context.ts";
import { is, join } from "../errors/errors.ts";
import { Alarm } from "../runtime/alarms.ts";
import { currentQueue } from "../runtime/clock.ts";
import { serve } from "../runtime/waiter.ts";
import { Connection } from "./connection.ts";
import { type Conn as DriverConn, type Connector, errBadConn } from "./driver/driver.ts";
import { endOf } from "./driver/end.ts";
import { errDBClosed, explained, throwIfEnded } from "./errors.ts";
import { Once } from "./once.ts";

/** What the pool has done and is doing. Mirrors Go's `sql.DBStats`. */
export interface DBStats {
  /** The limit of open connections; 0 means none. */
  readonly maxOpenConnections: number;
  /** The connections that exist, those being opened or closed included. */
  readonly openConnections: number;
  readonly inUse: number;
  readonly idle: number;
  /** How many calls had to wait for a connection, including those that gave up. */
  readonly waitCount: number;
  /** How long all of them waited in total, in milliseconds. */
  readonly waitDuration: number;
  /** How many were closed because of the limit of idle connections. */
  readonly maxIdleClosed: number;
  /** How many were closed because they had been idle for too long. */
  readonly maxIdleTimeClosed: number;
  /** How many were closed because they were too old. */
  readonly maxLifetimeClosed: number;
}

/** What a waiter gets: a connection, the right to open one, or the reason why there will be none. */
type Grant = Connection | "open" | Error;

/**
 * The connections of one database. Each is in use, idle, being opened or being closed, and counted in `#open` all the
 * while. Waiters are served in the order of arrival: with a connection that is given back, or with the place of one that
 * was closed.
 *
 * Invariants: a connection in `#idle` is held by the pool and is there once; one that is given back was held by a user;
 * `#open` is at least the number of idle connections. A call that would break one of them throws, because two users of
 * one connection would lose each other's writes.
 */
export class Pool {
  readonly #connector: Connector;
  /** The idle connections, the one used last at the end: it is taken first, so that the others grow old and go. */
  readonly #idle: Connection[] = [];
  #open = 0;
  /** How many of the open ones are being closed. */
  #shutting = 0;
  readonly #waiting = new WaitList("select", this);
  readonly #cleaner: Cleaner = new Cleaner(() => this.#closeExpired());
  /** Done when the connector is closed too. */
  readonly #closed = new Once();
  #connectorClosed: Promise<void> | undefined;
  #maxOpen = 0;
  #maxIdle = 2;
  #maxLifetime = 0;
  #maxIdleTime = 0;
  #waitCount = 0;
  #waitDuration = 0;
  #maxIdleClosed = 0;
  #maxIdleTimeClosed = 0;
  #maxLifetimeClosed = 0;

  constructor(connector: Connector) {
    this.#connector = connector;
  }

  /**
   * Takes an idle connection or opens one; waits while there are as many as there may be. One that is here and needs nothing
   * comes without a promise.
   */
  acquire(ctx: Context, fresh: boolean): Connection | Promise<Connection> {
    throwIfEnded(ctx);
    if (this.#closed.begun) throw thrownHere(errDBClosed);
    const connection = fresh ? undefined : this.#takeIdle();
    if (connection !== undefined) return this.#reset(connection, ctx);
    if (!this.#hasRoom()) return this.#acquireInTurn(ctx);
    this.#open++;
    return this.#openGranted(ctx);
  }

  async #acquireInTurn(ctx: Context): Promise<Connection> {
    // A new one is wanted because old ones turned out to be bad: an idle one makes room.
    const idle = this.#idle.shift();
    if (idle !== undefined) this.#discard(idle);
    const grant = await this.#wait(ctx);
    if (grant instanceof Error) throw grant;
    // One look: between two of them a deadline may pass, and the connection would be lost.
    const end = endOf(ctx);
    if (end !== undefined) {
      this.#giveUp(grant);
      throw end;
    }
    return grant === "open" ? this.#openGranted(ctx) : this.#reset(grant, ctx);
  }

  /** Takes a connection back; with an error that says that it is bad, or if the driver says so, it is closed. */
  release(connection: Connection, error?: unknown): void {
    if (connection.holder !== "user") {
      throw new Error(
        `sql: internal error: a connection was given back that ${connection.holder === "pool" ? "is idle" : "is closed"}`,
      );
    }
    if (connection.unsettled !== undefined) {
      // It stays with its user for so long: the driver is still busy with it.
      void connection.unsettled.then(() => this.release(connection, error));
      return;
    }
    connection.returnedAt = currentQueue().now();
    if (is(error, errBadConn) || !connection.isValid()) {
      this.#discard(connection);
    } else if (this.#isTooOld(connection)) {
      this.#maxLifetimeClosed++;
      this.#discard(connection);
    } else if (this.#closed.begun || (this.#maxOpen > 0 && this.#open - this.#shutting > this.#maxOpen)) {
      this.#discard(connection);
    } else if (!this.#hand(connection)) {
      connection.holder = "pool";
      this.#idle.push(connection);
      this.#trim();
      if (this.#maxLifetime > 0 || this.#maxIdleTime > 0) this.#watchAges();
    }
  }

  /** Closes what is idle, and the rest as it comes back. */
  async close(): Promise<void> {
    if (this.#closed.begun) return this.#closed.done?.catch(() => undefined);
    return this.#closed.run(() => this.#close());
  }

  setMaxOpen(n: number): void {
    this.#maxOpen = Math.max(n, 0);
    this.#trim();
    this.#admit();
  }

  setMaxIdle(n: number): void {
    this.#maxIdle = Math.max(n, 0);
    this.#trim();
  }

  setMaxLifetime(d: number): void {
    this.#maxLifetime = Math.max(d, 0);
    this.#watchAges();
  }

  setMaxIdleTime(d: number): void {
    this.#maxIdleTime = Math.max(d, 0);
    this.#watchAges();
  }

  stats(): DBStats {
    return {
      maxOpenConnections: this.#maxOpen,
      openConnections: this.#open,
      inUse: this.#open - this.#idle.length,
      idle: this.#idle.length,
      waitCount: this.#waitCount,
      waitDuration: this.#waitDuration,
      maxIdleClosed: this.#maxIdleClosed,
      maxIdleTimeClosed: this.#maxIdleTimeClosed,
      maxLifetimeClosed: this.#maxLifetimeClosed,
    };
  }

  async #wait(ctx: Context): Promise<Grant> {
    this.#waitCount++;
    const since = currentQueue().now();
    try {
      return await enterOrWait<Grant>("sql", ctx, () => this.#lookAgain());
    } finally {
      this.#waitDuration += Math.max(currentQueue().now() - since, 0);
    }
  }

  /** Waits, unless a user's context has made something free when it was asked: it may run any code. */
  #lookAgain(): Promise<Grant> | WaitList {
    if (this.#closed.begun) return Promise.resolve(errDBClosed);
    const idle = this.#takeIdle();
    if (idle !== undefined) return Promise.resolve(idle);
    if (!this.#hasRoom()) return this.#waiting;
    this.#open++;
    return Promise.resolve("open");
  }

  #hasRoom(): boolean {
    return this.#maxOpen === 0 || this.#open < this.#maxOpen;
  }

  /** Passes on what was granted to a waiter whose context has ended at the same time. */
  #giveUp(grant: Connection | "open"): void {
    if (grant === "open") this.#leave();
    else this.release(grant);
  }

  /** Opens a connection for which there is a place already. */
  async #openGranted(ctx: Context): Promise<Connection> {
    let connection: Connection;
    try {
      connection = new Connection(await this.#connector.connect(ctx));
    } catch (error) {
      this.#leave();
      throw explained(error, ctx);
    }
    const reason = endOf(ctx) ?? (this.#closed.begun ? errDBClosed : undefined);
    if (reason === undefined) return connection;
    // Opened in vain: it is as good as one that was used.
    this.release(connection);
    throw reason;
  }

  /** Resets the session of a connection that had another user, unless the driver says that there is nothing to do. */
  #reset(connection: Connection, ctx: Context): Connection | Promise<Connection> {
    return connection.used && connection.needsReset() ? this.#resetInTurn(connection, ctx) : connection;
  }

  async #resetInTurn(connection: Connection, ctx: Context): Promise<Connection> {
    let called = false;
    const reset = async (conn: DriverConn): Promise<void> => {
      called = true;
      await conn.resetSession?.(ctx);
    };
    try {
      await connection.run(ctx, reset);
      connection.used = false;
    } catch (error) {
      // Unless the driver was never called, the state of the session is unknown: no other user may see it.
      this.release(connection, called ? errBadConn : undefined);
      if (endOf(ctx) !== undefined) throw explained(error, ctx);
      const message = "sql: the session of a connection could not be reset";
      throw new AggregateError([errBadConn, error], message, { cause: error });
    }
    return connection;
  }

  #takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined) return undefined;
      if (!this.#isTooOld(connection)) {
        connection.holder = "user";
        return connection;
      }
      this.#maxLifetimeClosed++;
      this.#discard(connection);
    }
  }

  /** Gives a connection to the first waiter, if there is one. */
  #hand(connection: Connection): boolean {
    const waiter = this.#waiting.queue.first;
    if (waiter === undefined) return false;
    serve(waiter, connection, true);
    return true;
  }

  /** Lets those who wait open connections, as many as there is room for. */
  #admit(): void {
    const { queue } = this.#waiting;
    while (queue.first !== undefined && this.#hasRoom()) {
      this.#open++;
      serve(queue.first, "open", true);
    }
  }

  /** Closes idle connections beyond the limit. */
  #trim(): void {
    const limit = this.#maxOpen > 0 ? Math.min(this.#maxIdle, this.#maxOpen) : this.#maxIdle;
    while (this.#idle.length > limit) {
      this.#maxIdleClosed++;
      this.#discard(this.#idle.pop() as Connection);
    }
  }

  #isTooOld(connection: Connection): boolean {
    return this.#maxLifetime > 0 && currentQueue().now() >= connection.openedAt + this.#maxLifetime;
  }

  /** Returns when an idle connection has to go. */
  #expiry(connection: Connection): number {
    return Math.min(
      this.#maxLifetime > 0 ? connection.openedAt + this.#maxLifetime : Infinity,
      this.#maxIdleTime > 0 ? connection.returnedAt + this.#maxIdleTime : Infinity,
    );
  }

  #watchAges(): void {
    const next = Math.min(...this.#idle.map((connection) => this.#expiry(connection)));
    if (next === Infinity) this.#cleaner.stop();
    else if (this.#cleaner.queue === undefined || this.#cleaner.when !== next)
      this.#cleaner.setAt(currentQueue(), next);
  }

  #closeExpired(): void {
    const now = currentQueue().now();
    for (const connection of this.#idle.filter((idle) => this.#expiry(idle) <= now)) {
      this.#idle.splice(this.#idle.indexOf(connection), 1);
      if (this.#isTooOld(connection)) this.#maxLifetimeClosed++;
      else this.#maxIdleTimeClosed++;
      this.#discard(connection);
    }
    this.#watchAges();
  }

  #discard(connection: Connection): void {
    // Best effort: nobody can act on a failed close.
    this.#shut(connection).catch(() => undefined);
  }

  async #shut(connection: Connection): Promise<void> {
    if (connection.holder === "nobody") throw new Error("sql: internal error: a connection was closed twice");
    connection.holder = "nobody";
    this.#shutting++;
    try {
      await connection.close();
    } finally {
      this.#shutting--;
      this.#leave();
    }
  }

  /** Gives up the place of a connection that is closed, or was not opened. */
  #leave(): void {
    if (this.#open - 1 < this.#idle.length) throw new Error("sql: internal error: a connection was counted twice");
    this.#open--;
    this.#admit();
    this.#closeConnectorIfLast();
  }

  async #close(): Promise<void> {
    this.#cleaner.stop();
    const { queue } = this.#waiting;
    while (queue.first !== undefined) serve(queue.first, errDBClosed, true);
    const closing = this.#idle.splice(0).map((connection) => this.#shut(connection));
    const results = await Promise.allSettled(closing);
    this.#closeConnectorIfLast();
    await this.#connectorClosed;
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : join(...failures);
  }

  #closeConnectorIfLast(): void {
    if (!this.#closed.begun || this.#open > 0 || this.#connectorClosed !== undefined) return;
    const closing = (async () => this.#connector.close?.())();
    closing.catch(() => undefined);
    this.#connectorClosed = closing;
  }
}

/** Rings when the oldest idle connection has to go. It does not keep the process alive. */
class Cleaner extends Alarm {
  readonly #clean: () => void;

  constructor(clean: () => void) {
    super();
    this.#clean = clean;
  }

  override ring(): void {
    this.#clean();
  }
}
