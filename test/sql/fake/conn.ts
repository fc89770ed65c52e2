import type { Context } from "gocsp/context";
import * as driver from "gocsp/sql/driver";
import { turn } from "../../support/settle.ts";
import { type Data, execute, type Output } from "./engine.ts";
import type { Fake, Method } from "./fake.ts";
import { FakeRows, FakeStmt, FakeTx } from "./parts.ts";

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
