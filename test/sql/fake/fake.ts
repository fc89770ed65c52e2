/**
 * A driver for tests: every call of it can be seen, held up and made to fail, and it watches whether `sql` keeps what
 * `driver.ts` promises to drivers.
 */

import type { Context } from "gocsp/context";
import type * as driver from "gocsp/sql/driver";
import { FakeConn } from "./conn.ts";
import type { Data } from "./engine.ts";

export type Method =
  | "connect"
  | "connector.close"
  | "prepare"
  | "query"
  | "exec"
  | "begin"
  | "close"
  | "ping"
  | "resetSession"
  | "stmt.query"
  | "stmt.exec"
  | "stmt.close"
  | "rows.next"
  | "rows.close"
  | "commit"
  | "rollback";

/** A call of the driver. */
export interface Call {
  readonly method: Method;
  /** The connection's number, from 1; 0 for the connector. */
  readonly conn: number;
  readonly ctx: Context | undefined;
  readonly text: string;
}

/** What a test does in a call before the driver does its part: throw, or return a promise, at which the call waits. */
export type Script = (call: Call) => unknown;

/** What the driver can do. */
export interface Features {
  readonly query: boolean;
  readonly exec: boolean;
  readonly ping: boolean;
  readonly resetSession: boolean;
  readonly isValid: boolean;
  readonly hold: boolean;
  readonly close: boolean;
}

const allFeatures: Features = {
  query: true,
  exec: true,
  ping: true,
  resetSession: true,
  isValid: true,
  hold: true,
  close: true,
};

export class Fake implements driver.Connector {
  readonly features: Features;
  /** What is open now. */
  readonly open = { connections: 0, statements: 0, rows: 0, transactions: 0 };
  /** What `sql` did that it promised not to do. */
  readonly breaches: string[] = [];
  readonly log: Call[] = [];
  readonly conns: FakeConn[] = [];
  data: Data = new Map();
  /** How many turns of the event loop a statement takes. */
  latency = 0;
  /** How many rows come at once. */
  batch = 3;
  /** Whether arguments may go by their names. */
  names = true;
  script: Script | undefined;
  close?: () => Promise<void>;
  closed = false;

  constructor(features: Partial<Features> = {}) {
    this.features = { ...allFeatures, ...features };
    if (!this.features.close) return;
    this.close = () =>
      this.call("connector.close", undefined, undefined, "", () => {
        this.closed = true;
        if (this.open.connections > 0) this.breaches.push("the connector was closed before its connections");
      });
  }

  /** Does something in each call of a method from now on. */
  on(method: Method, does: Script): void {
    const others = this.script;
    this.script = (call) => (call.method === method ? does(call) : others?.(call));
  }

  /** Does something in the next call of a method. */
  once(method: Method, does: Script): void {
    let done = false;
    const others = this.script;
    this.script = (call) => {
      if (call.method !== method || done) return others?.(call);
      done = true;
      return does(call);
    };
  }

  /** Returns the methods that were called, with their texts, as `query SLOW`. */
  calls(...methods: Method[]): string[] {
    return this.log
      .filter(({ method }) => methods.length === 0 || methods.includes(method))
      .map(({ method, text }) => (text === "" ? method : `${method} ${text}`));
  }

  connect(ctx: Context): Promise<driver.Conn> {
    return this.call("connect", undefined, ctx, "", () => new FakeConn(this, this.conns.length + 1));
  }

  /** Does what every call does. Throws synchronously if the script does. */
  call<T>(
    method: Method,
    conn: FakeConn | undefined,
    ctx: Context | undefined,
    text: string,
    effect: () => T | Promise<T>,
  ): Promise<T> {
    const call: Call = { method, conn: conn?.id ?? 0, ctx, text };
    this.log.push(call);
    const where = `${method} ${text} on connection ${call.conn}`;
    if ((ctx?.err() ?? undefined) !== undefined) this.breaches.push(`${where}: the context has ended`);
    if (this.closed && conn === undefined) this.breaches.push(`${where}: the connector is closed`);
    if (conn?.closed === true) this.breaches.push(`${where}: the connection is closed`);
    if (conn?.busy !== undefined) this.breaches.push(`${where}: called during ${conn.busy}`);
    if (conn !== undefined) conn.busy = method;
    try {
      return this.#run(call, conn, this.script?.(call), effect);
    } catch (error) {
      if (conn !== undefined) conn.busy = undefined;
      if (ends.has(method)) void effect();
      throw error;
    }
  }

  async #run<T>(call: Call, conn: FakeConn | undefined, before: unknown, effect: () => T | Promise<T>): Promise<T> {
    let done: Promise<T> | undefined;
    const run = async (): Promise<T> => effect();
    try {
      await before;
      done = run();
      return await done;
    } catch (error) {
      if (done === undefined && ends.has(call.method)) await run();
      throw error;
    } finally {
      if (conn !== undefined && conn.busy === call.method) conn.busy = undefined;
    }
  }
}

/** What is over afterwards, even if it fails. */
const ends: ReadonlySet<Method> = new Set(["connector.close", "close", "stmt.close", "rows.close", "rollback"]);
