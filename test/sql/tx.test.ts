import { chan, context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, isStopped, openFake } from "./fake/open.ts";

expectAllClosed();

const insert = "INSERT INTO t (id, value) VALUES (?, ?)";

describe("transactions", () => {
  test("commit", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    await tx.execContext(background, insert, 1, "x");
    expect(fake.data.get("t")?.size).toBe(0);
    await tx.commit();
    expect([fake.data.get("t")?.size, db.stats().inUse]).toEqual([1, 0]);
  });

  test("roll back", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    await tx.execContext(background, insert, 1, "x");
    await tx.rollback();
    expect([fake.data.get("t")?.size, db.stats().inUse]).toEqual([0, 0]);
  });

  test("roll back at the end of an await using block, unless they were committed", async () => {
    const { fake, db } = openFake();
    {
      await using tx = await db.beginTx(background);
      await tx.execContext(background, insert, 1, "lost");
    }
    {
      await using tx = await db.beginTx(background);
      await tx.execContext(background, insert, 2, "kept");
      await tx.commit();
    }
    expect([...(fake.data.get("t") ?? [])]).toEqual([[2, "kept"]]);
    expect(fake.calls("commit", "rollback")).toEqual(["rollback", "commit"]);
  });

  test("roll back when an await using block throws", async () => {
    const { fake, db } = openFake();
    const work = async (): Promise<void> => {
      await using tx = await db.beginTx(background);
      await tx.execContext(background, insert, 1, "lost");
      await tx.execContext(background, "SELEKT");
    };
    expect(await errorOf(work())).toMatchObject({ code: "FAKE_SYNTAX" });
    expect(fake.data.get("t")?.size).toBe(0);
  });

  test("roll back by themselves, once, when their context ends [Q14]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const tx = await db.beginTx(ctx);
    await tx.execContext(background, insert, 1, "x");
    cancel();
    await settle();
    expect([fake.calls("rollback", "commit"), fake.data.get("t")?.size, db.stats().inUse]).toEqual([
      ["rollback"],
      0,
      0,
    ]);
    expect(await errorOf(tx.rollback())).toBe(sql.errTxDone);
    expect(fake.calls("rollback")).toEqual(["rollback"]);
  });

  test("do not roll back when their context ends after the commit [Q14]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const tx = await db.beginTx(ctx);
    await tx.commit();
    cancel();
    await settle();
    expect(fake.calls("rollback", "commit")).toEqual(["commit"]);
  });

  test("that are committed while their context ends are committed or rolled back, never both [Q14]", async () => {
    for (let ticks = 0; ticks < 15; ticks++) {
      const { fake, db } = openFake();
      const [ctx, cancel] = context.withCancel(background);
      const tx = await db.beginTx(ctx);
      const committed = follow(tx.commit());
      for (let i = 0; i < ticks; i++) await undefined;
      cancel();
      await settle();
      expect(fake.calls("commit", "rollback")).toEqual([committed.state === "returned" ? "commit" : "rollback"]);
    }
  });

  test("throw ctx.err() from commit when their context has ended, which is errTxDone too when they are over [Q15]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const tx = await db.beginTx(ctx);
    cancel();
    expect(await errorOf(tx.commit())).toBe(context.canceled);
    await settle();
    const late = await errorOf(tx.commit());
    expect(isStopped(late, context.canceled)).toBe(true);
    expect(errors.is(late, sql.errTxDone)).toBe(true);
    expect(await errorOf(tx.rollback())).toBe(sql.errTxDone);
    expect(fake.calls("rollback", "commit")).toEqual(["rollback"]);
    expect(sql.errTxDone.message).toBe("sql: transaction has already been committed or rolled back");
  });

  test("are over after a commit or a rollback [Q15]", async () => {
    const { db } = openFake();
    for (const end of ["commit", "rollback"] as const) {
      const tx = await db.beginTx(background);
      await tx[end]();
      expect([await errorOf(tx.commit()), await errorOf(tx.rollback())]).toEqual([sql.errTxDone, sql.errTxDone]);
      await tx[Symbol.asyncDispose]();
    }
  });

  test("are over while they are being committed, for a second one [Q15]", async () => {
    const { db } = openFake();
    const tx = await db.beginTx(background);
    const results = [tx.commit(), tx.commit(), tx.rollback()].map((end) => follow(end));
    await settle();
    expect(results.map(({ state, error }) => [state, error])).toEqual([
      ["returned", undefined],
      ["threw", sql.errTxDone],
      ["threw", sql.errTxDone],
    ]);
  });

  test("go on when the context of one statement ends [Q16]", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    await tx.execContext(background, insert, 1, "x");
    const [ctx, cancel] = context.withCancel(background);
    const slow = follow(tx.execContext(ctx, "SLOW"));
    await settle();
    cancel();
    await settle();
    expect(isStopped(slow.error, context.canceled)).toBe(true);
    await tx.execContext(background, insert, 2, "y");
    await tx.commit();
    expect(fake.data.get("t")?.size).toBe(2);
  });

  test("stop the statement that runs when their context ends, whatever its own [Q16]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const [own, cancelOwn] = context.withCancel(background);
    using _ = cancelOwn;
    const tx = await db.beginTx(ctx);
    const slow = [follow(tx.execContext(background, "SLOW")), follow(tx.execContext(own, "SLOW"))];
    await settle();
    cancel();
    await settle();
    expect(isStopped(slow[0]?.error, context.canceled)).toBe(true);
    expect(slow[1]?.error).toBe(context.canceled);
    expect([fake.calls("rollback"), db.stats().inUse]).toEqual([["rollback"], 0]);
  });

  test("that are over refuse statements with errTxDone, but an ended context comes first [Q17]", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    const statement = await tx.prepareContext(background, "NOTHING");
    await tx.commit();
    fake.log.length = 0;
    const [ctx, cancel] = context.withCancel(background);
    cancel();
    for (const [given, wanted] of [
      [background, sql.errTxDone],
      [ctx, context.canceled],
    ] as const) {
      expect(await errorOf(tx.execContext(given, "NOTHING"))).toBe(wanted);
      expect(await errorOf(tx.queryContext(given, "NOTHING"))).toBe(wanted);
      expect(await errorOf(tx.queryRowContext(given, "NOTHING").scan())).toBe(wanted);
      expect(await errorOf(tx.prepareContext(given, "NOTHING"))).toBe(wanted);
    }
    expect((await errorOf(statement.execContext(background))) as Error).toEqual(new Error("sql: statement is closed"));
    expect(fake.log).toEqual([]);
  });

  test.each([
    [{ resetSession: true, isValid: true }, 1],
    [{ resetSession: false, isValid: true }, 0],
    [{ resetSession: true, isValid: false }, 0],
    [{ resetSession: false, isValid: false }, 0],
  ])(
    "rolled back by their context leave the connection to drivers that can tell its state: %o [Q18]",
    async (can, kept) => {
      const { fake, db } = openFake(can);
      const [ctx, cancel] = context.withCancel(background);
      await db.beginTx(ctx);
      cancel();
      await settle();
      expect([fake.open.connections, db.stats().idle]).toEqual([kept, kept]);
      // One that was rolled back by its user is good in any case.
      await (await db.beginTx(background)).rollback();
      await settle();
      expect(db.stats().idle).toBe(1);
    },
  );

  test("wait for the statement that runs before they end [Q19]", async () => {
    for (const end of ["commit", "rollback"] as const) {
      const { fake, db } = openFake();
      const gate = chan<void>();
      fake.once("exec", () => gate.receive());
      const tx = await db.beginTx(background);
      const running = follow(tx.execContext(background, "NOTHING"));
      await settle();
      const ending = follow(tx[end]());
      await settle();
      expect([running.state, ending.state, fake.calls(end)]).toEqual(["waits", "waits", []]);
      gate.close();
      await settle();
      expect([running.state, ending.state]).toEqual(["returned", "returned"]);
    }
  });

  test("close the rows of a query that is on its way before they end [Q19]", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("query", () => gate.receive());
    const tx = await db.beginTx(background);
    const query = follow(tx.queryContext(background, "SERIES 10"));
    await settle();
    const committed = follow(tx.commit());
    await settle();
    gate.close();
    await settle();
    expect([query.state, committed.state, await query.value?.next()]).toEqual(["returned", "returned", false]);
    expect(fake.calls("rows.close", "commit")).toEqual(["rows.close", "commit"]);
  });

  test("wait for all steps of a statement that is prepared on the way [Q19]", async () => {
    for (let ticks = 0; ticks < 20; ticks++) {
      const { fake, db } = openFake({ query: false, exec: false });
      const tx = await db.beginTx(background);
      const exec = follow(tx.execContext(background, insert, 1, "x"));
      for (let i = 0; i < ticks; i++) await undefined;
      const committed = follow(tx.commit());
      await settle();
      expect([exec.state, committed.state, fake.data.get("t")?.size]).toEqual(["returned", "returned", 1]);
      const calls = fake.calls("prepare", "stmt.exec", "stmt.close", "commit").map((call) => call.split(" ")[0]);
      expect(calls).toEqual(["prepare", "stmt.exec", "stmt.close", "commit"]);
    }
  });

  test("leave no statement behind that is prepared while they end", async () => {
    for (let ticks = 0; ticks < 20; ticks++) {
      const { fake, db } = openFake();
      const tx = await db.beginTx(background);
      const prepared = follow(tx.prepareContext(background, "NOTHING"));
      for (let i = 0; i < ticks; i++) await undefined;
      const committed = follow(tx.commit());
      await settle();
      expect([committed.state, fake.open.statements]).toEqual(["returned", 0]);
      expect(prepared.state).not.toBe("waits");
    }
  });

  test("do not wait for ever for rows that nobody reads [Q19]", async () => {
    const { db } = openFake();
    const tx = await db.beginTx(background);
    await tx.queryContext(background, "SERIES 100");
    const statement = await tx.prepareContext(background, "SERIES 100");
    await statement.queryContext(background);
    await tx.rollback();
    expect(db.stats().inUse).toBe(0);
  });

  test("run one statement at a time on their connection", async () => {
    const { fake, db } = openFake();
    fake.latency = 1;
    const tx = await db.beginTx(background);
    await Promise.all(Array.from({ length: 20 }, (_, id) => tx.execContext(background, insert, id, "x")));
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, id) => tx.queryRowContext(background, "SELECT id FROM t WHERE id = ?", id).scan()),
    );
    expect(seen).toEqual(Array.from({ length: 20 }, (_, id) => [id]));
    await tx.commit();
  });

  test("hold few statements of a driver that can only prepare", async () => {
    const { fake, db } = openFake({ query: false, exec: false });
    const tx = await db.beginTx(background);
    for (let id = 0; id < 50; id++) {
      await tx.execContext(background, insert, id, "x");
      await (await tx.queryContext(background, "SERIES 10")).close();
      await (await tx.prepareContext(background, "NOTHING")).close();
    }
    await settle();
    expect(fake.open.statements).toBe(0);
    await tx.commit();
  });

  test("use a statement that was prepared elsewhere, and close theirs [Q20]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const outside = await db.prepareContext(ctx, insert);
    cancel();
    const tx = await db.beginTx(background);
    const inside = await tx.stmtContext(background, outside);
    await inside.execContext(background, 1, "x");
    expect(fake.data.get("t")?.size).toBe(0);
    await tx.commit();
    await outside.execContext(background, 2, "y");
    expect([fake.data.get("t")?.size, fake.open.statements]).toEqual([2, 1]);
    await outside.close();
  });

  test("that cannot begin give the connection back", async () => {
    const { fake, db } = openFake();
    fake.once("begin", () => Promise.reject(new Error("no room")));
    expect(await errorOf(db.beginTx(background))).toEqual(new Error("no room"));
    expect([db.stats().inUse, db.stats().idle]).toEqual([0, 1]);
  });

  test("whose commit fails are over", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    fake.once("commit", () => Promise.reject(new Error("deferred constraint")));
    expect(await errorOf(tx.commit())).toEqual(new Error("deferred constraint"));
    expect([await errorOf(tx.rollback()), db.stats().inUse]).toEqual([sql.errTxDone, 0]);
  });

  test("whose rollback fails give the connection up", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    fake.once("rollback", () => Promise.reject(new Error("gone")));
    expect(await errorOf(tx.rollback())).toEqual(new Error("gone"));
    await settle();
    expect(db.stats().openConnections).toBe(0);
  });

  test("refuse an isolation level that is none", async () => {
    const { fake, db } = openFake();
    const error = await errorOf(db.beginTx(background, { isolation: "Chaos" as sql.IsolationLevel }));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(/^sql: the isolation level must be one of Default, .*, got "Chaos"$/);
    expect([fake.calls("begin"), db.stats().inUse]).toEqual([[], 0]);
  });
});

test("the end of the block waits for a rollback that the context has begun", async () => {
  const { fake, db } = openFake();
  const [ctx, cancel] = context.withCancel(background);
  {
    await using tx = await db.beginTx(ctx);
    await tx.execContext(background, "INSERT INTO t (id, value) VALUES (1, 2)");
    cancel();
  }
  expect([fake.calls("rollback"), db.stats().inUse]).toEqual([["rollback"], 0]);
});
