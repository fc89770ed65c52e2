import { conns, type Flaw, never, onError, type Spoil, txs, wrap } from "./flaw.ts";
import type { FakeTx } from "../parts.ts";

const readOnly = "lets nobody write in a read-only transaction, or throws when it begins";
const rollbackCommits: Spoil = txs((tx) => void (tx.rollback = () => tx.commit()));

/** Spoils transactions in which something went wrong. */
function afterError(spoil: (tx: FakeTx, failed: () => boolean) => void): Spoil {
  return txs((tx) => {
    let failed = false;
    onError(tx.conn, () => (failed = true));
    spoil(tx, () => failed);
  });
}

const rollbackFails = afterError((tx, failed) =>
  wrap(tx, "rollback", (rollback) => async () => {
    await rollback();
    if (failed()) throw new Error("rollback of nothing");
  }),
);

export const transactionFlaws: readonly Flaw[] = [
  {
    flaw: "commit does nothing",
    check: "commits",
    message: /the number of rows that others see/,
    spoil: txs((tx) => void (tx.commit = () => tx.rollback())),
  },
  {
    flaw: "rollback commits",
    check: "rolls back",
    message: /the number of rows after the rollback must be 0/,
    spoil: rollbackCommits,
  },
  {
    flaw: "rollback fails after an error",
    check: "rolls back after a statement failed",
    message: /rollback of nothing/,
    spoil: rollbackFails,
  },
  {
    flaw: "rollback fails after a cancel",
    check: "rolls back after a statement was stopped",
    message: /rollback of nothing/,
    spoil: rollbackFails,
  },
  {
    flaw: "rollback hangs after rows were closed early",
    check: "rolls back after rows were closed early",
    message: /rollback hangs/,
    spoil: txs((tx) => {
      let queried = false;
      wrap(tx.conn, "startQuery", (startQuery) => (...args) => {
        queried = true;
        return startQuery(...args);
      });
      wrap(tx, "rollback", (rollback) => () => (queried ? never : rollback()));
    }),
  },
  {
    flaw: "commit after an error rolls back in silence",
    check: "does not say that it has committed if it has not",
    message: /after a commit that returned must be 1, got 0/,
    spoil: afterError((tx, failed) => wrap(tx, "commit", (commit) => () => (failed() ? tx.rollback() : commit()))),
  },
  {
    flaw: "others see what is not committed",
    check: "does not show to others what is not committed",
    message: /before the commit must be \[\]/,
    spoil: txs((tx) => void ((tx as { data: unknown }).data = tx.conn.fake.data)),
  },
  {
    flaw: "an unknown level costs the connection",
    check: "begins with each isolation level, or throws and can be used after it",
    message: /must be valid after begin/,
    spoil: conns((conn) =>
      wrap(conn, "begin", (begin) => (ctx, options) => {
        conn.valid &&= options.isolation === "Default";
        return begin(ctx, options);
      }),
    ),
  },
  {
    flaw: "read-only is overlooked",
    check: readOnly,
    message: /an INSERT in a read-only transaction must throw/,
    spoil: conns((conn) =>
      wrap(conn, "begin", (begin) => (ctx, options) => begin(ctx, { ...options, readOnly: false })),
    ),
  },
  {
    flaw: "read-only stays",
    check: readOnly,
    message: /the transaction is read-only/,
    spoil: conns((conn) => {
      let readOnly = false;
      wrap(conn, "begin", (begin) => (ctx, options) => {
        readOnly ||= options.readOnly;
        return begin(ctx, { ...options, readOnly });
      });
    }),
  },
  {
    flaw: "rollback by sql commits",
    check: "lets sql roll back when the context of a transaction ends",
    message: /the number of rows after the rollback must be 0/,
    spoil: rollbackCommits,
  },
];
