/**
 * A driver for tests: every call of it can be seen, held up and made to fail, and it watches whether `sql` keeps what
 * `driver.ts` promises to drivers.
 */

import type { Context } from "gocsp/context";
import * as driver from "gocsp/sql/driver";
import { turn } from "../../support/settle.ts";
import { copy, type Data, execute, type Output, parametersOf } from "./engine.ts";

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

/** Says that a statement was killed. */
export class Killed extends driver.DriverError {
  constructor() {
    super("the statement was killed", "FAKE_KILLED");
  }
}

export class FakeConn implements driver.Conn {
  readonly fake: Fake;
  readonly id: number;
  busy: Method | undefined;
  closed = false;
  valid = true;
  held = true;
  readonly rows = new Set<FakeRows>();
  readonly statements = new Set<FakeStmt>();
  tx: FakeTx | undefined;
  /** What runs at the server for this connection. */
  running: { kill(): void } | undefined;
  query?: NonNullable<driver.Conn["query"]>;
  exec?: NonNullable<driver.Conn["exec"]>;
  ping?: NonNullable<driver.Conn["ping"]>;
  resetSession?: NonNullable<driver.Conn["resetSession"]>;
  isValid?: () => boolean;
  hold?: (held: boolean) => void;
  checkNamedValue?: NonNullable<driver.Conn["checkNamedValue"]>;

  constructor(fake: Fake, id: number) {
    this.fake = fake;
    this.id = id;
    fake.conns.push(this);
    fake.open.connections++;
    const { features } = fake;
    if (features.query) {
      this.query = (ctx, text, args) =>
        fake.call("query", this, ctx, text, () => this.startQuery(ctx, text, args, undefined));
    }
    if (features.exec) {
      this.exec = (ctx, text, args) => fake.call("exec", this, ctx, text, () => this.startExec(ctx, text, args));
    }
    if (features.ping) this.ping = (ctx) => fake.call("ping", this, ctx, "", () => undefined);
    if (features.resetSession) {
      this.resetSession = (ctx) =>
        fake.call("resetSession", this, ctx, "", () => {
          if (this.rows.size > 0) fake.breaches.push("resetSession with open rows");
          if (this.tx !== undefined) fake.breaches.push("resetSession in a transaction");
        });
    }
    this.checkNamedValue = ({ name }) => {
      if (name !== "" && !fake.names) throw new driver.DriverError("arguments have no names here", "FAKE_ARGUMENTS");
      return undefined;
    };
    if (features.isValid) this.isValid = () => this.valid;
    if (features.hold) this.hold = (held) => (this.held = held);
  }

  get data(): Data {
    return this.tx?.data ?? this.fake.data;
  }

  prepare(ctx: Context, text: string): Promise<driver.Stmt> {
    return this.fake.call("prepare", this, ctx, text, () => new FakeStmt(this, text));
  }

  begin(ctx: Context, options: driver.TxOptions): Promise<driver.Tx> {
    return this.fake.call("begin", this, ctx, "", () => {
      if (this.tx !== undefined) this.fake.breaches.push(`begin in a transaction on connection ${this.id}`);
      if (options.isolation !== "Default" && options.isolation !== "Serializable") {
        throw new driver.DriverError("sql: driver does not support non-default isolation level", "FAKE_OPTIONS");
      }
      return new FakeTx(this, options);
    });
  }

  close(): Promise<void> {
    return this.fake.call("close", this, undefined, "", () => {
      this.fake.open.connections--;
      this.closed = true;
      if (this.rows.size > 0) this.fake.breaches.push(`connection ${this.id} was closed before its rows`);
      if (this.statements.size > 0) this.fake.breaches.push(`connection ${this.id} was closed before its statements`);
      if (this.tx !== undefined) this.fake.breaches.push(`connection ${this.id} was closed before its transaction`);
    });
  }

  async startQuery(
    ctx: Context,
    text: string,
    args: readonly driver.NamedValue[],
    stmt: FakeStmt | undefined,
  ): Promise<FakeRows> {
    return new FakeRows(this, ctx, await this.run(ctx, text, args), stmt);
  }

  async startExec(ctx: Context, text: string, args: readonly driver.NamedValue[]): Promise<driver.Result> {
    const { affected, lastId } = await this.run(ctx, text, args);
    return { rowsAffected: () => affected, lastInsertId: () => lastId };
  }

  /** Runs a statement at the server, which can be killed there. */
  run(ctx: Context, text: string, args: readonly driver.NamedValue[]): Promise<Output> {
    return this.interruptible(ctx, () => this.atServer(text, args));
  }

  interruptible<T>(ctx: Context, run: () => Promise<T>): Promise<T> {
    return driver.interruptible(ctx, run, {
      cancel: () => this.kill(),
      wasStopped: (error) => error instanceof Killed,
      destroy: () => {
        this.valid = false;
        this.running?.kill();
      },
    });
  }

  /** Asks the server to kill what runs; it may find nothing. */
  async kill(): Promise<void> {
    for (let i = 0; i < this.fake.latency; i++) await turn();
    this.running?.kill();
  }

  async atServer(text: string, args: readonly driver.NamedValue[]): Promise<Output> {
    for (let i = 0; i < this.fake.latency; i++) await turn();
    const { promise, resolve, reject } = Promise.withResolvers<Output>();
    this.running = { kill: () => reject(new Killed()) };
    try {
      for (let i = 0; i < this.fake.latency; i++) await Promise.race([turn(), promise]);
      if (this.tx?.options.readOnly === true && /^(INSERT|UPDATE|DELETE)/i.test(text)) {
        throw new driver.DriverError("the transaction is read-only", "FAKE_READONLY");
      }
      const output = execute(this.data, text, args);
      if (!output.slow) resolve(output);
      return await promise;
    } finally {
      this.running = undefined;
    }
  }
}

export class FakeStmt implements driver.Stmt {
  readonly conn: FakeConn;
  readonly text: string;
  readonly numInput: number;
  closed = false;

  constructor(conn: FakeConn, text: string) {
    this.conn = conn;
    this.text = text;
    this.numInput = parametersOf(text);
    conn.statements.add(this);
    conn.fake.open.statements++;
  }

  query(ctx: Context, args: readonly driver.NamedValue[]): Promise<driver.Rows> {
    this.#check("query");
    return this.conn.fake.call("stmt.query", this.conn, ctx, this.text, () =>
      this.conn.startQuery(ctx, this.text, args, this),
    );
  }

  exec(ctx: Context, args: readonly driver.NamedValue[]): Promise<driver.Result> {
    this.#check("exec");
    return this.conn.fake.call("stmt.exec", this.conn, ctx, this.text, () => this.conn.startExec(ctx, this.text, args));
  }

  close(): Promise<void> {
    this.#check("close");
    return this.conn.fake.call("stmt.close", this.conn, undefined, this.text, () => {
      this.closed = true;
      this.conn.statements.delete(this);
      this.conn.fake.open.statements--;
      for (const { stmt } of this.conn.rows) {
        if (stmt === this) this.conn.fake.breaches.push(`the statement ${this.text} was closed before its rows`);
      }
    });
  }

  #check(method: string): void {
    if (this.closed) this.conn.fake.breaches.push(`${method} of the closed statement ${this.text}`);
  }
}

export class FakeRows implements driver.Rows {
  readonly conn: FakeConn;
  readonly ctx: Context;
  readonly stmt: FakeStmt | undefined;
  /** The transaction that they belong to. */
  readonly tx: FakeTx | undefined;
  readonly columns: readonly driver.Column[];
  readonly rows: Iterator<readonly unknown[]>;
  closed = false;

  constructor(conn: FakeConn, ctx: Context, output: Output, stmt: FakeStmt | undefined) {
    this.conn = conn;
    this.ctx = ctx;
    this.stmt = stmt;
    this.tx = conn.tx;
    this.columns = output.columns.map((name) => ({ name, databaseTypeName: "FAKE" }));
    this.rows = output.rows[Symbol.iterator]();
    conn.rows.add(this);
    conn.fake.open.rows++;
  }

  next(): Promise<readonly (readonly unknown[])[]> {
    if (this.closed) this.conn.fake.breaches.push("next of closed rows");
    return this.conn.fake.call("rows.next", this.conn, this.ctx, "", () => this.fetch());
  }

  async fetch(): Promise<readonly (readonly unknown[])[]> {
    for (let i = 0; i < this.conn.fake.latency; i++) await turn();
    const batch: (readonly unknown[])[] = [];
    while (batch.length < this.conn.fake.batch) {
      const step = this.rows.next();
      if (step.done === true) break;
      batch.push(step.value);
    }
    return batch;
  }

  close(): Promise<void> {
    if (this.closed) this.conn.fake.breaches.push("close of closed rows");
    return this.conn.fake.call("rows.close", this.conn, undefined, "", () => {
      this.closed = true;
      this.conn.rows.delete(this);
      this.conn.fake.open.rows--;
    });
  }
}

export class FakeTx implements driver.Tx {
  readonly conn: FakeConn;
  readonly options: driver.TxOptions;
  readonly data: Data;

  constructor(conn: FakeConn, options: driver.TxOptions) {
    this.conn = conn;
    this.options = options;
    this.data = copy(conn.fake.data);
    conn.tx = this;
    conn.fake.open.transactions++;
  }

  /** One that fails has rolled back. */
  async commit(): Promise<void> {
    let committed = false;
    try {
      await this.#end("commit", () => {
        committed = true;
        this.conn.fake.data = this.data;
      });
    } finally {
      if (!committed) this.#over();
    }
  }

  rollback(): Promise<void> {
    return this.#end("rollback", () => undefined);
  }

  #end(method: "commit" | "rollback", effect: () => void): Promise<void> {
    const { fake } = this.conn;
    return fake.call(method, this.conn, undefined, "", () => {
      if (this.conn.tx !== this) fake.breaches.push(`${method} of a transaction that is over`);
      for (const { tx } of this.conn.rows) {
        if (tx === this) fake.breaches.push(`${method} before the rows were closed`);
      }
      effect();
      this.#over();
    });
  }

  #over(): void {
    this.conn.tx = undefined;
    this.conn.fake.open.transactions--;
  }
}
