import { context, errors, go, type ReceiveChan, time } from "gocsp";
import * as sql from "gocsp/sql";
import type * as driver from "gocsp/sql/driver";
import { listen, type ListenOptions, type Notification, postgres } from "gocsp/sql/postgres";
import { sqlite } from "gocsp/sql/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PostgresConn } from "../../../src/sql/postgres/postgres-conn.ts";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { startPgbouncer } from "../servers/pgbouncer.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";
import { startProxy } from "../servers/proxy.ts";

expectNoGoroutinesLeft();

const background = context.background();

describe.skipIf(noPostgres)("PostgreSQL, LISTEN [Q37]", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const open = (port = server.port): sql.DB => {
    const { host, user, database } = server;
    return sql.open(postgres({ host, port, user, database }));
  };
  /** Listens as long as `work` takes. */
  const listening = async (
    db: sql.DB,
    channels: string | string[],
    work: (told: ReceiveChan<Notification | null>, cancel: () => void) => Promise<void>,
    options?: ListenOptions,
  ): Promise<void> => {
    const [ctx, cancel] = context.withCancel(background);
    try {
      const told = await listen(ctx, db, channels, options);
      await work(told, cancel);
      cancel();
      // Closed, with nothing left behind.
      while ((await told.receiveOk())[1]);
      await expect.poll(() => db.stats().inUse).toBe(0);
      expect(db.stats().idle).toBe(0);
    } finally {
      cancel();
      await db.close();
    }
  };
  const receive = async (told: ReceiveChan<Notification | null>): Promise<unknown> => {
    const [limit, cancel] = context.withTimeout(background, 10 * time.second);
    using _ = cancel;
    const notification = await told.receive(limit);
    return notification === null ? null : notification?.payload;
  };
  const notify = (channel: string, payload: string): Promise<unknown> =>
    admin(server.port, `NOTIFY "${channel}", '${payload}'`);
  const backends = async (): Promise<number[]> =>
    (
      await admin(
        server.port,
        "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()",
      )
    ).map(({ pid }) => Number(pid));

  it("hears what is told from then on, in order, and ends with its context", async () => {
    await listening(open(), ["albums", 'odd "name"'], async (told) => {
      await admin(server.port, "BEGIN; NOTIFY albums, 'a'; NOTIFY albums, 'b'; NOTIFY other, 'x'; COMMIT");
      await notify('odd ""name""', "c");
      expect([await receive(told), await receive(told), await receive(told)]).toEqual(["a", "b", "c"]);
      await admin(server.port, "NOTIFY albums");
      const last = await told.receive();
      expect(last).toEqual({ channel: "albums", payload: "", processId: expect.any(Number) });
    });
    expect(await backends()).toEqual([]);
  });

  it("says that something may have been missed when its connection was lost, and goes on", async () => {
    await listening(open(), "albums", async (told) => {
      for (let i = 0; i < 3; i++) {
        await notify("albums", `before ${i}`);
        expect(await receive(told)).toBe(`before ${i}`);
        const [pid] = await backends();
        await admin(server.port, `SELECT pg_terminate_backend(${pid}, 5000)`);
        expect(await receive(told)).toBe(null);
        await notify("albums", `after ${i}`);
        expect(await receive(told)).toBe(`after ${i}`);
      }
    });
  });

  it("comes back after the server was away", async () => {
    await listening(open(), "albums", async (told) => {
      await server.kill();
      await server.restart();
      expect(await receive(told)).toBe(null);
      await notify("albums", "back");
      expect(await receive(told)).toBe("back");
    });
  });

  it("notices a network that drops everything and says nothing", async () => {
    const proxy = await startProxy(server.port);
    try {
      await listening(
        open(proxy.port),
        "albums",
        async (told) => {
          await notify("albums", "a");
          expect(await receive(told)).toBe("a");
          proxy.drop();
          await notify("albums", "missed");
          await expect.poll(backends).toHaveLength(1);
          proxy.heal();
          expect(await receive(told)).toBe(null);
          await notify("albums", "b");
          expect(await receive(told)).toBe("b");
          // It ends at once even if nobody answers.
          proxy.drop();
        },
        { pingInterval: 100 },
      );
    } finally {
      await proxy.stop();
    }
  });

  it("loses nothing for a program that is slow, and does not hold it in memory", async () => {
    await listening(open(), "albums", async (told) => {
      const most = 20_000;
      const text = "x".repeat(1000);
      await admin(server.port, `SELECT pg_notify('albums', i || ' ${text}') FROM generate_series(1, ${most}) i`);
      for (let i = 1; i <= most; i++) {
        const notification = await told.receive();
        if (notification?.payload !== `${i} ${text}`) expect(notification?.payload).toBe(`${i} ${text}`);
      }
    });
  });

  /** A pool whose connections go through `change` before they listen. */
  type Told = (payload: string, channel: string, processId: number) => void;
  const changed = (db: sql.DB, change: (conn: PostgresConn) => void): Parameters<typeof listen>[1] => ({
    conn: async (ctx) => {
      const conn = await db.conn(ctx);
      const raw = <T>(f: (conn: driver.Conn) => Promise<T>): Promise<T> =>
        conn.raw((inner) => {
          change(inner as PostgresConn);
          return f(inner);
        });
      return { raw, close: () => conn.close() };
    },
  });

  /** Changes what a connection does for a ping: `ping` is called with `tell`, which tells of a notification at once. */
  const pinging = (
    conn: PostgresConn,
    ping: (tell: Told, exec: PostgresConn["exec"]) => ReturnType<PostgresConn["exec"]>,
  ): void => {
    const exec = conn.exec.bind(conn);
    const notify = conn.notify.bind(conn);
    let tell: Told = () => expect.unreachable("nothing listens");
    conn.notify = (f, ended) => {
      tell = f;
      notify(f, ended);
    };
    conn.exec = (ctx, text, args) => (text === "" ? ping(tell, exec) : exec(ctx, text, args));
  };
  /** More than waits here: from now on we read no more from the server. */
  const flood = (tell: Told): void => {
    for (let i = 1; i <= most; i++) tell(String(i), "albums", 1);
  };
  const most = 1500;

  it("does not take a server for dead whose answer is behind what the program has not received", async () => {
    const db = open();
    let isFirst = true;
    let connections = 0;
    const pool = changed(db, (conn) => {
      connections++;
      pinging(conn, async (tell, exec) => {
        // Pings are answered, but the first of them behind a backlog.
        if (!isFirst) return { rowsAffected: () => 0, lastInsertId: () => 0 };
        isFirst = false;
        flood(tell);
        return exec(background, "", []);
      });
    });
    const [ctx, cancel] = context.withCancel(background);
    const told = await listen(ctx, pool, "albums", { pingInterval: 600 });
    expect(await receive(told)).toBe("1");
    // A slow reader: longer than the server has to answer.
    await time.sleep(1000);
    for (let i = 2; i <= most; i++) expect((await told.receive())?.payload).toBe(String(i));
    expect(connections).toBe(1);
    await notify("albums", "more");
    expect(await receive(told)).toBe("more");
    expect(connections).toBe(1);
    cancel();
    while ((await told.receiveOk())[1]);
    await db.close();
  });

  it("still notices a dead server after a pause", async () => {
    const db = open();
    let connections = 0;
    const pool = changed(db, (conn) => {
      if (connections++ > 0) return;
      pinging(conn, (tell, exec) => {
        flood(tell);
        // It never answers.
        return exec(background, "SELECT pg_sleep(600)", []);
      });
    });
    const [ctx, cancel] = context.withCancel(background);
    const told = await listen(ctx, pool, "albums", { pingInterval: 600 });
    let received = 0;
    while ((await receive(told)) !== null) received++;
    expect(received).toBe(most);
    expect(connections).toBeGreaterThan(1);
    cancel();
    while ((await told.receiveOk())[1]);
    await db.close();
    await admin(
      server.port,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'",
    );
  });

  it("takes nothing from a connection that it has left", async () => {
    const db = open();
    const told: Told[] = [];
    const pool = changed(db, (conn) => {
      const inner = conn.notify.bind(conn);
      conn.notify = (f, ended) => {
        told.push(f);
        inner(f, ended);
      };
    });
    const [ctx, cancel] = context.withCancel(background);
    const out = await listen(ctx, pool, "albums");
    told[0]?.("first", "albums", 1);
    expect(await receive(out)).toBe("first");
    const [pid] = await backends();
    await admin(server.port, `SELECT pg_terminate_backend(${pid}, 5000)`);
    expect(await receive(out)).toBe(null);
    told[0]?.("too late", "albums", 1);
    told[1]?.("second", "albums", 1);
    expect(await receive(out)).toBe("second");
    cancel();
    while ((await out.receiveOk())[1]);
    await expect.poll(() => db.stats().inUse).toBe(0);
    // Also after the end, when nothing can be put anywhere.
    for (const f of told) f("after the end", "albums", 1);
    await db.close();
  });

  it("ends with its context while the program receives nothing", async () => {
    await listening(open(), "albums", async () => {
      await admin(server.port, "SELECT pg_notify('albums', i || repeat('x', 1000)) FROM generate_series(1, 5000) i");
    });
  });

  it("throws when it cannot begin, and what is wrong with its arguments", async () => {
    const [ended, cancel] = context.withCancel(background);
    cancel();
    await using db = open();
    await expect(listen(ended, db, "albums")).rejects.toBe(context.canceled);
    await using nowhere = open(1);
    await expect(listen(background, nowhere, "albums")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await using memory = sql.open(sqlite(":memory:"));
    await expect(listen(background, memory, "albums")).rejects.toThrow("the connection is not one of PostgreSQL");
    for (const name of ["", "a\0b", "é".repeat(32), 5 as unknown as string]) {
      await expect(listen(background, db, name)).rejects.toThrow(
        "postgres: the name of a channel must be a string of 1 to 63 bytes without a 0, got",
      );
    }
    await expect(listen(background, db, [])).rejects.toThrow("postgres: listen needs the name of a channel");
    await expect(listen(background, db, "a", { pingInterval: 0 })).rejects.toThrow(
      "postgres: pingInterval must be a number of milliseconds, more than 0, got 0",
    );
    expect(db.stats().inUse).toBe(0);
  });

  it("closes its channel when the connection is lost and the database has been closed", async () => {
    const db = open();
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    const told = await listen(ctx, db, "albums");
    await db.close();
    await notify("albums", "still");
    expect(await receive(told)).toBe("still");
    const [pid] = await backends();
    await admin(server.port, `SELECT pg_terminate_backend(${pid}, 5000)`);
    expect(await told.receiveOk()).toEqual([undefined, false]);
  });

  it("takes a connection of the pool, which others wait for", async () => {
    const db = open();
    db.setMaxOpenConns(1);
    await listening(db, "albums", async () => {
      const [soon, cancel] = context.withTimeout(background, 50);
      using _ = cancel;
      expect(errors.is(await db.pingContext(soon).catch((error: unknown) => error), context.deadlineExceeded)).toBe(
        true,
      );
    });
  });

  it("works behind PgBouncer by the session", async () => {
    const bouncer = await startPgbouncer(server.port, "session", 5);
    try {
      await listening(open(bouncer.port), "albums", async (told) => {
        go(() => notify("albums", "through"));
        expect(await receive(told)).toBe("through");
      });
    } finally {
      await bouncer.stop();
    }
  });
});
