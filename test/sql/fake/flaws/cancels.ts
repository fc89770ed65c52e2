import { onEnd } from "gocsp/context";
import { StoppedError } from "gocsp/sql/driver";
import { turn } from "../../../support/settle.ts";
import type { FakeConn } from "../conn.ts";
import { conns, type Flaw, hangs, never, rows, type Spoil, txs, wrap } from "./flaw.ts";

const deadline = "stops a query at its deadline, and gives the engine's words as the cause";
const others = "stops only what it was asked to stop";
const next = "does the next query right after one was stopped";
const settles = "settles whenever its context ends, with its result or with that end, and hits nothing else";
const takesBack = "takes back transactions whose context ends at any moment";

const slow = [
  "stops a query when its context is canceled",
  "stops a prepared query when its context is canceled",
  "stops a statement without rows when its context is canceled",
  deadline,
  others,
  next,
  settles,
  takesBack,
  "loses no connection to many who give up at the same time",
];

/** Whoever has asked is told too early that the cancel has done what it can. */
const lateCancel: Spoil = conns((conn) =>
  wrap(conn, "kill", (kill) => async () => {
    await kill();
    void killAgain(conn);
  }),
);

async function killAgain(conn: FakeConn): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await turn();
    conn.running?.kill();
  }
}

/** Changes the error of what was stopped. */
function stopped(change: (error: StoppedError) => Error): Spoil {
  return conns((conn) =>
    wrap(conn, "interruptible", (interruptible) => async (ctx, run) => {
      try {
        return await interruptible(ctx, run);
      } catch (error) {
        throw error instanceof StoppedError ? change(error) : (error as Error);
      }
    }),
  );
}

export const cancelFlaws: readonly Flaw[] = [
  ...slow.map((check) => ({
    flaw: `it cannot stop anything: ${check}`,
    check,
    message: hangs,
    spoil: conns((conn) => void (conn.kill = async () => undefined)),
  })),
  {
    flaw: "it gives no cause",
    check: deadline,
    message: /must have the engine's as its cause/,
    spoil: conns((conn) =>
      wrap(conn, "interruptible", (interruptible) => async (ctx, run) => {
        try {
          return await interruptible(ctx, run);
        } catch (error) {
          throw ctx.err() ?? (error as Error);
        }
      }),
    ),
  },
  {
    flaw: "it keeps an eye on contexts for ever",
    check: "lets a context go when its statement is over",
    message: /when the context of an earlier one ended must be "runs"/,
    spoil: conns((conn) =>
      wrap(conn, "run", (run) => (ctx, text, args) => {
        onEnd(ctx, () => void conn.kill());
        return run(ctx, text, args);
      }),
    ),
  },
  {
    flaw: "it stops everything",
    check: others,
    message: /query on another connection must be "runs"/,
    spoil: conns((conn) => {
      conn.kill = async () => {
        for (const other of conn.fake.conns) other.running?.kill();
      };
    }),
  },
  ...[next, settles].flatMap((check) => [
    {
      flaw: `a late cancel hits the next query: ${check}`,
      check,
      message: /the statement was killed/,
      spoil: lateCancel,
    },
    {
      flaw: `it throws the engine's words only: ${check}`,
      check,
      message: /must throw the end/,
      spoil: stopped((error) => error.cause as Error),
    },
  ]),
  {
    flaw: "an INSERT that was stopped is a success",
    check: settles,
    message: /what an INSERT that returned has stored/,
    spoil: conns((conn) =>
      wrap(conn, "startExec", (startExec) => async (ctx, ...args) => {
        try {
          return await startExec(ctx, ...args);
        } catch (error) {
          if (ctx.err() !== undefined) return { rowsAffected: () => 1, lastInsertId: () => 1 };
          throw error;
        }
      }),
    ),
  },
  {
    flaw: "rollback after a cancel commits",
    check: takesBack,
    message: /number of rows of a transaction that was not committed/,
    spoil: txs((tx) => void (tx.rollback = () => tx.commit())),
  },
  {
    flaw: "rows of a context that has ended cannot be closed",
    check: "closes the rows when the context of a query ends, and the connection is free",
    message: hangs,
    spoil: rows((rows) => wrap(rows, "close", (close) => () => (rows.ctx.err() === undefined ? close() : never))),
  },
];
