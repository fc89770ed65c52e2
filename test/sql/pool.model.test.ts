import { type Context, context } from "gocsp";
import * as sql from "gocsp/sql";
import { errBadConn } from "gocsp/sql/driver";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { settle } from "../support/settle.ts";
import { Fake } from "./fake/fake.ts";
import { background } from "./fake/open.ts";

expectNothingLeft();

const seed = Math.floor(Math.random() * 2 ** 31);
console.log(`pool model: seed ${seed}`);

type Command =
  | { readonly do: "acquire"; readonly how: "conn" | "tx" | "rows"; readonly context: number | undefined }
  | { readonly do: "release"; readonly which: number }
  | { readonly do: "exec"; readonly context: number | undefined }
  | { readonly do: "cancel"; readonly context: number }
  | { readonly do: "maxOpen"; readonly n: number }
  | { readonly do: "maxIdle"; readonly n: number }
  | { readonly do: "break"; readonly which: number }
  | { readonly do: "refuse" }
  | { readonly do: "ticks"; readonly n: number }
  | { readonly do: "settle" };

const which = fc.nat(20);
const ctx = fc.oneof(fc.constant(undefined), fc.nat(5));
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("acquire" as const),
      how: fc.constantFrom("conn" as const, "tx" as const, "rows" as const),
      context: ctx,
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("release" as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("exec" as const), context: ctx }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("cancel" as const), context: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("maxOpen" as const), n: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("maxIdle" as const), n: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("break" as const), which }) },
  { weight: 1, arbitrary: fc.constant({ do: "refuse" as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("ticks" as const), n: fc.nat(12) }) },
  { weight: 5, arbitrary: fc.constant({ do: "settle" as const }) },
);

const programs = fc.array(command, { minLength: 10, maxLength: 80, size: "max" });

/** Somebody who wants a connection. */
interface User {
  readonly number: number;
  readonly ctx: Context;
  readonly how: string;
  state: "waits" | "has" | "gave up" | "done";
  release?: () => Promise<unknown>;
}

class Run {
  readonly fake = new Fake();
  readonly db: sql.DB = sql.open(this.fake);
  readonly users: User[] = [];
  readonly contexts = Array.from({ length: 6 }, () => context.withCancel(background));
  maxOpen = 0;
  maxIdle = 2;
  /** The users in the order in which they got a connection. */
  readonly served: number[] = [];
  /** Whether something happened after which a user may have begun to wait anew. */
  retried = false;

  contextOf(i: number | undefined): Context {
    return i === undefined ? background : (this.contexts[i]?.[0] as Context);
  }

  do(command: Command): void {
    switch (command.do) {
      case "acquire":
        this.acquire(command.how, this.contextOf(command.context));
        break;
      case "release":
        this.release(command.which);
        break;
      case "exec":
        this.db.execContext(this.contextOf(command.context), "NOTHING").catch(() => undefined);
        break;
      case "cancel":
        this.contexts[command.context]?.[1]();
        break;
      case "maxOpen":
        this.db.setMaxOpenConns((this.maxOpen = command.n));
        break;
      case "maxIdle":
        this.db.setMaxIdleConns((this.maxIdle = command.n));
        break;
      case "break": {
        const conn = this.fake.conns[command.which % Math.max(this.fake.conns.length, 1)];
        if (conn !== undefined) conn.valid = false;
        break;
      }
      case "refuse":
        this.retried = true;
        this.fake.once("connect", () => Promise.reject(errBadConn));
        break;
      default:
        break;
    }
  }

  acquire(how: "conn" | "tx" | "rows", ctx: Context): void {
    const user: User = { number: this.users.length, ctx, how, state: "waits" };
    this.users.push(user);
    const get = async (): Promise<() => Promise<unknown>> => {
      if (how === "conn") {
        const conn = await this.db.conn(ctx);
        return () => conn.close();
      }
      if (how === "tx") {
        const tx = await this.db.beginTx(ctx);
        return () => tx.rollback();
      }
      const rows = await this.db.queryContext(ctx, "SERIES 100");
      return () => rows.close();
    };
    get().then(
      (release) => {
        user.state = "has";
        user.release = release;
        this.served.push(user.number);
      },
      () => (user.state = "gave up"),
    );
  }

  release(which: number): void {
    const holders = this.users.filter(({ state }) => state === "has");
    const user = holders[which % Math.max(holders.length, 1)];
    if (user === undefined) return;
    user.state = "done";
    user.release?.().catch(() => undefined);
  }

  /** Those who hold a connection: transactions and rows give it back when their context ends. */
  holders(): User[] {
    return this.users.filter(({ state, ctx, how }) => state === "has" && (how === "conn" || ctx.err() === undefined));
  }

  /** What holds at every moment. */
  always(): void {
    const { openConnections, inUse, idle, waitCount } = this.db.stats();
    expect(inUse + idle).toBe(openConnections);
    expect([openConnections >= 0, inUse >= 0, idle >= 0, waitCount >= 0]).toEqual([true, true, true, true]);
    expect(this.fake.open.connections).toBeLessThanOrEqual(openConnections);
    expect(this.fake.breaches).toEqual([]);
  }

  /** What holds when everything that can go on has. */
  atRest(): void {
    const { openConnections, inUse, idle, maxOpenConnections } = this.db.stats();
    const waiting = this.users.filter(({ state }) => state === "waits");
    expect([maxOpenConnections, this.fake.open.connections]).toEqual([this.maxOpen, openConnections]);
    expect(inUse, "connections in use").toBe(this.holders().length);
    expect(idle, "idle ones").toBeLessThanOrEqual(
      this.maxOpen > 0 ? Math.min(this.maxIdle, this.maxOpen) : this.maxIdle,
    );
    if (waiting.length > 0) {
      expect(this.maxOpen, "nobody waits without a limit").toBeGreaterThan(0);
      expect(openConnections, "nobody waits while there is room").toBeGreaterThanOrEqual(this.maxOpen);
      expect(idle, "nobody waits while a connection is idle").toBe(0);
    }
    for (const { ctx } of waiting) expect(ctx.err(), "nobody waits whose context has ended").toBeUndefined();
  }

  /** Those who waited got their connections in the order of arrival, as far as they could be compared. */
  inOrder(): void {
    if (this.retried) return;
    const waiting = this.users.filter(({ state }) => state === "waits").map(({ number }) => number);
    const last = Math.max(-1, ...this.served);
    for (const number of waiting) expect(last, `user ${number} waits, but a later one was served`).toBeLessThan(number);
  }

  /** Waits until everything that can go on has, at the server too. */
  async rest(): Promise<void> {
    for (let i = 0; i <= 6 * this.fake.latency; i++) await settle();
  }

  async end(): Promise<void> {
    for (const [, cancel] of this.contexts) cancel();
    this.db.setMaxOpenConns(0);
    for (let i = 0; i < 3; i++) {
      await this.rest();
      for (const user of this.users) {
        if (user.state !== "has") continue;
        user.state = "done";
        user.release?.().catch(() => undefined);
      }
    }
    await this.rest();
    expect(this.users.filter(({ state }) => state === "waits")).toEqual([]);
    expect(this.db.stats().inUse).toBe(0);
    // A connection that cannot be opened is none of these.
    this.fake.script = undefined;
    this.db.setMaxOpenConns(2);
    const both = await Promise.all([this.db.conn(background), this.db.conn(background)]);
    for (const conn of both) await conn.close();
    await this.db.close();
    await this.rest();
    expect([this.fake.open, this.db.stats().openConnections, this.fake.breaches]).toEqual([
      { connections: 0, statements: 0, rows: 0, transactions: 0 },
      0,
      [],
    ]);
  }
}

test("any program keeps the numbers right, the limits, and the order of those who wait", async () => {
  let commands = 0;
  let users = 0;
  let waits = 0;
  await fc.assert(
    fc.asyncProperty(programs, fc.nat(3), fc.boolean(), async (program, maxOpen, slow) => {
      const run = new Run();
      run.do({ do: "maxOpen", n: maxOpen });
      if (slow) run.fake.latency = 1;
      for (const command of program) {
        commands++;
        run.do(command);
        if (command.do === "ticks") for (let i = 0; i < command.n; i++) await undefined;
        run.always();
        if (command.do !== "settle") continue;
        await run.rest();
        run.always();
        run.atRest();
        run.inOrder();
      }
      await run.rest();
      run.atRest();
      users += run.users.length;
      waits += run.db.stats().waitCount;
      await run.end();
    }),
    { seed, numRuns: 1500 },
  );
  console.log(`pool model: ${commands} commands, ${users} users, ${waits} waits`);
});
