import { chan, context, errors, go } from "gocsp";
import * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

const refusal = new Error("sql: a function of raw would wait for itself: it must use the connection that it is given");

/** What a `Conn` and a `Tx` have in common, and what came from them. */
interface Used {
  readonly on: sql.Conn | sql.Tx;
  readonly statement: sql.Stmt;
  readonly rows: sql.Rows;
}

/** Everything that uses the connection, each by its name. */
function operations({ on, statement, rows }: Used, ctx: context.Context): Record<string, () => Promise<unknown>> {
  return {
    exec: () => on.execContext(ctx, "NOTHING"),
    query: () => on.queryContext(ctx, "SELECT 1"),
    queryRow: () => on.queryRowContext(ctx, "SELECT 1").scan(),
    prepare: () => on.prepareContext(ctx, "NOTHING"),
    "exec of a statement": () => statement.execContext(ctx),
    "query of a statement": () => statement.queryContext(ctx),
    "queryRow of a statement": () => statement.queryRowContext(ctx).scan(),
    raw: () => on.raw(ctx, () => 1),
    "raw without a context": () => on.raw(() => 1),
    "next of rows": () => rows.next(),
    "toArray of rows": () => rows.toArray(),
    "a loop over rows": async () => {
      for await (const _ of rows) expect.unreachable("no row can be read here");
    },
    "close of rows": () => rows.close(),
    "the end of a block with rows": async () => {
      await using _ = rows;
    },
  };
}

/** Those of a `Conn` that a `Tx` does not have, and the other way round. */
function ofConn(conn: sql.Conn, ctx: context.Context): Record<string, () => Promise<unknown>> {
  return {
    begin: () => conn.beginTx(ctx),
    ping: () => conn.pingContext(ctx),
    close: () => conn.close(),
    "the end of a block": async () => {
      await using _ = conn;
    },
  };
}

function ofTx(tx: sql.Tx): Record<string, () => Promise<unknown>> {
  return {
    commit: () => tx.commit(),
    rollback: () => tx.rollback(),
    "the end of a block": async () => {
      await using _ = tx;
    },
  };
}

describe("within raw", () => {
  const names = Object.keys({
    ...operations({} as Used, background),
    ...ofConn({} as sql.Conn, background),
  });
  test.each(names)("%s of the same Conn is refused, and the connection is as good as before", async (name) => {
    const { db } = openFake();
    await using conn = await db.conn(background);
    const statement = await conn.prepareContext(background, "NOTHING");
    const rows = await conn.queryContext(background, "SERIES 1");
    const operation = { ...operations({ on: conn, statement, rows }, background), ...ofConn(conn, background) }[name];
    expect(await conn.raw(background, async () => errorOf((operation as () => Promise<unknown>)()))).toEqual(refusal);
    await rows.close();
    expect((await statement.execContext(background)).rowsAffected()).toBe(0);
    expect(await conn.raw(() => 7)).toBe(7);
  });

  const ofTransactions = Object.keys({ ...operations({} as Used, background), ...ofTx({} as sql.Tx) });
  test.each(ofTransactions)("%s of the same Tx is refused, and can be done afterwards", async (name) => {
    const { db } = openFake();
    await using tx = await db.beginTx(background);
    const statement = await tx.prepareContext(background, "NOTHING");
    const rows = await tx.queryContext(background, "SERIES 1");
    const operation = { ...operations({ on: tx, statement, rows }, background), ...ofTx(tx) }[name];
    expect(await tx.raw(background, async () => errorOf((operation as () => Promise<unknown>)()))).toEqual(refusal);
    await tx.execContext(background, "NOTHING");
    await tx.commit();
  });

  test("a transaction of the Conn whose connection it is, is refused, and the Conn in raw of its transaction", async () => {
    const { db } = openFake();
    await using conn = await db.conn(background);
    const tx = await conn.beginTx(background);
    expect(await conn.raw(async () => errorOf(tx.execContext(background, "NOTHING")))).toEqual(refusal);
    expect(await conn.raw(async () => errorOf(tx.commit()))).toEqual(refusal);
    expect(await tx.raw(async () => errorOf(conn.execContext(background, "NOTHING")))).toEqual(refusal);
    await tx.commit();
  });

  test("others are used as always, also when one raw is within the other", async () => {
    const { db } = openFake();
    await using a = await db.conn(background);
    await using b = await db.conn(background);
    const seen = await a.raw(background, async (_, ctx) => {
      await db.execContext(ctx, "NOTHING");
      return b.raw(ctx, async () => [
        await errorOf(a.execContext(background, "NOTHING")),
        await errorOf(b.execContext(background, "NOTHING")),
        (await db.execContext(background, "NOTHING")).rowsAffected(),
      ]);
    });
    expect(seen).toEqual([refusal, refusal, 0]);
  });

  test("it is refused behind awaits and in goroutines that the function starts", async () => {
    const { db } = openFake();
    await using conn = await db.conn(background);
    const seen = await conn.raw(async () => {
      await settle();
      const told = chan<unknown>();
      go(async () => told.send(await errorOf(conn.pingContext(background))));
      return told.receive();
    });
    expect(seen).toEqual(refusal);
  });

  test("it is refused in a callback that is called from elsewhere, if it has the context of the function", async () => {
    const { db } = openFake();
    await using conn = await db.conn(background);
    let call: (() => Promise<unknown>) | undefined;
    const raw = follow(
      conn.raw(
        background,
        (_, ctx) =>
          new Promise<unknown>((resolve) => {
            call = async () => resolve(await errorOf(conn.pingContext(context.withCancel(ctx)[0])));
          }),
      ),
    );
    await settle();
    await call?.();
    await settle();
    expect(raw.value).toEqual(refusal);
  });

  test("it is refused also when nobody waits for the function any more, and waits no more when that is done", async () => {
    const { db } = openFake();
    await using conn = await db.conn(background);
    const [ctx, cancel] = context.withCancel(background);
    const [gate, later, told] = [chan<void>(), chan<void>(), chan<unknown>(2)];
    const raw = errorOf(
      conn.raw(ctx, async () => {
        await gate.receive();
        await told.send(await errorOf(conn.pingContext(background)));
        go(async () => {
          await later.receive();
          await conn.pingContext(background);
          await told.send("done");
        });
      }),
    );
    await settle();
    cancel();
    expect(errors.is(await raw, context.canceled)).toBe(true);
    gate.close();
    expect(await told.receive()).toEqual(refusal);
    await settle();
    later.close();
    expect(await told.receive()).toBe("done");
  });

  test("what was closed before is closed still", async () => {
    const { db } = openFake();
    await using conn = await db.conn(background);
    const tx = await conn.beginTx(background);
    const rows = await tx.queryContext(background, "SERIES 1");
    await rows.close();
    await tx.commit();
    await conn.raw(async () => {
      await rows.close();
      expect(await rows.next()).toBe(false);
      expect(await errorOf(tx.commit())).toBe(sql.errTxDone);
      expect(await errorOf(tx.execContext(background, "NOTHING"))).toBe(sql.errTxDone);
      await tx[Symbol.asyncDispose]();
    });
  });
});
