import { inspect } from "node:util";
import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres, PostgresError } from "gocsp/sql/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { certificate } from "../servers/certificate.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";
import { checkLatency } from "../servers/latency.ts";

const ctx = context.background();

describe.skipIf(noPostgres)("PostgreSQL's own ways", () => {
  expectNoGoroutinesLeft();

  let server: PostgresServer;
  let db: sql.DB;
  beforeAll(async () => {
    server = await startPostgres({ max_connections: 15 });
    const { host, port, user, database } = server;
    db = sql.open(postgres({ host, port, user, database }));
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS album");
    await admin(
      server.port,
      "CREATE TABLE album (id int PRIMARY KEY, title text UNIQUE DEFERRABLE INITIALLY DEFERRED)",
    );
  });

  const count = async (): Promise<number> =>
    Number((await admin(server.port, "SELECT count(*) n FROM album"))[0]?.["n"]);

  it("tells where and why a statement is wrong", async () => {
    const missing = await db.execContext(ctx, "SELECT * FROM albun").catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(PostgresError);
    expect(missing).toMatchObject({
      name: "PostgresError",
      message: 'relation "albun" does not exist',
      code: "42P01",
      severity: "ERROR",
      position: 15,
    });
    await db.execContext(ctx, "INSERT INTO album VALUES (1, 'a')");
    const twice = await db.execContext(ctx, "INSERT INTO album VALUES (1, 'b')").catch((error: unknown) => error);
    expect(twice).toMatchObject({ table: "album", constraint: "album_pkey", detail: "Key (id)=(1) already exists." });
  });

  it("is reached by a URL, by libpq's settings and by parts, with settings for the session", async () => {
    const { host, port, user, database } = server;
    const forms: Parameters<typeof postgres>[0][] = [
      `postgres://${user}@${host}:${port}/${database}?search_path=shop%2C%20public&statement_timeout=5s&application_name=till`,
      `host=${host} port=${port} user=${user} dbname=${database} search_path='shop, public' statement_timeout = 5s application_name='till'`,
      `  host='${host}' port=${port} user=${user} dbname='${database}' options='-c search_path=shop,\\\\ public -c statement_timeout=5s' application_name=till connect_timeout=30`,
      {
        host,
        port,
        user,
        database,
        applicationName: "till",
        runtimeParams: { search_path: "shop, public", statement_timeout: 5000 },
      },
      {
        connectionString: `postgres://${user}@${host}:${port}/${database}?search_path=shop%2C%20public`,
        applicationName: "till",
        options: "-c statement_timeout=5s",
      },
    ];
    for (const form of forms) {
      await using other = sql.open(postgres(form));
      const query =
        "SELECT current_setting('search_path'), current_setting('statement_timeout'), current_setting('application_name')";
      expect(await other.queryRowContext(ctx, query).scan()).toEqual(["shop, public", "5s", "till"]);
    }
  });

  it("says why the server has ended a transaction that was idle", async () => {
    const { host, port, user, database } = server;
    await using other = sql.open(
      postgres({ host, port, user, database, runtimeParams: { idle_in_transaction_session_timeout: 50 } }),
    );
    for (const end of ["exec", "commit"] as const) {
      const tx = await other.beginTx(ctx);
      await tx.execContext(ctx, "INSERT INTO album VALUES (1, 'a')");
      await expect
        .poll(
          async () =>
            (await admin(server.port, "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'")).length,
        )
        .toBe(0);
      const error = await (end === "exec" ? tx.execContext(ctx, "SELECT 1") : tx.commit()).catch(
        (error: unknown) => error,
      );
      expect(error).toBeInstanceOf(PostgresError);
      expect(error).toMatchObject({
        code: "25P03",
        severity: "FATAL",
        message: "the connection is gone: terminating connection due to idle-in-transaction timeout",
      });
      await tx.rollback().catch(() => undefined);
    }
    expect(await count()).toBe(0);
    // Outside of transactions another connection does.
    await other.execContext(ctx, "SELECT 1");
  });

  it("throws when the server rolls back instead of committing", async () => {
    const tx = await db.beginTx(ctx);
    await tx.execContext(ctx, "INSERT INTO album VALUES (1, 'a')");
    await expect(tx.execContext(ctx, "SELEC")).rejects.toThrow("syntax error");
    await expect(tx.execContext(ctx, "SELECT 1")).rejects.toThrow("current transaction is aborted");
    const error = await tx.commit().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(PostgresError);
    expect(error).toMatchObject({ message: "commit unexpectedly resulted in rollback", code: "25P02" });
    expect(await count()).toBe(0);
    expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
  });

  it("throws when the commit itself fails", async () => {
    const tx = await db.beginTx(ctx);
    await tx.execContext(ctx, "INSERT INTO album VALUES (1, 'same')");
    await tx.execContext(ctx, "INSERT INTO album VALUES (2, 'same')");
    await expect(tx.commit()).rejects.toMatchObject({ code: "23505" });
    expect(await count()).toBe(0);
  });

  it("throws what goes wrong after the last row, and when rows are closed", async () => {
    const text = "INSERT INTO album SELECT i, 'same' FROM generate_series(1, 300) i RETURNING id";
    await using rows = await db.queryContext(ctx, text);
    let read = 0;
    while (await rows.next()) read++;
    // Those of the batch that came together with the error are not shown.
    expect(read).toBeLessThanOrEqual(300);
    expect(rows.err()).toMatchObject({ code: "23505" });
    const others = await db.queryContext(ctx, text);
    await others.next();
    await expect(others.close()).rejects.toMatchObject({ code: "23505" });
    expect(await count()).toBe(0);
  });

  it("has no key of the row inserted last", async () => {
    const result = await db.execContext(ctx, "INSERT INTO album VALUES (1, 'a')");
    expect(() => result.lastInsertId()).toThrow("postgres: LastInsertId is not supported by PostgreSQL: use RETURNING");
    expect(await db.queryRowContext(ctx, "INSERT INTO album VALUES (2, 'b') RETURNING id").scan()).toEqual([2]);
  });

  it("runs statements without words, and refuses those that would end in the middle", async () => {
    expect((await db.execContext(ctx, "")).rowsAffected()).toBe(0);
    await using rows = await db.queryContext(ctx, "-- nothing");
    expect(await rows.next()).toBe(false);
    await expect(db.execContext(ctx, "SELECT 1\0")).rejects.toThrow("must not contain the character with the code 0");
    await expect(db.execContext(ctx, "SELECT $1::text", "a\0b")).rejects.toMatchObject({ code: "22021" });
    expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
  });

  it("takes as many arguments as the protocol can count", async () => {
    const most = 65_535;
    const list = Array.from({ length: most }, (_, i) => `$${i + 1}::int4`).join(",");
    await using conn = await db.conn(ctx);
    const read = (count: number): Promise<unknown> =>
      conn.raw(async (driver) => {
        const args = Array.from({ length: count }, (_, i) => ({ name: "", ordinal: i + 1, value: i }));
        const rows = await driver.query?.(ctx, `SELECT (ARRAY[${list}])[${most}]`, args);
        const [row] = (await rows?.next()) ?? [];
        await rows?.close();
        return row?.[0];
      });
    expect(await read(most)).toBe(most - 1);
    await expect(db.prepareContext(ctx, `SELECT ARRAY[${list}]`)).rejects.toThrow(
      "postgres: a prepared statement takes at most 32767 arguments",
    );
    await expect(read(most - 1)).rejects.toMatchObject({ code: "08P01" });
    await expect(read(most + 1)).rejects.toThrow("postgres: a statement takes at most 65535 arguments, got 65536");
  });

  it("refuses COPY over the connection, and stays usable", async () => {
    await expect(db.execContext(ctx, "COPY album FROM STDIN")).rejects.toThrow(
      "COPY FROM STDIN is not supported here: use copyFrom",
    );
    await expect(db.queryContext(ctx, "COPY album FROM STDIN")).rejects.toThrow(
      "COPY FROM STDIN is not supported here: use copyFrom",
    );
    await db.execContext(ctx, "INSERT INTO album VALUES (1, 'a')");
    await expect(db.execContext(ctx, "COPY album TO STDOUT")).rejects.toThrow(
      "COPY TO STDOUT is not supported here: use copyTo",
    );
    await expect(db.queryContext(ctx, "COPY album TO STDOUT")).rejects.toThrow(
      "COPY TO STDOUT is not supported here: use copyTo",
    );
    await db.pingContext(ctx);
    expect(db.stats()).toMatchObject({ inUse: 0 });
  });

  it("keeps nothing of prepared statements that are closed", async () => {
    const { host, port, user, database } = server;
    await using plain = sql.open(postgres({ host, port, user, database, statementCache: 0 }));
    await using conn = await plain.conn(ctx);
    for (let i = 0; i < 3; i++) {
      const statement = await conn.prepareContext(ctx, "SELECT $1::int4 + $2::int4");
      expect(await statement.queryRowContext(ctx, 1, i).scan()).toEqual([1 + i]);
      await statement.close();
    }
    await expect(conn.prepareContext(ctx, "SELECT nothing")).rejects.toThrow("does not exist");
    const left = conn.queryRowContext(ctx, "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'gocsp%'");
    expect(await left.scan()).toEqual([0]);
  });

  it("streams the rows of prepared statements", async () => {
    await using statement = await db.prepareContext(ctx, "SELECT generate_series(1, $1::int4) AS n");
    for (const n of [0, 1, 256, 257, 5000]) {
      await using rows = await statement.queryContext(ctx, n);
      let sum = 0;
      for await (const row of rows) sum += Number(row["n"]);
      expect(sum).toBe((n * (n + 1)) / 2);
    }
  });

  it("tells of a server that has ended the session, and of another one tries again", async () => {
    const pidOf = async (): Promise<unknown> => (await db.queryRowContext(ctx, "SELECT pg_backend_pid()").scan())[0];
    const pid = await pidOf();
    const conn = await db.conn(ctx);
    await admin(server.port, `SELECT pg_terminate_backend(${Number(pid)}, 5000)`);
    await expect(conn.execContext(ctx, "SELECT 1")).rejects.toThrow(PostgresError);
    await conn.close().catch((error: unknown) => expect(error).toBe(sql.errConnDone));
    const next = await pidOf();
    expect(next).not.toBe(pid);
    await admin(server.port, `SELECT pg_terminate_backend(${Number(next)}, 5000)`);
    expect(await pidOf()).not.toBe(next);
  });

  it("does not lose the error of a session that ends in the middle of its rows", async () => {
    const conn = await db.conn(ctx);
    const [pid] = await conn.queryRowContext(ctx, "SELECT pg_backend_pid()").scan();
    const rows = await conn.queryContext(ctx, "SELECT generate_series(1, 1000000)");
    await rows.next();
    await admin(server.port, `SELECT pg_terminate_backend(${Number(pid)}, 5000)`);
    while (await rows.next());
    expect(rows.err()).toBeInstanceOf(PostgresError);
    await rows.close();
    await conn.close();
    await expect.poll(() => db.stats().inUse).toBe(0);
  });

  it("stops statements when the server takes no more connections", async () => {
    const full = sql.open(
      postgres({
        host: server.host,
        port: server.port,
        user: "encrypted",
        database: "postgres",
        ssl: { ca: certificate },
      }),
    );
    const conns: sql.Conn[] = [];
    for (;;) {
      try {
        conns.push(await full.conn(ctx));
      } catch (error) {
        expect(error).toMatchObject({ code: "53300" });
        break;
      }
    }
    for (const conn of conns) {
      // Long enough for the statement to begin.
      const [soon, cancel] = context.withTimeout(ctx, 100 * time.millisecond);
      using _ = cancel;
      const error = await conn.execContext(soon, "SELECT pg_sleep(600)").catch((error: unknown) => error);
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      await conn.close();
    }
    // None was given up because it could not be stopped.
    await expect.poll(() => full.stats().inUse).toBe(0);
    const [sleeping] = await admin(
      server.port,
      "SELECT count(*) n FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    expect(Number(sleeping?.["n"])).toBe(0);
    await full.close();
  });

  it("stops statements of connections that are encrypted", async () => {
    const { host, port } = server;
    const plain = sql.open(postgres({ host, port, user: "encrypted", database: "postgres" }));
    await expect(plain.pingContext(ctx)).rejects.toMatchObject({ code: "28000" });
    await plain.close();
    const secret = sql.open(
      postgres({ host, port, user: "encrypted", database: "postgres", ssl: { ca: certificate } }),
    );
    await using conn = await secret.conn(ctx);
    for (let i = 0; i < 20; i++) {
      const [soon, cancel] = context.withTimeout(ctx, i);
      using _ = cancel;
      const error = await conn.execContext(soon, "SELECT pg_sleep(600)").catch((error: unknown) => error);
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      expect(await conn.queryRowContext(ctx, "SELECT $1::int4", i).scan()).toEqual([i]);
    }
    await conn.close();
    await secret.close();
    const stranger = sql.open(postgres({ host, port, user: "encrypted", database: "postgres", ssl: true }));
    await expect(stranger.pingContext(ctx)).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    await stranger.close();
  });

  it("connects by a URL, with a password or a function for it", async () => {
    const { port } = server;
    for (const options of [
      `postgres://secretive:s3cret@127.0.0.1:${port}/postgres`,
      { connectionString: `postgres://secretive:s3cret@127.0.0.1:${port}/postgres`, applicationName: "album" },
      {
        host: "127.0.0.1",
        port,
        user: "secretive",
        database: "postgres",
        password: "s3cret",
      },
      { host: "127.0.0.1", port, user: "secretive", database: "postgres", password: async () => "s3cret" },
    ]) {
      const named = sql.open(postgres(options));
      const [user] = await named.queryRowContext(ctx, "SELECT current_user").scan();
      expect(user).toBe("secretive");
      await named.close();
    }
    const wrong = sql.open(postgres("postgres://ken:s3cret@local host:x/music"));
    const error = await wrong.pingContext(ctx).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "PostgresError", message: "the URL of the server is not valid" });
    expect(inspect(error)).not.toContain("s3cret");
    expect(() => postgres(5 as unknown as string)).toThrow("postgres: the options must be a URL or an object, got 5");
  });

  it("tells how fast a statement is stopped", () => checkLatency("PostgreSQL", db, "SELECT pg_sleep(600)"));
});
