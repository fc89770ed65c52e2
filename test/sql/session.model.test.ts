import { type Context, context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { errBadConn } from "gocsp/sql/driver";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { settle } from "../support/settle.ts";
import { Fake, type Method } from "./fake/fake.ts";
import { background } from "./fake/open.ts";

expectNothingLeft();

const seed = Math.floor(Math.random() * 2 ** 31);
console.log(`session model: seed ${seed}`);

type Querier = sql.DB | sql.Conn | sql.Tx;

const actions = [
  "conn",
  "begin",
  "query",
  "exec",
  "slow",
  "prepare",
  "row",
  "next",
  "closeRows",
  "stmtQuery",
  "stmtExec",
  "closeStmt",
  "commit",
  "rollback",
  "closeConn",
  "ping",
  "cancel",
] as const;

interface Command {
  readonly do: (typeof actions)[number];
  /** On which of those that are there. */
  readonly on: number;
  readonly context: number | undefined;
  /** What happens before the next one: some microtasks, or everything. */
  readonly pause: number | "settle";
}

interface Trouble {
  readonly method: Method;
  /** Which of its calls. */
  readonly at: number;
  readonly bad: boolean;
  readonly throws: boolean;
}

const command: fc.Arbitrary<Command> = fc.record({
  do: fc.constantFrom(...actions),
  on: fc.nat(30),
  context: fc.oneof(fc.constant(undefined), fc.nat(3)),
  pause: fc.oneof(
    { weight: 5, arbitrary: fc.nat(8) },
    { weight: 1, arbitrary: fc.constant("settle" as const) },
    { weight: 3, arbitrary: fc.constant(0) },
  ),
});

const methods = [
  "connect",
  "prepare",
  "query",
  "exec",
  "begin",
  "close",
  "ping",
  "resetSession",
  "stmt.query",
  "stmt.exec",
  "stmt.close",
  "rows.next",
  "rows.close",
  "commit",
  "rollback",
] as const;

const trouble: fc.Arbitrary<Trouble> = fc.record({
  method: fc.constantFrom(...methods),
  at: fc.integer({ min: 1, max: 4 }),
  bad: fc.boolean(),
  throws: fc.boolean(),
});

const injected = new Error("injected");
const injectedBad = new Error("injected", { cause: errBadConn });
const known = [injected, injectedBad, sql.errTxDone, sql.errConnDone, context.canceled];

class Run {
  readonly fake: Fake;
  readonly db: sql.DB;
  readonly contexts = Array.from({ length: 4 }, () => context.withCancel(background));
  readonly conns: sql.Conn[] = [];
  readonly txs: sql.Tx[] = [];
  readonly rows: sql.Rows[] = [];
  readonly statements: sql.Stmt[] = [];
  /** The connections on which a transaction was begun. */
  readonly began = new Set<sql.Conn>();
  /** What has run statements. */
  readonly used = new Set<Querier>();
  readonly wrong: unknown[] = [];
  pending = 0;
  ids = 0;

  constructor(canQuery: boolean, knowsState: boolean, troubles: readonly Trouble[]) {
    this.fake = new Fake({ query: canQuery, exec: canQuery, resetSession: knowsState, isValid: knowsState });
    this.fake.data.set("t", new Map());
    const calls = new Map<Method, number>();
    this.fake.script = ({ method }) => {
      const n = (calls.get(method) ?? 0) + 1;
      calls.set(method, n);
      const found = troubles.find((trouble) => trouble.method === method && trouble.at === n);
      if (found === undefined) return undefined;
      const error = found.bad ? injectedBad : injected;
      if (found.throws) throw error;
      return Promise.reject(error);
    };
    this.db = sql.open(this.fake);
    this.db.setMaxOpenConns(3);
  }

  /** Follows an operation, which may fail for known reasons only. */
  follow<T>(operation: Promise<T>, got?: (result: T) => unknown): void {
    this.pending++;
    operation.then(
      (result) => {
        this.pending--;
        got?.(result);
      },
      (error: unknown) => {
        this.pending--;
        const expected = known.some((one) => errors.is(error, one)) || /statement is closed/.test(String(error));
        if (!expected) this.wrong.push(error);
      },
    );
  }

  do({ do: action, on, context: index }: Command): void {
    const ctx: Context = index === undefined ? background : (this.contexts[index]?.[0] as Context);
    // What a connection does by itself, and what a transaction on it does, are not told apart by the driver: a program
    // that mixes them gets what it deserves.
    const queriers: Querier[] = [this.db, ...this.conns.filter((conn) => !this.began.has(conn)), ...this.txs];
    const querier = queriers[on % queriers.length] as Querier;
    const rows = this.rows[on % Math.max(this.rows.length, 1)];
    const statement = this.statements[on % Math.max(this.statements.length, 1)];
    const tx = this.txs[on % Math.max(this.txs.length, 1)];
    const conn = this.conns[on % Math.max(this.conns.length, 1)];
    if (["query", "exec", "slow", "prepare", "row"].includes(action)) this.used.add(querier);
    switch (action) {
      case "conn":
        if (this.conns.length < 3) this.follow(this.db.conn(ctx), (got) => this.conns.push(got));
        break;
      case "begin":
        this.begin(ctx, on);
        break;
      case "query":
        this.follow(querier.queryContext(ctx, "SERIES 10"), (got) => this.rows.push(got));
        break;
      case "exec":
        this.follow(querier.execContext(ctx, "INSERT INTO t (id, value) VALUES (?, ?)", ++this.ids, "x"));
        break;
      case "slow":
        if (index !== undefined) this.follow(querier.execContext(ctx, "SLOW"));
        break;
      case "prepare":
        this.follow(querier.prepareContext(ctx, "SERIES 5"), (got) => this.statements.push(got));
        break;
      case "row":
        this.follow(querier.queryRowContext(ctx, "SELECT ?", on).scan());
        break;
      case "next":
        if (rows !== undefined) this.follow(rows.next());
        break;
      case "closeRows":
        if (rows !== undefined) this.follow(rows.close());
        break;
      case "stmtQuery":
        if (statement !== undefined) this.follow(statement.queryContext(ctx), (got) => this.rows.push(got));
        break;
      case "stmtExec":
        if (statement !== undefined) this.follow(statement.execContext(ctx));
        break;
      case "closeStmt":
        if (statement !== undefined) this.follow(statement.close());
        break;
      case "commit":
        if (tx !== undefined) this.follow(tx.commit());
        break;
      case "rollback":
        if (tx !== undefined) this.follow(tx.rollback());
        break;
      case "closeConn":
        if (conn !== undefined) this.follow(conn.close());
        break;
      case "ping":
        this.follow(querier === this.db ? this.db.pingContext(ctx) : this.db.pingContext(background));
        break;
      default:
        this.contexts[on % 4]?.[1]();
    }
  }

  begin(ctx: Context, on: number): void {
    const begun = (tx: sql.Tx): unknown => this.txs.push(tx);
    const conn = this.conns[on % (this.conns.length + 1)];
    if (conn === undefined) return this.follow(this.db.beginTx(ctx), begun);
    if (this.began.has(conn) || this.used.has(conn)) return;
    this.began.add(conn);
    this.follow(conn.beginTx(ctx), begun);
  }

  async end(): Promise<void> {
    for (const [, cancel] of this.contexts) cancel();
    for (let i = 0; i < 4; i++) {
      await settle();
      for (const rows of this.rows.splice(0)) this.follow(rows.close());
      for (const tx of this.txs.splice(0)) this.follow(tx[Symbol.asyncDispose]());
      for (const conn of this.conns.splice(0)) this.follow(conn[Symbol.asyncDispose]());
      for (const statement of this.statements.splice(0)) this.follow(statement.close());
    }
    await settle();
    expect(this.pending, "operations that hang").toBe(0);
    expect(this.db.stats().inUse, "connections in use").toBe(0);
    this.fake.script = undefined;
    expect(await this.db.queryRowContext(background, "SELECT 7").scan()).toEqual([7]);
    await this.db.close();
    await settle();
    expect(this.wrong, "errors that nobody expects").toEqual([]);
    expect(this.fake.breaches, "broken promises").toEqual([]);
    expect(this.fake.open).toEqual({ connections: 0, statements: 0, rows: 0, transactions: 0 });
  }
}

test("whatever is done in whatever order, the driver sees what it was promised, and nothing is left", async () => {
  let commands = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 5, maxLength: 50, size: "max" }),
      fc.array(trouble, { maxLength: 3, size: "max" }),
      fc.boolean(),
      fc.boolean(),
      async (program, troubles, canQuery, knowsState) => {
        const run = new Run(canQuery, knowsState, troubles);
        for (const command of program) {
          commands++;
          run.do(command);
          if (command.pause === "settle") await settle();
          else for (let i = 0; i < command.pause; i++) await undefined;
        }
        await run.end();
      },
    ),
    { seed, numRuns: 1500 },
  );
  console.log(`session model: ${commands} commands`);
});
