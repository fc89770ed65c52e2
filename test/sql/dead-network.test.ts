import { type Context, context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { mysql } from "gocsp/sql/mysql";
import { copyFrom, copyTo, postgres } from "gocsp/sql/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { noMariaDB, startMariaDB } from "./servers/mariadb.ts";
import { noPostgres, startPostgres } from "./servers/postgres.ts";
import type { TestServer } from "./servers/process.ts";
import { type Proxy, startProxy } from "./servers/proxy.ts";

expectNoGoroutinesLeft();

const background = context.background();

/** How long a test takes at most: a call that waited for this would be noticed. */
const forever = 300_000;

interface Limits {
  readonly cancelTimeout?: number;
  readonly connectTimeout?: number;
}

interface Kind {
  readonly skip: string | undefined;
  start(): Promise<TestServer>;
  open(server: TestServer, port: number, limits: Limits): sql.DB;
  /** Many rows, a statement that takes long, and one that writes. */
  readonly rows: string;
  readonly slow: string;
  readonly write: string;
  /** What only this one can do. */
  readonly others: Record<string, (db: sql.DB, ctx: Context) => Promise<unknown>>;
}

const kinds: Record<string, Kind> = {
  PostgreSQL: {
    skip: noPostgres,
    start: () => startPostgres(),
    open: (_, port, limits) =>
      sql.open(postgres({ host: "127.0.0.1", port, user: "postgres", database: "postgres", ...limits })),
    rows: "SELECT generate_series(1, 1000000), repeat('x', 100)",
    slow: "SELECT pg_sleep(600)",
    write: "INSERT INTO dead VALUES (1)",
    others: {
      copyFrom: (db, ctx) =>
        copyFrom(
          ctx,
          db,
          "COPY dead FROM STDIN",
          (async function* (): AsyncGenerator<string> {
            for (;;) {
              await time.sleep(1);
              yield "1\n";
            }
          })(),
        ),
      copyTo: async (db, ctx) => {
        for await (const _ of copyTo(ctx, db, "COPY (SELECT pg_sleep(600)) TO STDOUT"));
      },
    },
  },
  MariaDB: {
    skip: noMariaDB,
    start: () => startMariaDB(),
    open: (server, port, limits) => {
      const { user, password, database } = server as Awaited<ReturnType<typeof startMariaDB>>;
      return sql.open(mysql({ host: "127.0.0.1", port, user, password, database, ...limits }));
    },
    rows: "SELECT seq, repeat('x', 100) FROM seq_1_to_1000000",
    slow: "SELECT SLEEP(600)",
    write: "INSERT INTO dead VALUES (1)",
    others: {},
  },
};

describe.each(Object.entries(kinds))("a network that drops everything and says nothing, %s", (_, kind) => {
  describe.skipIf(kind.skip)("", () => {
    let server: TestServer;
    let proxy: Proxy;

    beforeAll(async () => {
      server = await kind.start();
      await using db = kind.open(server, server.port, {});
      await db.execContext(background, "CREATE TABLE dead (id int)");
    });
    afterAll(() => server.stop());
    beforeEach(async () => {
      proxy = await startProxy(server.port);
    });
    afterEach(() => proxy.stop());

    const open = (limits: Limits): sql.DB => kind.open(server, proxy.port, limits);
    const failure = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => expect.unreachable("this should have failed"),
        (error: unknown) => error,
      );
    /** Runs something on a connection that is good until the network dies, under a deadline, and returns its error. */
    const under = async (db: sql.DB, work: (ctx: Context) => Promise<unknown>): Promise<unknown> => {
      await db.pingContext(background);
      proxy.drop();
      const [soon, cancel] = context.withTimeout(background, 50 * time.millisecond);
      using _ = cancel;
      return await failure(work(soon));
    };

    const calls: Record<string, (db: sql.DB, ctx: Context) => Promise<unknown>> = {
      ping: (db, ctx) => db.pingContext(ctx),
      exec: (db, ctx) => db.execContext(ctx, kind.write),
      query: (db, ctx) => db.queryContext(ctx, kind.rows),
      queryRow: (db, ctx) => db.queryRowContext(ctx, "SELECT 1").scan(),
      prepare: (db, ctx) => db.prepareContext(ctx, "SELECT 1"),
      begin: (db, ctx) => db.beginTx(ctx),
      ...kind.others,
    };

    it.each(Object.entries(calls))(
      "%s ends with its deadline, and its connection is discarded [Q27]",
      async (_, call) => {
        const db = open({ cancelTimeout: 300 });
        const error = await under(db, (ctx) => call(db, ctx));
        expect(error).toSatisfy((error) => errors.is(error, context.deadlineExceeded));
        // Nobody gets it again.
        await expect.poll(() => db.stats().openConnections, { timeout: 20_000 }).toBe(0);
        proxy.heal();
        expect(await db.queryRowContext(background, "SELECT 7").scan(sql.int)).toEqual([7]);
        await db.close();
      },
    );

    it.each(Object.entries(calls))("%s ends long before the connection is given up [Q27]", async (_, call) => {
      const db = open({ cancelTimeout: forever });
      const error = await under(db, (ctx) => call(db, ctx));
      expect(error).toSatisfy((error) => errors.is(error, context.deadlineExceeded));
      // Its connection is not free meanwhile.
      expect(db.stats()).toMatchObject({ inUse: 1, idle: 0 });
      proxy.heal();
      await expect.poll(() => db.stats().openConnections, { timeout: 20_000 }).toBe(0);
      await db.close();
    });

    it("ends a cancel, rows in the middle, and a transaction [Q27]", async () => {
      const db = open({ cancelTimeout: 300 });
      const [ctx, cancel] = context.withCancel(background);
      const rows = await db.queryContext(ctx, kind.rows);
      expect(await rows.next()).toBe(true);
      const tx = await db.beginTx(ctx);
      await tx.execContext(ctx, kind.write);
      const slow = failure(db.execContext(ctx, kind.slow));
      await expect.poll(() => db.stats().inUse).toBe(3);
      proxy.drop();
      cancel();
      expect(await slow).toSatisfy((error) => errors.is(error, context.canceled));
      while (await rows.next());
      expect(rows.err()).toSatisfy((error) => errors.is(error, context.canceled));
      expect(await failure(tx.execContext(background, kind.write))).toBeInstanceOf(Error);
      expect(await failure(tx.commit())).toBeInstanceOf(Error);
      await rows.close();
      await expect.poll(() => db.stats().openConnections, { timeout: 20_000 }).toBe(0);
      proxy.heal();
      expect(await db.queryRowContext(background, "SELECT count(*) FROM dead").scan(sql.int)).toEqual([0]);
      await db.close();
    });

    it("ends connecting, by the context and by connectTimeout", async () => {
      proxy.drop();
      const db = open({});
      const [soon, cancel] = context.withTimeout(background, 50 * time.millisecond);
      using _ = cancel;
      expect(await failure(db.pingContext(soon))).toSatisfy((error) => errors.is(error, context.deadlineExceeded));
      expect(db.stats().openConnections).toBe(0);
      await db.close();
      const limited = open({ connectTimeout: 50 });
      expect(await failure(limited.pingContext(background))).toMatchObject({
        message: "connecting took longer than 50 ms",
        code: "ETIMEDOUT",
      });
      expect(limited.stats().openConnections).toBe(0);
      proxy.heal();
      expect(await limited.queryRowContext(background, "SELECT 7").scan(sql.int)).toEqual([7]);
      await limited.close();
    });
  });
});
