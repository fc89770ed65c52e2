import { chan, context } from "gocsp";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle, turn } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

const closed = new Error("sql: database is closed");

describe("closing a database", () => {
  test("refuses everything from then on [Q23]", async () => {
    const { fake, db } = openFake();
    const statement = await db.prepareContext(background, "NOTHING");
    await db.close();
    fake.log.length = 0;
    const errors = await Promise.all(
      [
        db.execContext(background, "NOTHING"),
        db.queryContext(background, "NOTHING"),
        db.queryRowContext(background, "NOTHING").scan(),
        db.prepareContext(background, "NOTHING"),
        db.beginTx(background),
        db.conn(background),
        db.pingContext(background),
        statement.execContext(background),
      ].map((operation) => errorOf(operation)),
    );
    expect(errors).toEqual(Array.from({ length: 8 }, () => closed));
    expect(fake.log).toEqual([]);
    await statement.close();
  });

  test("wakes those who wait with that error [Q23]", async () => {
    const { db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    const waiting = [follow(db.conn(background)), follow(db.execContext(ctx, "NOTHING"))];
    await settle();
    await db.close();
    await settle();
    expect(waiting.map(({ error }) => error)).toEqual([closed, closed]);
    await holder.close();
  });

  test("closes idle connections at once, and those in use when they come back [Q23]", async () => {
    const { fake, db } = openFake();
    const [idle, used] = [await db.conn(background), await db.conn(background)];
    await idle.close();
    await db.close();
    expect([fake.open.connections, fake.closed]).toEqual([1, false]);
    await used.execContext(background, "NOTHING");
    await used.close();
    await settle();
    expect([fake.open.connections, fake.closed]).toEqual([0, true]);
  });

  test("lets a transaction be committed, and rows be read to the end", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    const rows = await db.queryContext(background, "SERIES 5");
    await db.close();
    await tx.execContext(background, "INSERT INTO t (id, value) VALUES (1, 1)");
    await tx.commit();
    let n = 0;
    while (await rows.next()) n++;
    await settle();
    expect([n, fake.data.get("t")?.size, fake.open.connections, fake.closed]).toEqual([5, 1, 0, true]);
  });

  test("closes the connector once, after the last connection", async () => {
    const { fake, db } = openFake();
    await db.pingContext(background);
    await Promise.all([db.close(), db.close()]);
    await db.close();
    expect(fake.calls("close", "connector.close")).toEqual(["close", "connector.close"]);
  });

  test("works without a close of the connector, and without connections", async () => {
    const { fake, db } = openFake({ close: false });
    await db.close();
    expect(fake.log).toEqual([]);
  });

  test("closes a connection that was just being opened", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("connect", () => gate.receive());
    const connecting = follow(db.conn(background));
    await settle();
    await db.close();
    gate.close();
    await settle();
    expect([connecting.error, fake.open.connections, fake.closed]).toEqual([closed, 0, true]);
  });

  test("throws what the driver throws, once", async () => {
    const { fake, db } = openFake();
    await db.pingContext(background);
    fake.once("close", () => Promise.reject(new Error("cannot close")));
    expect(await errorOf(db.close())).toEqual(new Error("cannot close"));
    await db.close();
  });

  test("throws what the connector throws", async () => {
    const { fake, db } = openFake();
    fake.once("connector.close", () => Promise.reject(new Error("still there")));
    expect(await errorOf(db.close())).toEqual(new Error("still there"));
  });

  test("has nobody to tell what the connector throws after the last connection has come back [Q23]", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const unhandled: unknown[] = [];
    const listener = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", listener);
    await db.close();
    fake.once("connector.close", () => Promise.reject(new Error("still there")));
    await conn.close();
    await settle();
    await turn();
    process.off("unhandledRejection", listener);
    expect([fake.calls("connector.close"), unhandled]).toEqual([["connector.close"], []]);
  });

  test("throws all of several errors", async () => {
    const { fake, db } = openFake();
    const conns = [await db.conn(background), await db.conn(background)];
    for (const conn of conns) await conn.close();
    let n = 0;
    fake.on("close", () => Promise.reject(new Error(`cannot close ${++n}`)));
    expect(await errorOf(db.close())).toMatchObject({
      errors: [new Error("cannot close 1"), new Error("cannot close 2")],
    });
  });

  test("happens at the end of an await using block", async () => {
    const { fake, db } = openFake();
    {
      await using same = db;
      await same.pingContext(background);
    }
    expect([fake.open.connections, fake.closed]).toEqual([0, true]);
  });

  test("waits for idle connections to close", async () => {
    const { fake, db } = openFake();
    await db.pingContext(background);
    const gate = chan<void>();
    fake.once("close", () => gate.receive());
    const closing = follow(db.close());
    await settle();
    expect(closing.state).toBe("waits");
    gate.close();
    await settle();
    expect(closing.state).toBe("returned");
  });
});
