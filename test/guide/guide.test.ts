import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import { blocks, codeOf, serverOf } from "./blocks.ts";
import { type Program, start, startAlone, until } from "./program.ts";
import { complaintsAbout, makeProject } from "./project.ts";

let folder: string;
beforeAll(() => {
  folder = makeProject();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const all = blocks();

describe("in docs/cancel-real-work.md", () => {
  let complaints: Map<string, string[]>;
  beforeAll(() => {
    complaints = complaintsAbout(folder);
  });

  test.each(all)("$file compiles", ({ file }) => {
    expect(complaints.get(file) ?? []).toEqual([]);
  });

  test("the compiler complains about nothing else", () => {
    const files = new Set(all.map(({ file }) => file));
    expect([...complaints].filter(([file]) => !files.has(file)).flatMap(([, lines]) => lines)).toEqual([]);
  });

  test("every block of TypeScript has a name of its own", () => {
    const names = all.map(({ name }) => name);
    expect(names).not.toContain("");
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.skipIf(noPostgres)("of docs/cancel-real-work.md", () => {
  let postgres: PostgresServer;
  let admin: pg.Client;
  /** One of its own: what a transaction sees of the other connections stays the same until its end. */
  let locker: pg.Client;
  let program: Program | undefined;

  beforeAll(async () => {
    postgres = await startPostgres();
    [admin, locker] = [await client(), await client()];
    await admin.query("CREATE TABLE album (id serial PRIMARY KEY, title text, artist text, price float8)");
    await admin.query(
      `INSERT INTO album (title, artist, price) VALUES
       ('Blue Train', 'John Coltrane', 56.99), ('Giant Steps', 'John Coltrane', 63.99), ('Jeru', 'Gerry Mulligan', 17.99)`,
    );
    await admin.query("CREATE TABLE account (id int PRIMARY KEY, balance int)");
    await admin.query("INSERT INTO account VALUES (1, 100), (2, 100)");
    await admin.query("CREATE TABLE storm (id int)");
  });
  afterEach(async () => {
    await program?.stop("SIGKILL");
    program = undefined;
    await locker.query("ROLLBACK");
  });
  afterAll(async () => {
    await admin?.end();
    await locker?.end();
    await postgres?.stop();
  });

  async function client(): Promise<pg.Client> {
    const { host, port, user, database } = postgres;
    const made = new pg.Client({ host, port, user, database });
    await made.connect();
    return made;
  }

  function environment(file: string): Record<string, string> {
    const { host, port, user, database } = postgres;
    return { DATABASE_URL: `postgres://${user}@${host}:${port}/${database}?application_name=${file}` };
  }

  async function startProgram(file: string): Promise<Program> {
    program = await start(folder, file, environment(file));
    return program;
  }

  /** Starts a server that does what a part of the guide does, which may be altered for the test. */
  function startPart(part: string, alter: (code: string) => string = (code) => code): Promise<Program> {
    const file = `run-${part}.ts`;
    writeFileSync(join(folder, file), serverOf(altered(codeOf(part), alter)));
    return startProgram(file);
  }

  interface Connection {
    readonly pid: number;
    readonly state: string;
    readonly waits: string | null;
    readonly query: string;
  }

  /** Waits until the connections of a program look like that, and returns them. */
  function connections(file: string, holds: (connections: Connection[]) => boolean): Promise<Connection[]> {
    const ask = async (): Promise<Connection[]> => {
      const { rows } = await admin.query<Connection>(
        `SELECT pid, state, wait_event_type AS waits, query FROM pg_stat_activity
         WHERE application_name = $1 AND backend_type = 'client backend' ORDER BY pid`,
        [file],
      );
      return rows;
    };
    return until(ask, holds);
  }

  const waiting = (count: number) => (connections: Connection[]) =>
    connections.filter(({ state, waits }) => state === "active" && waits === "Lock").length === count;
  const idle = (connections: Connection[]): boolean => connections.every(({ state }) => state === "idle");

  /** Keeps the statements of programs waiting for a table while `body` runs. */
  async function whileLocked(table: string, body: () => Promise<void>): Promise<void> {
    await locker.query("BEGIN");
    try {
      await locker.query(`LOCK TABLE ${table}`);
      await body();
    } finally {
      await locker.query("ROLLBACK");
    }
  }

  const albums = [
    { title: "Blue Train", price: 56.99 },
    { title: "Giant Steps", price: 63.99 },
  ];
  const path = "/albums?artist=John%20Coltrane";

  const servers = ["server.ts", "express.ts", "fastify.ts", "koa.ts", "hono.ts"];
  /** Programs that take the place of albums.ts. */
  const layers = all.map(({ file }) => file).filter((file) => file.startsWith("albums-"));

  test.each([...servers, ...layers])(
    "%s stops the statement of a client that leaves, and keeps its connection",
    async (name) => {
      const file = layers.includes(name) ? `run-${name}` : name;
      if (file !== name) {
        writeFileSync(
          join(folder, file),
          altered(codeOf("server.ts"), (code) => code.replace("albums.ts", name)),
        );
      }
      const { url, ask, stop } = await startProgram(file);
      const answer = async (): Promise<unknown> => (await fetch(url + path)).json();
      expect(await answer()).toEqual(albums);
      const [before] = await connections(file, idle);

      await whileLocked("album", async () => {
        const [first, second] = [await ask(path), await ask(path)];
        await connections(file, waiting(2));
        first.destroy();
        await connections(file, waiting(1));
        second.resetAndDestroy();
        await connections(file, idle);
      });

      expect(await answer()).toEqual(albums);
      // Those that were canceled are still there. The answer may have needed one more: a connection comes back to the pool
      // only when its driver has settled, which can be after its caller has gone on.
      const after = (await connections(file, idle)).map(({ pid }) => pid);
      expect(after).toContain(before?.pid);
      expect([2, 3]).toContain(after.length);
      const { printed } = await stop("SIGKILL");
      // A client that leaves need not be reported; Kysely does it nevertheless.
      expect(printed).toMatch(name === "albums-kysely.ts" ? /^(`query` failed in the background .*\n){2}$/ : /^$/);
    },
  );

  test("graceful.ts lets requests finish and ends", async () => {
    const { ask, stop } = await startProgram("graceful.ts");
    await whileLocked("album", async () => {
      const socket = await ask("/");
      await connections("graceful.ts", waiting(1));
      const ended = stop("SIGTERM");
      await until(
        () => ask("/").then((socket) => socket.destroy(), String),
        (error) => error !== undefined,
      );
      await locker.query("COMMIT");
      expect(await text(socket)).toMatch(/200 OK[^]*\[{"title":"Jeru","price":17.99}\]$/);
      expect(await ended).toEqual({ code: 0, printed: "" });
    });
  });

  test("the middleware ends the statements of every request at its deadline", async () => {
    const insert = altered(codeOf("middleware"), (code) => code.replace("5 * time.second", "50"));
    const server = altered(codeOf("express.ts"), (code) => code.replace(/(const app = .*\n)/, `$1${insert}`));
    writeFileSync(
      join(folder, "run-middleware.ts"),
      server.replace("{ context, errors }", "{ context, errors, time }"),
    );
    const { url } = await startProgram("run-middleware.ts");
    await whileLocked("album", async () => {
      const response = await fetch(url + path);
      expect(response.status).toBe(504);
      expect(await response.text()).toBe("too slow\n");
      await connections("run-middleware.ts", idle);
    });
  });

  test("the part with a timeout stops the statement at its deadline", async () => {
    const { url, stop } = await startPart("timeout", (code) => code.replace("2 * time.second", "50"));
    await whileLocked("album", async () => {
      expect((await fetch(url)).status).toBe(500);
      await connections("run-timeout.ts", idle);
    });
    expect((await stop("SIGKILL")).printed).toContain("context deadline exceeded");
  });

  test("the part with a group stops the statement when the other call fails", async () => {
    const { url, stop } = await startPart("group", (code) => code.replace(/https:[^"]*/, "http://127.0.0.1:1"));
    await whileLocked("album", async () => {
      expect((await fetch(url)).status).toBe(500);
      await connections("run-group.ts", idle);
    });
    expect((await stop("SIGKILL")).printed).toContain('url.Error: Get "http://127.0.0.1:1": ');
  });

  test("the part with a transaction rolls back when the client leaves, and commits when it stays", async () => {
    const { url, ask } = await startPart("transaction");
    const balances = async (): Promise<unknown> =>
      (await admin.query("SELECT balance FROM account ORDER BY id")).rows.map(({ balance }) => balance as number);
    await locker.query("BEGIN");
    await locker.query("SELECT 1 FROM account WHERE id = 2 FOR UPDATE");
    const socket = await ask("/");
    await connections("run-transaction.ts", waiting(1));
    socket.destroy();
    await connections("run-transaction.ts", idle);
    await locker.query("ROLLBACK");
    expect(await balances()).toEqual([100, 100]);
    expect(await (await fetch(url)).text()).toBe("done");
    expect(await balances()).toEqual([90, 110]);
  });

  test("the part with a stream stops the statement when a slow client leaves", async () => {
    const endless = "SELECT generate_series(1, 1000000000) AS i, repeat('x', 1000) AS x";
    const { ask } = await startPart("stream", (code) => code.replace("SELECT * FROM album", endless));
    const socket = await ask("/");
    await once(socket, "readable");
    expect(await connections("run-stream.ts", (rows) => rows.length > 0)).toMatchObject([{ query: endless }]);
    socket.destroy();
    await connections("run-stream.ts", idle);
    expect((await program?.stop("SIGKILL"))?.printed).toBe("");
  });

  test("the part with a failure recognizes the driver's error", async () => {
    const { url } = await startPart("failure");
    expect(await (await fetch(url)).text()).toBe("done");
  });

  test("goroutines and groups inside abortable obey the signal of their own request, and no other", async () => {
    copyFileSync(join(import.meta.dirname, "goroutines.mjs"), join(folder, "goroutines.mjs"));
    const printed = await startAlone(folder, "goroutines.mjs", environment("goroutines.mjs"));
    const { rounds, ...report } = JSON.parse(printed) as { rounds: number };
    const queries = 2 * 4 * rounds;
    expect(report).toEqual({
      counts: { "who leaves: canceled": queries, "who stays: finished": queries },
      idle: true,
      waiting: 0,
    });
  });

  test("the pool of cancelable.ts survives cancels at any moment", async () => {
    copyFileSync(join(import.meta.dirname, "storm.mjs"), join(folder, "storm.mjs"));
    const printed = await startAlone(folder, "storm.mjs", environment("storm.mjs"));
    console.log(`the pool of the guide: ${printed.trim()}`);
    const { cancels, ...report } = JSON.parse(printed) as Record<string, unknown>;
    expect(report).toEqual({
      canceled: cancels,
      wrong: [],
      hit: [],
      surviving: [],
      stored: [],
      connections: 4,
      idle: 4,
      waiting: 0,
    });
  });
});

/** Alters a text. Fails if `alter` is to replace something that is not there. */
function altered(code: string, alter: (code: string) => string): string {
  const result = alter(code);
  const touched = alter.toString().includes("replace");
  if (touched && result === code) throw new Error(`nothing to replace in:\n${code}`);
  return result;
}
