/** How a fake driver is made wrong in one way, to show that the checks of drivertest find it. */

import type { NamedValue } from "gocsp/sql/driver";
import type { FakeConn } from "../conn.ts";
import type { Fake } from "../fake.ts";
import type { FakeRows, FakeStmt, FakeTx } from "../parts.ts";

export type Spoil = (fake: Fake) => void;

export interface Flaw {
  readonly flaw: string;
  /** The check that must find it, and what it must say. */
  readonly check: string;
  readonly message: RegExp;
  readonly spoil: Spoil;
}

export const never: Promise<never> = new Promise<never>(() => undefined);

/** What a check says of a hang. */
export const hangs = /hangs: it has not settled after \d+ ms/;

type Method<O, Name extends keyof O> = O[Name] & ((...args: never[]) => unknown);

/** Replaces a method; the function gets the one that was there. */
export function wrap<O extends object, Name extends keyof O>(
  object: O,
  name: Name,
  make: (before: Method<O, Name>) => O[Name],
): void {
  const before = object[name] as Method<O, Name>;
  object[name] = make(before.bind(object) as Method<O, Name>);
}

/** Spoils every connection. */
export function conns(spoil: (conn: FakeConn) => void): Spoil {
  return (fake) =>
    wrap(fake, "connect", (connect) => async (ctx) => {
      const conn = (await connect(ctx)) as FakeConn;
      spoil(conn);
      return conn;
    });
}

/** Spoils every result. */
export function rows(spoil: (rows: FakeRows) => void): Spoil {
  return conns((conn) =>
    wrap(conn, "startQuery", (startQuery) => async (...args) => {
      const rows = await startQuery(...args);
      spoil(rows);
      return rows;
    }),
  );
}

/** Spoils every transaction. */
export function txs(spoil: (tx: FakeTx) => void): Spoil {
  return conns((conn) =>
    wrap(conn, "begin", (begin) => async (ctx, options) => {
      const tx = (await begin(ctx, options)) as FakeTx;
      spoil(tx);
      return tx;
    }),
  );
}

/** Spoils every prepared statement. */
export function stmts(spoil: (stmt: FakeStmt) => void): Spoil {
  return conns((conn) =>
    wrap(conn, "prepare", (prepare) => async (ctx, text) => {
      const stmt = (await prepare(ctx, text)) as FakeStmt;
      spoil(stmt);
      return stmt;
    }),
  );
}

/** Changes what queries yield, value by value. */
export function values(change: (value: unknown) => unknown): Spoil {
  return rows((rows) =>
    wrap(rows, "fetch", (fetch) => async () => (await fetch()).map((row) => row.map((value) => change(value)))),
  );
}

/** Changes the arguments before the engine sees them. */
export function args(change: (args: readonly NamedValue[], text: string) => readonly NamedValue[]): Spoil {
  return conns((conn) => wrap(conn, "run", (run) => (ctx, text, args) => run(ctx, text, change(args, text))));
}

type Output = ReturnType<FakeConn["atServer"]>;

/** Makes the engine do something else. */
export function engine(does: (text: string, run: () => Output, conn: FakeConn) => unknown): Spoil {
  return conns((conn) =>
    wrap(
      conn,
      "atServer",
      (atServer) => async (text, args) => (await does(text, () => atServer(text, args), conn)) as Awaited<Output>,
    ),
  );
}

/** Runs something when the engine has failed. */
export function onError(conn: FakeConn, does: () => void): void {
  wrap(conn, "atServer", (atServer) => async (text, args) => {
    try {
      return await atServer(text, args);
    } catch (error) {
      does();
      throw error;
    }
  });
}

/** What a statement yields that does nothing. */
export const nothing = { columns: ["n"], rows: [], affected: 0, lastId: 0, slow: false };
