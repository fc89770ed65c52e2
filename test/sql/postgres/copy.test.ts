import { chan, context, errors, go, time } from "gocsp";
import * as sql from "gocsp/sql";
import type * as driver from "gocsp/sql/driver";
import { copyFrom, copyRow, copyTo, postgres } from "gocsp/sql/postgres";
import { sqlite } from "gocsp/sql/sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { settle } from "../../support/settle.ts";
import { startPgbouncer } from "../servers/pgbouncer.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";

expectNoGoroutinesLeft();

const ctx = context.background();
const input = "COPY album FROM STDIN";
const output = "COPY (SELECT * FROM album ORDER BY id) TO STDOUT";

describe.skipIf(noPostgres)("PostgreSQL, COPY [Q38]", () => {
  let server: PostgresServer;
  let db: sql.DB;

  beforeAll(async () => {
    server = await startPostgres();
    db = open();
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS album");
    await admin(
      server.port,
      "CREATE TABLE album (id int PRIMARY KEY, title text, data bytea, tags text[], at timestamptz)",
    );
  });

  const open = (port = server.port): sql.DB => {
    const { host, user, database } = server;
    return sql.open(postgres({ host, port, user, database }));
  };
  const count = async (): Promise<number> =>
    Number((await admin(server.port, "SELECT count(*) n FROM album"))[0]?.["n"]);
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.unreachable("this should have failed"),
      (error: unknown) => error,
    );
  const read = async (parts: AsyncIterable<Uint8Array>): Promise<string> => {
    const all: Uint8Array[] = [];
    for await (const part of parts) all.push(part);
    return Buffer.concat(all).toString();
  };
  const isUsable = async (i: number): Promise<void> => {
    expect(await db.queryRowContext(ctx, "SELECT $1::int4", i).scan()).toEqual([i]);
    await expect.poll(() => db.stats().inUse).toBe(0);
  };
  const many = "COPY (SELECT generate_series(1, 100000000), repeat('x', 1000)) TO STDOUT";
  /** Rows without an end. */
  async function* endless(from = 0): AsyncGenerator<string> {
    for (let i = from; ; i++) {
      if (i % 1000 === 0) await time.sleep(0);
      yield copyRow([i, "title", null, null, null]);
    }
  }

  it("stores and reads rows as they are", async () => {
    const rows = [
      [
        1,
        'tab\t, line\n, return\r, backslash \\, dot \\., quote " é 🎷',
        new Uint8Array([0, 92, 255]),
        ["a", "b\\c"],
        new Date(0),
      ],
      [2, null, null, [], null],
      [3, "", new Uint8Array(), null, new Date("2026-01-31T10:00:00.123Z")],
      [4, "\\N", null, null, null],
    ];
    expect(await copyFrom(ctx, db, input, rows.map(copyRow))).toBe(4);
    const stored = await db.queryContext(ctx, "SELECT * FROM album ORDER BY id");
    const values: unknown[] = [];
    while (await stored.next()) values.push(stored.scan());
    expect(values).toEqual(rows);
    const text = await read(copyTo(ctx, db, output));
    await db.execContext(ctx, "DELETE FROM album");
    expect(await copyFrom(ctx, db, input, text)).toBe(4);
    expect(await read(copyTo(ctx, db, output))).toBe(text);
    await isUsable(1);
  });

  it("takes strings, bytes, generators, streams and channels", async () => {
    const rows = chan<string>();
    go(async () => {
      await rows.send("5\tchannel\t\\N\t\\N\t\\N\n");
      rows.close();
    });
    const sources = [
      "1\tstring\t\\N\t\\N\t\\N\n",
      Buffer.from("2\tbytes\t\\N\t\\N\t\\N\n"),
      ["3\tli", "st\t\\N\t\\N\t", Buffer.from("\\N"), "\n"],
      new Blob(["4\tstream\t\\N\t\\N\t\\N\n"]).stream(),
      rows,
    ];
    for (const source of sources) expect(await copyFrom(ctx, db, input, source)).toBe(1);
    expect(await copyFrom(ctx, db, input, [])).toBe(0);
    expect(await count()).toBe(5);
  });

  it("stores what a source has yielded, whatever becomes of its buffer", async () => {
    const most = 200;
    async function* reusing(size: number): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(size);
      for (let i = 0; i < most; i++) {
        const line = Buffer.from(`${i}\ttitle ${i} ${"x".repeat(size - 100)}\t\\N\t\\N\t\\N\n`);
        buffer.set(line);
        yield buffer.subarray(0, line.length);
        buffer.fill(0);
      }
    }
    const wanted = "SELECT count(*) n FROM album WHERE title LIKE 'title ' || id || ' %'";
    // Parts that gather, parts of which one fills a message, and both in turn.
    for (const size of [101, 1000, 40_000, 100_000]) {
      expect(await copyFrom(ctx, db, input, reusing(size))).toBe(most);
      expect(Number((await admin(server.port, wanted))[0]?.["n"])).toBe(most);
      await admin(server.port, "DELETE FROM album");
    }
  });

  it("refuses what is no source, and leaves no context behind", async () => {
    const [parent, cancel] = context.withCancel(ctx);
    using _ = cancel;
    for (const [source, got] of [
      [undefined, "undefined"],
      [null, "null"],
      [5, "5"],
      [{}, "Object"],
    ] as const) {
      expect(await failure(copyFrom(parent, db, input, source as never))).toEqual(
        new TypeError(`postgres: the source must be a string, bytes, an iterable or a channel, got ${got}`),
      );
    }
    // A channel-like whose `range` throws ends its context with it.
    let until: context.Context | undefined;
    const broken = Object.assign([], {
      range: (given: context.Context): never => {
        until = given;
        throw new Error("no range");
      },
    });
    await expect(copyFrom(parent, db, input, broken)).rejects.toThrow("no range");
    expect(until?.err()).toBe(context.canceled);
    await isUsable(1);
  });

  it("carries a hundred megabytes each way, with little memory", async () => {
    const most = 100_000;
    const text = "x".repeat(1000);
    async function* rows(): AsyncGenerator<string> {
      for (let i = 0; i < most; i++) yield `${i}\t${text}\t\\N\t\\N\t\\N\n`;
    }
    const before = process.memoryUsage().rss;
    expect(await copyFrom(ctx, db, input, rows())).toBe(most);
    let size = 0;
    let parts = 0;
    for await (const part of copyTo(ctx, db, output)) {
      size += part.length;
      // A slow reader: the server has to wait.
      if (++parts % 20 === 0) await time.sleep(1);
    }
    expect(size).toBeGreaterThan(most * 1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(90 * 2 ** 20);
  });

  it("stores nothing of a COPY that is stopped in the middle, and hits nothing else", async () => {
    for (let i = 0; i < 40; i++) {
      const [soon, cancel] = context.withTimeout(ctx, i);
      using _ = cancel;
      const error = await failure(copyFrom(soon, db, input, endless()));
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      await isUsable(i);
    }
    expect(await count()).toBe(0);
  });

  it("stops when its source waits, and takes no value from a channel afterwards", async () => {
    const rows = chan<string>();
    for (let i = 0; i < 10; i++) {
      const [soon, cancel] = context.withTimeout(ctx, 20);
      using _ = cancel;
      const error = await failure(copyFrom(soon, db, input, rows));
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      await isUsable(i);
    }
    await settle();
    const sent = rows.send("mine");
    expect(await rows.receive()).toBe("mine");
    await sent;
    // Nothing of ours waits behind a generator that never yields, either.
    const [soon, cancel] = context.withTimeout(ctx, 20);
    using _ = cancel;
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    expect(errors.is(await failure(copyFrom(soon, db, input, never)), context.deadlineExceeded)).toBe(true);
    await isUsable(11);
  });

  it("stops a server that is busy with the data", async () => {
    await admin(
      server.port,
      "CREATE OR REPLACE FUNCTION doze() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$ LANGUAGE plpgsql",
    );
    await admin(server.port, "CREATE TRIGGER doze BEFORE INSERT ON album FOR EACH ROW EXECUTE FUNCTION doze()");
    const [soon, cancel] = context.withTimeout(ctx, 50);
    using _ = cancel;
    const error = await failure(copyFrom(soon, db, input, endless()));
    expect(errors.is(error, context.deadlineExceeded)).toBe(true);
    await isUsable(1);
  });

  it("throws what the source throws, and what the server says, and stores nothing", async () => {
    const own = new Error("no more albums");
    async function* failing(): AsyncGenerator<string> {
      yield copyRow([1, "a", null, null, null]);
      throw own;
    }
    expect(await failure(copyFrom(ctx, db, input, failing()))).toBe(own);
    expect(await failure(copyFrom(ctx, db, input, [5] as never))).toEqual(
      new TypeError("postgres: a part of the data must be a string or a Uint8Array, got 5"),
    );
    expect(await failure(copyFrom(ctx, db, input, "one\tbad\n"))).toMatchObject({ code: "22P02" });
    let isClosed = false;
    async function* wrong(): AsyncGenerator<string> {
      try {
        yield "x\n";
        yield* endless();
      } finally {
        isClosed = true;
      }
    }
    expect(await failure(copyFrom(ctx, db, input, wrong()))).toMatchObject({ code: "22P02" });
    await expect.poll(() => isClosed).toBe(true);
    expect(await failure(copyFrom(ctx, db, "COPY nothing FROM STDIN", "1\n"))).toMatchObject({ code: "42P01" });
    expect(await failure(copyFrom(ctx, db, "SELECT 1", "1\n"))).toMatchObject({
      message: 'postgres: the statement must be a COPY, got "SELECT 1"',
    });
    expect(await failure(copyFrom(ctx, db, "", "1\n"))).toMatchObject({ message: /must be a COPY/ });
    expect(await failure(copyFrom(ctx, db, `${input}; ${input}`, endlessOnce()))).toMatchObject({
      message: "postgres: copyFrom takes one COPY at a time",
    });
    await db.execContext(ctx, "INSERT INTO album (id) VALUES (1)");
    expect(await failure(copyFrom(ctx, db, output, "1\n"))).toMatchObject({
      message: "postgres: COPY TO STDOUT needs copyTo",
    });
    expect(await failure(read(copyTo(ctx, db, input)))).toMatchObject({
      message: "postgres: COPY FROM STDIN needs copyFrom",
    });
    expect(await failure(read(copyTo(ctx, db, "COPY nothing TO STDOUT")))).toMatchObject({ code: "42P01" });
    expect(await failure(copyFrom(ctx, db, "COPY\0", ""))).toMatchObject({ message: /code 0/ });
    expect(await failure(copyFrom(ctx, db, 5 as unknown as string, ""))).toBeInstanceOf(TypeError);
    await using memory = sql.open(sqlite(":memory:"));
    await expect(copyFrom(ctx, memory, input, "")).rejects.toThrow("the connection is not one of PostgreSQL");
    await isUsable(1);
    expect(await count()).toBe(1);
  });
  function* endlessOnce(): Generator<string> {
    yield copyRow([7, "once", null, null, null]);
  }

  it("reads as far as the program wants, and stops the rest at the server", async () => {
    for (let i = 0; i < 20; i++) {
      for await (const part of copyTo(ctx, db, many)) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
      const [soon, cancel] = context.withTimeout(ctx, i);
      using _ = cancel;
      const error = await failure(read(copyTo(soon, db, many)));
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      await isUsable(i);
    }
    // Also while the program reads nothing and the server waits for it.
    const [soon, cancel] = context.withTimeout(ctx, 100);
    using _ = cancel;
    const parts = copyTo(soon, db, many);
    await parts.next();
    await soon.done().receiveOk();
    expect(errors.is(await failure(read(parts)), context.deadlineExceeded)).toBe(true);
    await isUsable(99);
    const active = "SELECT count(*) n FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%'";
    await expect.poll(async () => Number((await admin(server.port, active))[0]?.["n"])).toBe(0);
  });

  it("is part of a transaction, and ends with it", async () => {
    const tx = await db.beginTx(ctx);
    expect(await copyFrom(ctx, tx, input, endlessOnce())).toBe(1);
    expect(await read(copyTo(ctx, tx, "COPY (SELECT title FROM album) TO STDOUT"))).toBe("once\n");
    await tx.rollback();
    expect(await count()).toBe(0);
    await using conn = await db.conn(ctx);
    expect(await copyFrom(ctx, conn, input, endlessOnce())).toBe(1);
    const [soon, cancel] = context.withTimeout(ctx, 30);
    using _ = cancel;
    const short = await conn.beginTx(soon);
    // Its own context has no end, that of the transaction has.
    const error = await failure(copyFrom(ctx, short, input, endless(10)));
    expect(error).toSatisfy((error) => errors.is(error, context.deadlineExceeded));
    await short[Symbol.asyncDispose]();
    expect(await count()).toBe(1);
    await conn.close();
    await isUsable(1);
  });

  const busy = new Error("sql: the connection is busy with a COPY: read it to its end first");

  it("refuses what would wait for it on the same connection, and whoever waits for that does not hang", async () => {
    await using conn = await db.conn(ctx);
    const tx = await conn.beginTx(ctx);
    const statement = await tx.prepareContext(ctx, "SELECT 1");
    const refused = async (): Promise<void> => {
      const works = [
        tx.execContext(ctx, "SELECT 1"),
        tx.queryContext(ctx, "SELECT 1"),
        tx.queryRowContext(ctx, "SELECT 1").scan(),
        tx.prepareContext(ctx, "SELECT 2"),
        statement.execContext(ctx),
        tx.raw(ctx, async () => undefined),
        conn.pingContext(ctx),
        copyFrom(ctx, tx, input, ""),
        copyTo(ctx, conn, output).next(),
      ];
      for (const work of works) expect(await failure(work)).toEqual(busy);
    };
    await copyFrom(ctx, tx, input, endlessOnce());
    let parts = 0;
    for await (const part of copyTo(ctx, tx, output)) {
      parts += part.length;
      await refused();
    }
    expect(parts).toBeGreaterThan(0);
    async function* asking(): AsyncGenerator<string> {
      await refused();
      yield copyRow([8, "asked", null, null, null]);
    }
    expect(await copyFrom(ctx, tx, input, asking())).toBe(1);
    // At once, before the server has said anything.
    const unread = copyTo(ctx, tx, output);
    const first = unread.next();
    await refused();
    expect((await first).done).toBe(false);
    // What has no context and does not need the program waits behind it.
    await statement.close();
    while ((await unread.next()).done !== true);
    expect(await tx.queryRowContext(ctx, "SELECT count(*)::int4 FROM album").scan()).toEqual([2]);
    await tx.commit();
    async function* using(): AsyncGenerator<string> {
      await conn.execContext(ctx, "SELECT 1");
      yield "";
    }
    expect(await failure(copyFrom(ctx, conn, input, using()))).toEqual(busy);
    expect(await conn.queryRowContext(ctx, "SELECT 1::int4").scan()).toEqual([1]);
    await conn.close();
    await isUsable(1);
    expect(await count()).toBe(2);
  });

  it("does not stop the rows that stand in its way", async () => {
    const tx = await db.beginTx(ctx);
    const rows = await tx.queryContext<{ i: number }>(ctx, "SELECT generate_series(1, 5000)::int4 i");
    const refusal = failure(copyFrom(ctx, tx, input, ""));
    let sum = 0;
    for await (const { i } of rows) sum += i;
    expect(sum).toBe(12_502_500);
    expect(await refusal).toMatchObject({ message: /busy with the rows of another query/ });
    await tx.rollback();
    await isUsable(1);
  });

  it("ends with the transaction or the connection that somebody ends meanwhile", async () => {
    for (const end of ["commit", "rollback", "dispose", "close"] as const) {
      for (const level of ["tx", "conn"] as const) {
        for (const direction of ["to", "from"] as const) {
          const conn = await db.conn(ctx);
          const tx = await conn.beginTx(ctx);
          await tx.execContext(ctx, "INSERT INTO album (id) VALUES (1)");
          const on = level === "tx" ? tx : conn;
          const finish = async (): Promise<void> => {
            // The server has stopped the COPY, which has made the transaction fail.
            if (end === "commit") expect(await failure(tx.commit())).toMatchObject({ code: "25P02" });
            else if (end === "rollback") await tx.rollback();
            else if (end === "dispose") await tx[Symbol.asyncDispose]();
            else await conn.close();
          };
          const why = end === "close" && level === "conn" ? sql.errConnDone : context.canceled;
          if (direction === "to") {
            const parts = copyTo(ctx, on, many);
            await parts.next();
            // Nobody reads on.
            await finish();
            const error = await failure(read(parts));
            expect(errors.is(error, why), `${end} ${level} ${String(error)}`).toBe(true);
          } else {
            async function* ending(): AsyncGenerator<string> {
              yield copyRow([2, "ending", null, null, null]);
              await finish();
              yield* endless(10);
            }
            const error = await failure(copyFrom(ctx, on, input, ending()));
            expect(errors.is(error, why), `${end} ${level} ${String(error)}`).toBe(true);
          }
          await conn[Symbol.asyncDispose]();
          await isUsable(1);
          expect(await count()).toBe(0);
        }
      }
    }
  });

  it("leaves no context behind when it is ended and nobody reads on", async () => {
    const [parent, cancel] = context.withCancel(ctx);
    using _ = cancel;
    let until: context.Context | undefined;
    const tx = await db.beginTx(ctx);
    const lender = {
      raw: <T>(given: context.Context, f: (conn: driver.Conn, ctx: context.Context) => Promise<T>): Promise<T> => {
        until = given;
        return tx.raw(given, f);
      },
    };
    await copyTo(parent, lender, many).next();
    await tx.rollback();
    await expect.poll(() => until?.err()).toBe(context.canceled);
    await isUsable(1);
  });

  it("works behind PgBouncer by the transaction", async () => {
    const bouncer = await startPgbouncer(server.port, "transaction", 2);
    try {
      await using through = open(bouncer.port);
      expect(await copyFrom(ctx, through, input, endlessOnce())).toBe(1);
      expect(await read(copyTo(ctx, through, "COPY (SELECT title FROM album) TO STDOUT"))).toBe("once\n");
      for (let i = 0; i < 10; i++) {
        const [soon, cancel] = context.withTimeout(ctx, 5 * i);
        using _ = cancel;
        const error = await failure(copyFrom(soon, through, input, endless(10)));
        expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      }
      await expect.poll(() => through.stats().inUse).toBe(0);
      expect(await count()).toBe(1);
    } finally {
      await bouncer.stop();
    }
  });
});
