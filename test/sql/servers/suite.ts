/** What both servers' drivers have to do in the same way. */

import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import type * as driver from "gocsp/sql/driver";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { heapGrowth } from "../../support/memory.ts";
import { turn } from "../../support/settle.ts";
import type { TestServer } from "./process.ts";
import { startProxy } from "./proxy.ts";

/** What differs. */
export interface Dialect {
  readonly name: string;
  readonly skipped: string | undefined;
  readonly ErrorClass: typeof driver.DriverError;
  start(): Promise<TestServer>;
  /** Returns how to connect, with another port or password perhaps. */
  connector(server: TestServer, change?: { port?: number; password?: string }): sql.Connector;
  /** Returns how to connect to a port within a short time: in all the ways in which that can be said. */
  limited(server: TestServer, port: number): sql.Connector[];
  /** Runs a statement apart from the driver. */
  admin(server: TestServer, text: string): Promise<Record<string, unknown>[]>;
  /** Writes the place of an argument. */
  readonly arg: (n: number) => string;
  /** Statements, and what is said when they go wrong. */
  readonly texts: {
    /** Numbers from 1 to its argument; the argument is in the text. */
    numbers(n: number): string;
    readonly sleep: string;
    /** The number of the connection at the server. */
    readonly connection: string;
    /** How many other connections run something. */
    readonly running: string;
    /** How many of them run `sleep`. */
    readonly sleeping: string;
    readonly stopped: string;
    readonly syntax: string;
    readonly duplicate: string;
    readonly readOnly: string;
    readonly password: string;
    readonly busy: string;
    /** Yields so many rows of a megabyte each. */
    megabytes(rows: number): string;
    readonly level: string;
    readonly currentLevel: string;
  };
}

const ctx = context.background();

/** Declares the tests. */
export function suite(dialect: Dialect): void {
  const { texts, arg, ErrorClass } = dialect;

  describe.skipIf(dialect.skipped)(`the driver for ${dialect.name}`, () => {
    expectNoGoroutinesLeft();

    let server: TestServer;
    let db: sql.DB;
    beforeAll(async () => {
      server = await dialect.start();
      db = sql.open(dialect.connector(server));
    });
    afterAll(async () => {
      await db.close();
      await server.stop();
    });
    beforeEach(async () => {
      await dialect.admin(server, "DROP TABLE IF EXISTS album");
      await dialect.admin(server, "CREATE TABLE album (id int PRIMARY KEY, title varchar(100))");
    });

    const count = async (): Promise<number> =>
      Number((await dialect.admin(server, "SELECT count(*) AS n FROM album"))[0]?.["n"]);
    const insert = `INSERT INTO album (id, title) VALUES (${arg(1)}, ${arg(2)})`;
    const failure = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => expect.unreachable("this should have failed"),
        (error: unknown) => error,
      );

    it("runs statements and queries", async () => {
      const result = await db.execContext(ctx, insert, 1, "Blue Train");
      expect(result.rowsAffected()).toBe(1);
      await db.execContext(ctx, insert, 2, null);
      await using rows = await db.queryContext(ctx, "SELECT id, title FROM album ORDER BY id");
      const albums = [];
      for await (const album of rows) albums.push(album);
      expect(albums).toEqual([
        { id: 1, title: "Blue Train" },
        { id: 2, title: null },
      ]);
      expect((await db.execContext(ctx, "DELETE FROM album")).rowsAffected()).toBe(2);
      expect((await db.execContext(ctx, "DELETE FROM album")).rowsAffected()).toBe(0);
    });

    it("never makes an argument part of the statement", async () => {
      const title = "x'); DROP TABLE album; --";
      await db.execContext(ctx, insert, 1, title);
      const [found] = await db.queryRowContext(ctx, `SELECT title FROM album WHERE title = ${arg(1)}`, title).scan();
      expect(found).toBe(title);
    });

    it("refuses two statements in one that has arguments", async () => {
      const two = `DELETE FROM album WHERE id = ${arg(1)}; DROP TABLE album`;
      await expect(db.execContext(ctx, two, 1)).rejects.toThrow(ErrorClass);
      expect(await count()).toBe(0);
    });

    it("tells what is wrong with a statement", async () => {
      const error = await failure(db.execContext(ctx, "SELEC 1"));
      expect(error).toBeInstanceOf(ErrorClass);
      expect(error).toMatchObject({ code: texts.syntax, cause: expect.any(Error) as Error });
      await expect(db.queryContext(ctx, "SELEC 1")).rejects.toThrow(ErrorClass);
      await expect(db.prepareContext(ctx, "SELEC 1")).rejects.toThrow(ErrorClass);
      await db.execContext(ctx, insert, 1, "a");
      expect(await failure(db.execContext(ctx, insert, 1, "a"))).toMatchObject({ code: texts.duplicate });
    });

    it.each([0, 1, 3])("tells how many arguments it expects when it gets %i", async (n) => {
      const args = Array.from({ length: n }, () => 1);
      const message = `sql: expected 2 arguments, got ${n}`;
      await expect(db.execContext(ctx, insert, ...args)).rejects.toThrow(message);
      await expect(db.queryContext(ctx, insert, ...args)).rejects.toThrow(message);
      await using statement = await db.prepareContext(ctx, insert);
      await expect(statement.execContext(ctx, ...args)).rejects.toThrow(message);
      expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
    });

    it("refuses arguments by name", async () => {
      await expect(db.execContext(ctx, insert, sql.named("id", 1), 2)).rejects.toThrow(
        "sql: driver does not support the use of Named Parameters",
      );
    });

    it("prepares statements, and forgets them at the server when they are closed", async () => {
      await using conn = await db.conn(ctx);
      const statements = await Promise.all([conn.prepareContext(ctx, insert), conn.prepareContext(ctx, insert)]);
      for (const [i, statement] of statements.entries()) {
        for (let n = 0; n < 3; n++) await statement.execContext(ctx, 10 * i + n, "x");
      }
      await statements[0].close();
      await statements[1].execContext(ctx, 100, "still there");
      expect(await count()).toBe(7);
      await statements[1].close();
      const query = await conn.prepareContext(ctx, `SELECT title FROM album WHERE id = ${arg(1)}`);
      expect(await query.queryRowContext(ctx, 100).scan()).toEqual(["still there"]);
      await query.close();
    });

    it("reads a million rows with bounded memory", async () => {
      let sum = 0;
      const growth = await heapGrowth(async () => {
        await using rows = await db.queryContext(ctx, texts.numbers(1_000_000));
        let most = 0;
        let read = 0;
        while (await rows.next()) {
          sum += Number(rows.scan()[0]);
          if (++read % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
        }
        // Garbage included; all of the rows take more.
        expect(most).toBeLessThan(100e6);
      });
      expect(sum).toBe((1_000_000 * 1_000_001) / 2);
      expect(growth).toBeLessThan(5e6);
    });

    it("does not read ahead of who reads the rows", async () => {
      await using conn = await db.conn(ctx);
      const rows = await conn.queryContext(ctx, texts.numbers(5_000_000));
      await rows.next();
      const before = process.memoryUsage();
      await time.sleep(100);
      const after = process.memoryUsage();
      expect(after.rss - before.rss).toBeLessThan(100e6);
      await rows.close();
    });

    it("gives up the rest of a long result at once", async () => {
      await using conn = await db.conn(ctx);
      for (let i = 0; i < 20; i++) {
        const rows = await conn.queryContext(ctx, texts.numbers(10_000_000 + i));
        for (let n = 0; n < 300 * (i % 3); n++) await rows.next();
        await rows.close();
        expect(await conn.queryRowContext(ctx, `SELECT ${i}`).scan()).toEqual([i]);
      }
      expect((await dialect.admin(server, texts.running))[0]).toEqual({
        n: expect.toSatisfy((n) => Number(n) === 0) as number,
      });
    });

    it("refuses a second statement while rows are open", async () => {
      await using conn = await db.conn(ctx);
      await using rows = await conn.queryContext(ctx, texts.numbers(100_000));
      await rows.next();
      await expect(conn.execContext(ctx, "SELECT 1")).rejects.toThrow(texts.busy);
      await expect(conn.prepareContext(ctx, "SELECT 1")).rejects.toThrow(texts.busy);
      await expect(conn.pingContext(ctx)).rejects.toThrow(texts.busy);
      await rows.close();
      expect(await conn.queryRowContext(ctx, "SELECT 1").scan()).toEqual([1]);
    });

    it("runs what is asked for at the same time one after the other, rows apart", async () => {
      await using tx = await db.beginTx(ctx);
      const row = (n: number): Promise<readonly unknown[]> => tx.queryRowContext(ctx, `SELECT ${n}`).scan();
      const prepared = await tx.prepareContext(ctx, "SELECT 4");
      const all = [row(1), row(2), tx.execContext(ctx, insert, 1, "a"), row(3), prepared.queryRowContext(ctx).scan()];
      const [one, two, , three, four] = await Promise.all(all);
      expect([one, two, three, four]).toEqual([[1], [2], [3], [4]]);
    });

    it("refuses a second transaction on a connection that has one", async () => {
      await using held = await db.conn(ctx);
      const tx = await held.beginTx(ctx);
      await tx.execContext(ctx, insert, 1, "a");
      await expect(held.beginTx(ctx)).rejects.toThrow("sql: the connection has a transaction already");
      await tx.execContext(ctx, insert, 2, "b");
      await tx.rollback();
      expect(await count()).toBe(0);
      const next = await held.beginTx(ctx);
      await next.rollback();
    });

    it("refuses what follows when a statement has ended the transaction", async () => {
      const tx = await db.beginTx(ctx);
      await tx.execContext(ctx, insert, 1, "a");
      await tx.execContext(ctx, "COMMIT");
      await expect(tx.execContext(ctx, insert, 2, "b")).rejects.toThrow("the transaction has ended already");
      await expect(tx.queryContext(ctx, "SELECT 1")).rejects.toThrow("the transaction has ended already");
      await expect(tx.commit()).rejects.toThrow("the transaction has ended already");
      const other = await db.beginTx(ctx);
      await other.execContext(ctx, "ROLLBACK");
      await other.rollback();
      expect(await count()).toBe(1);
      const good = await db.beginTx(ctx);
      await good.execContext(ctx, insert, 3, "c");
      await good.commit();
      expect(await count()).toBe(2);
    });

    it("fetches fewer rows at a time the larger they are", async () => {
      const batches: number[] = [];
      await using held = await db.conn(ctx);
      await held.raw(async (conn) => {
        const rows = await conn.query?.(ctx, texts.megabytes(40), []);
        for (;;) {
          const batch = (await rows?.next()) ?? [];
          if (batch.length === 0) break;
          batches.push(batch.length);
        }
        await rows?.close();
      });
      expect(batches.reduce((sum, length) => sum + length, 0)).toBe(40);
      expect(batches[0]).toBeLessThanOrEqual(16);
      expect(Math.max(...batches.slice(1))).toBeLessThanOrEqual(4);
    });

    it("refuses a second statement while rows are open, however few they are, and frees what was closed", async () => {
      await using tx = await db.beginTx(ctx);
      const statement = await tx.prepareContext(ctx, "SELECT 5");
      const rows = await tx.queryContext(ctx, texts.numbers(3));
      await rows.next();
      await expect(tx.queryRowContext(ctx, "SELECT 7").scan()).rejects.toThrow(texts.busy);
      await statement.close();
      expect(rows.scan()).toEqual([1, "row 1"]);
      await rows.close();
      expect(await tx.queryRowContext(ctx, "SELECT 7").scan()).toEqual([7]);
    });

    it("commits and rolls back", async () => {
      const tx = await db.beginTx(ctx);
      await tx.execContext(ctx, insert, 1, "a");
      expect(await count()).toBe(0);
      await tx.commit();
      expect(await count()).toBe(1);
      const other = await db.beginTx(ctx);
      await other.execContext(ctx, insert, 2, "b");
      await other.rollback();
      expect(await count()).toBe(1);
    });

    it.each<sql.IsolationLevel>(["Read Uncommitted", "Read Committed", "Repeatable Read", "Serializable"])(
      "begins transactions with the level %s, for this one only",
      async (isolation) => {
        const levelOf = async (tx: { queryRowContext: sql.DB["queryRowContext"] }): Promise<string> =>
          String((await tx.queryRowContext(ctx, texts.currentLevel).scan())[0]).toUpperCase();
        const tx = await db.beginTx(ctx, { isolation });
        if (texts.level === "shown") expect(await levelOf(tx)).toBe(isolation.toUpperCase());
        await tx.rollback();
        await using after = await db.beginTx(ctx);
        if (texts.level === "shown") expect(await levelOf(after)).toBe("READ COMMITTED");
      },
    );

    it("refuses a level that there is not", async () => {
      await expect(db.beginTx(ctx, { isolation: "Linearizable" })).rejects.toThrow(
        /the isolation level Linearizable is not supported/,
      );
      expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
    });

    it("begins transactions that only read", async () => {
      await using tx = await db.beginTx(ctx, { readOnly: true });
      expect(await failure(tx.execContext(ctx, insert, 1, "a"))).toMatchObject({ code: texts.readOnly });
      await tx.rollback();
      await db.execContext(ctx, insert, 1, "a");
    });

    it("keeps a transaction usable, or fails clearly, after a statement of it was stopped", async () => {
      const tx = await db.beginTx(ctx);
      await tx.execContext(ctx, insert, 1, "a");
      const [soon, cancel] = context.withTimeout(ctx, 20 * time.millisecond);
      using _ = cancel;
      await expect(tx.execContext(soon, texts.sleep)).rejects.toThrow("context deadline exceeded");
      await tx.rollback();
      expect(await count()).toBe(0);
      expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
    });

    it("stops a statement at the server", async () => {
      let error: unknown;
      // On a machine that is very busy the call may return before the server has said that the statement has stopped.
      for (let attempt = 0; attempt < 10; attempt++) {
        const [soon, cancel] = context.withTimeout(ctx, 20 * time.millisecond);
        using _ = cancel;
        error = await failure(db.execContext(soon, texts.sleep));
        expect(errors.is(error, context.deadlineExceeded)).toBe(true);
        await expect.poll(() => db.stats().inUse).toBe(0);
        if ((error as Error).cause instanceof ErrorClass) break;
      }
      expect(error).toBeInstanceOf(sql.StoppedError);
      expect((error as Error).message).toBe("context deadline exceeded");
      expect((error as Error).cause).toBeInstanceOf(ErrorClass);
      expect((error as Error).cause).toMatchObject({ code: texts.stopped });
      expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
    });

    it("stops statements while the whole pool is busy", async () => {
      const busy = sql.open(dialect.connector(server));
      busy.setMaxOpenConns(3);
      busy.setMaxIdleConns(3);
      const [until, cancel] = context.withCancel(ctx);
      const sleeping = Array.from({ length: 4 }, () => failure(busy.execContext(until, texts.sleep)));
      for (;;) {
        const [row] = await dialect.admin(server, texts.sleeping);
        if (Number(row?.["n"]) === 3) break;
      }
      cancel();
      for (const error of await Promise.all(sleeping)) expect(errors.is(error, context.canceled)).toBe(true);
      // On a machine that is very busy the calls may have returned before their statements had stopped.
      await expect.poll(() => busy.stats().inUse).toBe(0);
      expect(busy.stats()).toMatchObject({ openConnections: 3 });
      await busy.close();
    });

    it("asks whether the server is there", async () => {
      await db.pingContext(ctx);
      const [ended, cancel] = context.withCancel(ctx);
      cancel();
      await expect(db.pingContext(ended)).rejects.toBe(context.canceled);
    });

    it("does not give a connection on in the middle of somebody's transaction", async () => {
      const conn = await db.conn(ctx);
      const [before] = await conn.queryRowContext(ctx, texts.connection).scan();
      await conn.execContext(ctx, "BEGIN");
      await conn.execContext(ctx, insert, 1, "forgotten");
      await conn.close();
      const [after] = await db.queryRowContext(ctx, texts.connection).scan();
      expect(after).not.toBe(before);
      expect(await count()).toBe(0);
    });

    it("tells why it cannot connect", async () => {
      const nobody = sql.open(dialect.connector(server, { port: 1 }));
      const refused = await failure(nobody.pingContext(ctx));
      expect(refused).toBeInstanceOf(ErrorClass);
      expect(refused).toMatchObject({ code: "ECONNREFUSED", cause: expect.any(Error) as Error });
      expect(nobody.stats().openConnections).toBe(0);
      await nobody.close();
      const stranger = sql.open(dialect.connector(server, { password: "wrong" }));
      expect(await failure(stranger.pingContext(ctx))).toMatchObject({ code: texts.password });
      await stranger.close();
    });

    it("notices that the server has gone, and goes on when it is back", async () => {
      const other = sql.open(dialect.connector(server));
      other.setMaxIdleConns(4);
      const conns = await Promise.all(Array.from({ length: 4 }, () => other.conn(ctx)));
      for (const conn of conns) await conn.pingContext(ctx);
      const sleeping = failure(conns[0]?.execContext(ctx, texts.sleep) ?? Promise.resolve());
      for (const conn of conns.slice(1)) await conn.close();
      await expect.poll(async () => Number((await dialect.admin(server, texts.sleeping))[0]?.["n"])).toBe(1);
      await server.kill();
      expect(await sleeping).toBeInstanceOf(ErrorClass);
      await conns[0]?.close();
      expect(await failure(other.pingContext(ctx))).toBeInstanceOf(ErrorClass);
      await server.restart();
      for (let i = 0; i < 5; i++) await other.pingContext(ctx);
      await db.pingContext(ctx);
      await other.close();
    });

    it("leaves nothing at a connection that is gone, however often it is asked", async () => {
      const other = sql.open(dialect.connector(server));
      const tx = await other.beginTx(ctx);
      await server.kill();
      await server.restart();
      const warnings: Error[] = [];
      const onWarning = (warning: Error): void => void warnings.push(warning);
      process.on("warning", onWarning);
      try {
        for (let i = 0; i < 20; i++) expect(await failure(tx.execContext(ctx, insert, i, "a"))).toBeInstanceOf(Error);
        await tx.rollback();
        await other.close();
        // They are told in a turn of their own.
        await turn();
      } finally {
        process.removeListener("warning", onWarning);
      }
      expect(warnings).toEqual([]);
      await db.pingContext(ctx);
    });

    it("gives up connections to a server that does not answer any more", async () => {
      const other = sql.open(dialect.connector(server));
      const tx = await other.beginTx(ctx);
      await tx.execContext(ctx, insert, 1, "a");
      const rows = await other.queryContext(ctx, texts.numbers(1_000_000));
      await rows.next();
      const [until, cancel] = context.withCancel(ctx);
      const sleeping = failure(other.execContext(until, texts.sleep));
      await expect.poll(async () => Number((await dialect.admin(server, texts.sleeping))[0]?.["n"])).toBe(1);
      server.freeze(true);
      try {
        cancel();
        const [error] = await Promise.all([sleeping, tx.rollback(), rows.close().catch(() => undefined)]);
        expect(errors.is(error, context.canceled)).toBe(true);
        await expect.poll(() => other.stats().openConnections).toBe(0);
      } finally {
        server.freeze(false);
      }
      await other.pingContext(ctx);
      await other.close();
      expect(await count()).toBe(0);
    });

    it("lets nobody wait much longer than for the deadline when the network is dead", async () => {
      const proxy = await startProxy(server.port);
      const other = sql.open(dialect.connector(server, { port: proxy.port }));
      other.setMaxIdleConns(5);
      try {
        const conns = await Promise.all(Array.from({ length: 5 }, () => other.conn(ctx)));
        for (const conn of conns) await conn.close();
        const [held, tx] = [await other.conn(ctx), await other.beginTx(ctx)];
        const rows = await other.queryContext(ctx, texts.numbers(1_000_000));
        await rows.next();
        proxy.drop();
        const begin = performance.now();
        const [soon, cancel] = context.withTimeout(ctx, 500 * time.millisecond);
        using _ = cancel;
        const outcomes = await Promise.all([
          failure(other.execContext(soon, "SELECT 1")),
          failure(other.beginTx(soon)),
          failure(
            (async () => {
              await using _ = held;
              await held.execContext(soon, "SELECT 1");
            })(),
          ),
          failure(
            (async () => {
              await using _ = tx;
              await tx.execContext(soon, "SELECT 1");
            })(),
          ),
        ]);
        // It took five seconds more, until the drivers were sure.
        expect(performance.now() - begin).toBeLessThan(5000);
        for (const error of outcomes) expect(errors.is(error, context.deadlineExceeded)).toBe(true);
        await proxy.stop();
        await rows.close().catch(() => undefined);
        await expect.poll(() => other.stats().inUse).toBe(0);
      } finally {
        await other.close();
        await proxy.stop().catch(() => undefined);
      }
    });

    it("gives up connecting after the time for it, if one is set", async () => {
      const proxy = await startProxy(server.port);
      proxy.drop();
      try {
        for (const connector of dialect.limited(server, proxy.port)) {
          await using mute = sql.open(connector);
          const error = await failure(mute.pingContext(ctx));
          expect(error).toBeInstanceOf(ErrorClass);
          expect(error).toMatchObject({ code: "ETIMEDOUT" });
          expect((error as Error).message).toMatch(/^connecting took longer than \d+ ms$/);
          const [soon, cancel] = context.withTimeout(ctx, 20 * time.millisecond);
          using _ = cancel;
          expect(errors.is(await failure(mute.pingContext(soon)), context.deadlineExceeded)).toBe(true);
        }
      } finally {
        await proxy.stop();
      }
    });

    it("gives up connecting when the context ends", async () => {
      const { createServer } = await import("node:net");
      const silent = createServer((socket) => socket.on("error", () => undefined).resume());
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const address = silent.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      const mute = sql.open(dialect.connector(server, { port }));
      const [soon, cancel] = context.withTimeout(ctx, 20 * time.millisecond);
      using _ = cancel;
      const error = await failure(mute.pingContext(soon));
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      await mute.close();
      // It ends when the last connection is closed.
      await new Promise((resolve) => silent.close(resolve));
    });

    it("lets go of the process when nobody uses it", async () => {
      await db.pingContext(ctx);
      // Those of the other client, which has prepared this test, are gone soon; ours stay, and do not count.
      await expect.poll(() => process.getActiveResourcesInfo().filter((name) => /TCP|TLS/.test(name))).toEqual([]);
      expect(db.stats()).toMatchObject({ idle: 1 });
    });
  });
}
