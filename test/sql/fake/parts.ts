/** What comes from a fake connection. */

import type { Context } from "gocsp/context";
import type * as driver from "gocsp/sql/driver";
import { turn } from "../../support/settle.ts";
import type { FakeConn } from "./conn.ts";
import { copy, type Data, type Output, parametersOf } from "./engine.ts";

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
