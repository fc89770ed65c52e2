import { turn } from "../../../support/settle.ts";
import { conns, type Flaw, hangs, never, onError, rows, wrap } from "./flaw.ts";

const begins = "connects, answers a ping and closes";
const givesUp = "gives up connecting when the context ends, or connects";
const closing = /close of a connection hangs/;

export const connectionFlaws: readonly Flaw[] = [
  { flaw: "connect hangs", check: begins, message: hangs, spoil: (fake) => void (fake.connect = () => never) },
  {
    flaw: "ping fails",
    check: begins,
    message: /nobody there/,
    spoil: conns((conn) => void (conn.ping = () => Promise.reject(new Error("nobody there")))),
  },
  {
    flaw: "it is never valid",
    check: begins,
    message: /must be valid/,
    spoil: conns((conn) => void (conn.isValid = () => false)),
  },
  {
    flaw: "connecting ends with another error",
    check: givesUp,
    message: /must throw the end of the context/,
    spoil: (fake) =>
      wrap(fake, "connect", (connect) => async (ctx) => {
        await turn();
        if (ctx.err() !== undefined) throw new Error("oops");
        return connect(ctx);
      }),
  },
  {
    flaw: "connecting never gives up",
    check: givesUp,
    message: hangs,
    spoil: (fake) =>
      wrap(fake, "connect", (connect) => async (ctx) => {
        await turn();
        return ctx.err() === undefined ? connect(ctx) : never;
      }),
  },
  ...["when nothing was done with it", "after a query"].map((state) => ({
    flaw: `close hangs ${state}`,
    check: `closes a connection ${state}`,
    message: closing,
    spoil: conns((conn) => void (conn.close = () => never)),
  })),
  {
    flaw: "close fails after an error",
    check: "closes a connection after an error",
    message: /half closed/,
    spoil: conns((conn) => {
      let failed = false;
      onError(conn, () => (failed = true));
      wrap(conn, "close", (close) => async () => {
        await close();
        if (failed) throw new Error("half closed");
      });
    }),
  },
  {
    flaw: "close waits for the rows",
    check: "closes a connection with open rows",
    message: closing,
    spoil: conns((conn) => wrap(conn, "close", (close) => () => (conn.rows.size > 0 ? never : close()))),
  },
  {
    flaw: "close waits for the statements",
    check: "closes a connection with a prepared statement",
    message: closing,
    spoil: conns((conn) => wrap(conn, "close", (close) => () => (conn.statements.size > 0 ? never : close()))),
  },
  {
    flaw: "close waits for the transaction",
    check: "closes a connection in a transaction",
    message: closing,
    spoil: conns((conn) => wrap(conn, "close", (close) => () => (conn.tx === undefined ? close() : never))),
  },
  {
    flaw: "close hangs after a cancel",
    check: "closes a connection after a statement was stopped",
    message: closing,
    spoil: conns((conn) => {
      let killed = false;
      wrap(conn, "kill", (kill) => () => {
        killed = true;
        return kill();
      });
      wrap(conn, "close", (close) => () => (killed ? never : close()));
    }),
  },
  {
    flaw: "close commits",
    check: "takes back what a transaction did whose connection is closed",
    message: /number of rows must be 0, got 1/,
    spoil: conns((conn) =>
      wrap(conn, "close", (close) => async () => {
        if (conn.tx !== undefined) conn.fake.data = conn.tx.data;
        await close();
      }),
    ),
  },
  {
    flaw: "it cannot reset a session",
    check: "resets a session for the next user",
    message: /cannot reset/,
    spoil: conns((conn) => void (conn.resetSession = () => Promise.reject(new Error("cannot reset")))),
  },
  {
    flaw: "it promises to say whether a session must be reset",
    check: "resets a session for the next user",
    message: /needsReset must answer with true or false/,
    spoil: conns((conn) => void Object.assign(conn, { needsReset: async () => false })),
  },
  {
    flaw: "it says that a session is as it was at first, which it is not",
    check: "resets a session for the next user",
    message: /must be valid for its next user/,
    spoil: conns((conn) => {
      let isDirty = false;
      wrap(conn, "run", (run) => (...args) => {
        isDirty = true;
        return run(...args);
      });
      Object.assign(conn, { needsReset: () => false, isValid: () => !isDirty });
    }),
  },
  {
    flaw: "it works only while it is held",
    check: "may be held and let go at any time",
    message: /not held/,
    spoil: conns((conn) =>
      wrap(conn, "run", (run) => async (...args) => {
        if (!conn.held) throw new Error("not held");
        return run(...args);
      }),
    ),
  },
  {
    flaw: "connections share their answers",
    check: "gives each of many connections its own answers",
    message: /the queries that went wrong must be \[\]/,
    spoil: (fake) => {
      let last: readonly (readonly unknown[])[] = [];
      rows((rows) =>
        wrap(rows, "fetch", (fetch) => async () => {
          const batch = await fetch();
          if (typeof batch[0]?.[0] !== "string") return batch;
          last = batch;
          await turn();
          return last;
        }),
      )(fake);
    },
  },
  {
    flaw: "its connector never closes",
    check: "gives the whole database back when it is closed",
    message: /close of the database hangs/,
    spoil: (fake) => void (fake.close = () => never),
  },
];
