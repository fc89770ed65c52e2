/** A driver around any other, which fails in one call: the one with a given number, in one of several ways. */

import type { Context } from "gocsp/context";
import * as driver from "gocsp/sql/driver";

/** How a call fails: it throws at once, rejects, rejects when its work is done, or its context ends when it begins. */
export const ways = ["throws", "rejects", "rejects afterwards", "cancels"] as const;
export type Way = (typeof ways)[number];

/** What is thrown: an error that says nothing about the connection, or one that says that it is bad. */
export const kinds = ["plain", "bad"] as const;
export type Kind = (typeof kinds)[number];

export interface Fault {
  readonly at: number;
  readonly way: Way;
  readonly kind: Kind;
}

/** What is over even if it fails. */
interface Options<T> {
  readonly ends?: boolean;
  /** Undoes what was made, if nobody gets it. */
  readonly undo?: (made: T) => Promise<void>;
}

export class Faults implements driver.Connector {
  readonly #inner: driver.Connector;
  readonly #fault: Fault | undefined;
  readonly #cancel: () => void;
  /** What ends although the call has thrown. */
  #ending: Promise<unknown> | undefined;
  readonly injected: Error;
  readonly calls: string[] = [];
  close?: () => Promise<void>;

  constructor(inner: driver.Connector, fault: Fault | undefined, cancel: () => void) {
    this.#inner = inner;
    this.#fault = fault;
    this.#cancel = cancel;
    this.injected = new Error("injected", fault?.kind === "bad" ? { cause: driver.errBadConn } : undefined);
    const close = inner.close?.bind(inner);
    if (close !== undefined) this.close = () => this.call("connector.close", close, { ends: true });
  }

  connect(ctx: Context): Promise<driver.Conn> {
    return this.call("connect", async () => this.#conn(await this.#inner.connect(ctx)), {
      undo: (conn) => conn.close(),
    });
  }

  /** Does one call, or fails. Throws synchronously if that is how it fails. */
  call<T>(name: string, run: () => Promise<T>, options: Options<T> = {}): Promise<T> {
    const way = this.#wayOf(name);
    if (way === "throws") {
      if (options.ends === true) this.#ending = run();
      throw this.injected;
    }
    return this.#run(way, run, options);
  }

  /** Does a call that returns at once. */
  callNow<T>(name: string, run: () => T): T {
    const way = this.#wayOf(name);
    if (way !== undefined && way !== "cancels") throw this.injected;
    const result = run();
    if (way === "cancels") this.#cancel();
    return result;
  }

  #wayOf(name: string): Way | undefined {
    return this.calls.push(name) === this.#fault?.at ? this.#fault.way : undefined;
  }

  async #run<T>(way: Way | undefined, run: () => Promise<T>, { ends, undo }: Options<T>): Promise<T> {
    if (this.#ending !== undefined) await this.#ending;
    if (way === "rejects" && ends !== true) throw this.injected;
    const running = run();
    if (way === "cancels") this.#cancel();
    const result = await running;
    if (way === undefined || way === "cancels") return result;
    await undo?.(result);
    throw this.injected;
  }

  #conn(conn: driver.Conn): driver.Conn {
    const { query, exec, ping, resetSession, isValid, hold, checkNamedValue } = bound(conn);
    const wrapped: driver.Conn = {
      prepare: (ctx, text) =>
        this.call("prepare", async () => this.#stmt(await conn.prepare(ctx, text)), { undo: (stmt) => stmt.close() }),
      begin: (ctx, options) =>
        this.call("begin", async () => this.#tx(await conn.begin(ctx, options)), { undo: (tx) => tx.rollback() }),
      close: () => this.call("close", () => conn.close(), { ends: true }),
    };
    if (query !== undefined) {
      wrapped.query = (ctx, text, args) =>
        this.call("query", async () => this.#rows(await query(ctx, text, args)), { undo: (rows) => rows.close() });
    }
    if (exec !== undefined) wrapped.exec = (ctx, text, args) => this.call("exec", () => exec(ctx, text, args));
    if (ping !== undefined) wrapped.ping = (ctx) => this.call("ping", () => ping(ctx));
    if (resetSession !== undefined) wrapped.resetSession = (ctx) => this.call("resetSession", () => resetSession(ctx));
    if (isValid !== undefined) wrapped.isValid = () => this.callNow("isValid", isValid);
    if (hold !== undefined) wrapped.hold = (held) => this.callNow("hold", () => hold(held));
    if (checkNamedValue !== undefined) {
      wrapped.checkNamedValue = (arg) => this.callNow("checkNamedValue", () => checkNamedValue(arg));
    }
    return wrapped;
  }

  #stmt(stmt: driver.Stmt): driver.Stmt {
    return {
      numInput: stmt.numInput,
      query: (ctx, args) =>
        this.call("stmt.query", async () => this.#rows(await stmt.query(ctx, args)), { undo: (rows) => rows.close() }),
      exec: (ctx, args) => this.call("stmt.exec", () => stmt.exec(ctx, args)),
      close: () => this.call("stmt.close", () => stmt.close(), { ends: true }),
    };
  }

  #rows(rows: driver.Rows): driver.Rows {
    return {
      columns: rows.columns,
      next: () => this.call("rows.next", () => rows.next()),
      close: () => this.call("rows.close", () => rows.close(), { ends: true }),
    };
  }

  #tx(tx: driver.Tx): driver.Tx {
    return {
      commit: () => this.call("commit", () => tx.commit(), { ends: true }),
      rollback: () => this.call("rollback", () => tx.rollback(), { ends: true }),
    };
  }
}

type Bound = Pick<driver.Conn, "query" | "exec" | "ping" | "resetSession" | "isValid" | "hold" | "checkNamedValue">;

/** Returns the optional methods, which may be called without their object. */
function bound(conn: driver.Conn): { [Name in keyof Bound]: Bound[Name] } {
  const names = ["query", "exec", "ping", "resetSession", "isValid", "hold", "checkNamedValue"] as const;
  return Object.fromEntries(names.map((name) => [name, (conn[name] as (() => void) | undefined)?.bind(conn)]));
}
