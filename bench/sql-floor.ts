// What the targets of bench/sql-speed.ts could cost at best: node bench/sql-floor.ts [--quick] [--only sqlite]
//
// "least" is the least code that keeps the promise of a driver: a statement can be stopped, the event loop stays free, memory
// is bounded. It has no pool, no lease and no context. It runs beside the client library in each round, as in
// bench/sql-speed.ts; what is left between its ratio and ours is what gocsp/sql costs by itself, which "sql alone" shows:
// gocsp/sql over a driver that answers at once.
import { writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { loadavg } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import mysqlClient from "mysql2";
import mysqlPromise from "mysql2/promise";
import pg from "pg";
import { root } from "../scripts/project.ts";
import { context } from "../src/index.ts";
import type { Conn } from "../src/sql/driver/driver.ts";
import { pack } from "../src/sql/postgres/messages.ts";
import { parserFor } from "../src/sql/postgres/types.ts";
import { makerOf } from "../src/sql/row-maker.ts";
import * as sql from "../src/sql/sql.ts";
import { readRow } from "../src/sql/sqlite/columns.ts";
import { Suspender } from "../src/sql/sqlite/local-suspender.ts";
import { Memory } from "../src/sql/sqlite/text.ts";
import { rowCode } from "../src/sql/sqlite/stepper.ts";
import { load, type Pointer } from "../src/sql/sqlite/wasm.ts";
import { noMariaDB, startMariaDB } from "../test/sql/servers/mariadb.ts";
import { noPostgres, startPostgres } from "../test/sql/servers/postgres.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { median, pairedRatio, shown, shuffled } from "./harness/stats.ts";
import { putTable } from "./harness/tables.ts";

const { values: flags } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});
const rounds = flags.quick ? 3 : 15;
const ctx = context.background();

/** Does `n` operations, and returns how many rows came of them, or were changed. */
type Run = (n: number) => Promise<number> | number;

interface Line {
  readonly name: string;
  /** What the least code does, and what it costs beside the library. */
  readonly what: string;
  readonly micros: Record<string, number>;
  readonly ratio: number | undefined;
}

const lines: Line[] = [];

/** Measures what is "least" beside the library, if there is one. */
async function measure(
  name: string,
  [n, each]: readonly [n: number, each: number],
  what: string,
  subjects: Record<string, Run>,
): Promise<void> {
  const samples: Record<string, number[]> = {};
  for (let round = -2; round < rounds; round++) {
    for (const [key, run] of shuffled(Object.entries(subjects))) {
      const start = performance.now();
      const rows = await run(n);
      if (rows !== n * each) throw new Error(`${name}, ${key}: ${rows} rows instead of ${n * each}`);
      if (round >= 0) (samples[key] ??= []).push(((performance.now() - start) * 1000) / n);
    }
  }
  const { least = [], library } = samples;
  const micros = Object.fromEntries(Object.entries(samples).map(([key, all]) => [key, median(all)]));
  const ratio = library === undefined ? undefined : pairedRatio(least, library);
  lines.push({ name, what, micros, ratio });
  console.error(name, JSON.stringify(micros), ratio);
}

/** Does an operation again and again, one at a time. */
const inTurn =
  (operation: (i: number) => Promise<number> | number): Run =>
  async (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += await operation(i);
    return sum;
  };

/** The same, where nothing has to be waited for. */
const atOnce =
  (operation: (i: number) => number): Run =>
  (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += operation(i);
    return sum;
  };

const wanted = (name: string): boolean => name.toLowerCase().includes(flags.only.toLowerCase());

/** gocsp/sql over a driver that answers at once. */
async function floorOfSql(): Promise<void> {
  const answer = { columns: [{ name: "n", databaseTypeName: "int" }], row: [[1]], none: [] };
  const conn: Conn = {
    prepare: () => Promise.reject(new Error("nothing is prepared here")),
    begin: async () => ({ commit: async () => undefined, rollback: async () => undefined }),
    close: async () => undefined,
    query: async () => {
      let read = false;
      const next = async (): Promise<number[][]> => (read ? answer.none : ((read = true), answer.row));
      return { columns: answer.columns, next, close: async () => undefined };
    },
    exec: async () => ({ lastInsertId: () => 1, rowsAffected: () => 1 }),
    resetSession: async () => undefined,
    // As all drivers here.
    needsReset: () => false,
    isValid: () => true,
  };
  const db = sql.open({ connect: async () => conn });
  await measure("sql alone, queryRow", [2000, 1], "the pool, the lease and the context", {
    least: inTurn(async () => (await db.queryRowContext(ctx, "SELECT 1").scan()).length),
  });
  await measure("sql alone, exec", [2000, 1], "the same", {
    least: inTurn(async () => (await db.execContext(ctx, "INSERT")).rowsAffected()),
  });
  await db.close();
}

/** SQLite's own build, with what suspends it, beside node:sqlite; both in memory. */
async function floorOfSqlite(): Promise<void> {
  const sqlite = await load();
  const { wasm, capi } = sqlite;
  const x = wasm.exports;
  const suspender = new Suspender(sqlite);
  const runner = suspender.runner(1);
  // All of it is one task, which nobody stops.
  runner.begin();
  const memory = new Memory(sqlite);
  const out = wasm.alloc(8);
  x.sqlite3_open_v2(memory.putText(":memory:"), out, 6, 0);
  const handle = wasm.heap32()[out >> 2] as Pointer;
  x.sqlite3_progress_handler(handle, 1000, suspender.onProgress, 1);
  const compile = (sqlText: string): Pointer => {
    const at = memory.putText(sqlText);
    x.sqlite3_prepare_v2(handle, at, memory.written, out, 0);
    return wasm.heap32()[out >> 2] as Pointer;
  };
  const setup = `CREATE TABLE album (id INTEGER PRIMARY KEY, title TEXT, price REAL);
    INSERT INTO album WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000)
      SELECT i, 'album ' || i, i / 7.0 FROM n;
    CREATE TABLE log (id INTEGER, text TEXT)`;
  for (const one of setup.split(";")) x.sqlite3_step(compile(one));
  const native = new DatabaseSync(":memory:");
  native.exec(setup);

  const row = (statement: Pointer): unknown[] => readRow(sqlite, memory, statement, 3, () => undefined);
  const id = (i: number): number => 1 + ((i * 7919) % 100_000);
  const kept = new Map<string, Pointer>();
  const statementOf = (sqlText: string): Pointer => {
    let statement = kept.get(sqlText);
    if (statement === undefined) kept.set(sqlText, (statement = compile(sqlText)));
    return statement;
  };
  const point = "SELECT id, title, price FROM album WHERE id = ?";
  const insert = "INSERT INTO log VALUES (?, ?)";
  const getRow = async (i: number): Promise<number> => {
    const statement = statementOf(point);
    x.sqlite3_bind_int(statement, 1, id(i));
    let found: unknown[] = [];
    const take = (): boolean => {
      found = row(statement);
      return false;
    };
    const code = runner.run(statement, take, () => undefined, false);
    if (typeof code !== "number") await code;
    x.sqlite3_reset(statement);
    return found.length === 3 ? 1 : 0;
  };
  const kinds = "a statement that is kept by its text, run directly as it has not run for a millisecond; one promise";
  await measure("SQLite, point query by text", [2000, 1], kinds, {
    least: inTurn(getRow),
    library: atOnce((i) => (native.prepare(point).get(id(i)) === undefined ? 0 : 1)),
  });
  const change = async (i: number): Promise<number> => {
    const statement = statementOf(insert);
    x.sqlite3_bind_int(statement, 1, i);
    const at = memory.putText("some text");
    x.sqlite3_bind_text(statement, 2, at, memory.written, capi.SQLITE_WASM_DEALLOC);
    await runner.run(statement, () => true, undefined, false);
    x.sqlite3_reset(statement);
    return Number(x.sqlite3_changes64(handle));
  };
  const step = (text: string): void => {
    x.sqlite3_step(statementOf(text));
    x.sqlite3_reset(statementOf(text));
  };
  const inTransaction: Run = async (n) => {
    step("BEGIN");
    const changed = await inTurn(change)(n);
    step("ROLLBACK");
    return changed;
  };
  const natively =
    (operation: (i: number) => number): Run =>
    (n) => {
      native.exec("BEGIN");
      const changed = atOnce(operation)(n);
      native.exec("ROLLBACK");
      return changed;
    };
  const nativeInsert = native.prepare(insert);
  const inserting = "a call that can be suspended from its beginning, because a change must not begin twice";
  await measure("SQLite, insert by text", [2000, 1], inserting, {
    least: inTransaction,
    library: natively((i) => Number(native.prepare(insert).run(i, "some text").changes)),
  });
  await measure("SQLite, insert prepared", [2000, 1], inserting, {
    least: inTransaction,
    library: natively((i) => Number(nativeInsert.run(i, "some text").changes)),
  });
  const scan = "SELECT * FROM album";
  await measure("SQLite, scan", [1, 100_000], "calls that can be suspended, for 256 rows each, and objects of these", {
    least: async () => {
      const statement = statementOf(scan);
      const all: object[] = [];
      const make = makerOf(["id", "title", "price"]);
      let code = rowCode;
      while (code === rowCode) {
        const rows: unknown[][] = [];
        code = await runner.run(statement, () => rows.push(row(statement)) < 256, undefined, false);
        for (const values of rows) all.push(make(values));
      }
      x.sqlite3_reset(statement);
      return all.length;
    },
    library: () => native.prepare(scan).all().length,
  });
  native.close();
}

/** Bytes on a socket, beside `pg`. */
async function floorOfPostgres(): Promise<void> {
  const server = await startPostgres();
  const { port, user, database } = server;
  const options = { host: "127.0.0.1", port, user, database };
  const client = new pg.Client(options);
  await client.connect();
  await client.query("CREATE TABLE album (id int PRIMARY KEY, title text, price float8, at timestamptz)");
  await client.query("INSERT INTO album SELECT i, 'album ' || i, i / 7.0, now() FROM generate_series(1, 1000) i");
  await client.query("CREATE TABLE log (id int, text text)");
  const insert = "INSERT INTO log VALUES ($1, $2)";
  const socket = await loggedIn(port, user, database);
  const exchange = exchanging(socket);
  await exchange(pack([{ kind: "parse", name: "i", text: insert }, { kind: "sync" }]));
  const batches =
    (begin: () => Promise<unknown>, one: (i: number) => Promise<number>, end: () => Promise<unknown>): Run =>
    async (n) => {
      let changed = 0;
      for (let done = 0; done < n; done += 100) {
        await begin();
        changed += await inTurn(one)(100);
        await end();
      }
      return changed;
    };
  const plain = (text: string) => () => exchange(pack([{ kind: "query", text }]));
  await measure(
    "PostgreSQL, insert in a transaction of 100",
    [500, 1],
    "a statement that the server keeps: one buffer written to a socket, and the end of its answer looked at",
    {
      least: batches(
        plain("BEGIN"),
        async (i) => {
          const bind = { kind: "bind", name: "i", values: [String(i), "some text"] } as const;
          await exchange(pack([bind, { kind: "execute", rows: 0 }, { kind: "sync" }]));
          return 1;
        },
        plain("COMMIT"),
      ),
      library: batches(
        () => client.query("BEGIN"),
        async (i) => (await client.query(insert, [i, "some text"])).rowCount ?? 0,
        () => client.query("COMMIT"),
      ),
    },
  );
  socket.destroy();
  const thousand = "SELECT id, title, price, at FROM album";
  const query = { name: "t", text: thousand, rowMode: "array", types: { getTypeParser: parserFor as never } };
  const what = "`pg` itself, with the readers of values and the maker of objects that we have";
  await measure("PostgreSQL, 1,000 rows", [20, 1000], what, {
    least: inTurn(async () => {
      const { rows } = await client.query<unknown[]>(query);
      return rows.map(makerOf(["id", "title", "price", "at"])).length;
    }),
    library: inTurn(async () => (await client.query(thousand)).rows.length),
  });
  await client.end();
  await server.stop();
}

/** A socket on which a server that asks for no password takes statements. */
async function loggedIn(port: number, user: string, database: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await new Promise((resolve) => socket.once("connect", resolve));
  const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parameters.length, 0);
  head.writeUInt32BE(0x3_0000, 4);
  const exchange = exchanging(socket);
  await exchange(Buffer.concat([head, parameters]));
  return socket;
}

/** Returns what writes to a server of PostgreSQL and waits until it is ready for the next: `Z`, five bytes, status. */
function exchanging(socket: Socket): (message: Buffer) => Promise<void> {
  let settle: (() => void) | undefined;
  socket.on("data", (bytes: Buffer) => {
    // Its answers here are short: one read has all of the last message.
    if (bytes[bytes.length - 6] === 0x5a) settle?.();
  });
  return (message) =>
    new Promise((resolve) => {
      settle = resolve;
      socket.write(message);
    });
}

/** `mysql2` without its pool, beside `mysql2`. */
async function floorOfMariaDB(): Promise<void> {
  const server = await startMariaDB();
  const { port, user, password, database } = server;
  const options = { host: "127.0.0.1", port, user, password, database, timezone: "Z" };
  const pool = mysqlPromise.createPool({ ...options, connectionLimit: 10 });
  await pool.query("CREATE TABLE album (id int PRIMARY KEY, title varchar(50), price double, at datetime)");
  await pool.query("INSERT INTO album SELECT seq, concat('album ', seq), seq / 7, now() FROM seq_1_to_1000");
  const bare = Array.from({ length: 10 }, () => mysqlClient.createConnection({ ...options, rowsAsArray: true }));
  const idle = [...bare];
  const waiting: ((client: mysqlClient.Connection) => void)[] = [];
  const parameters = "SELECT ? AS a, ? AS b";
  /** Runs one statement on a connection that nobody else uses. */
  const single = async (i: number): Promise<number> => {
    const client = idle.pop() ?? (await new Promise<mysqlClient.Connection>((resolve) => waiting.push(resolve)));
    const { length } = await eventsOf(client, parameters, [i, "x"]);
    const next = waiting.shift();
    if (next === undefined) idle.push(client);
    else next(client);
    return length;
  };
  const pooled = async (text: string, values: (string | number)[]): Promise<number> =>
    ((await pool.execute(text, values))[0] as unknown[]).length;
  for (const goroutines of [10, 100]) {
    const together =
      (operation: (i: number) => Promise<number>): Run =>
      async (n) => {
        let [next, sum] = [0, 0];
        const work = async (): Promise<void> => {
          while (next < n) {
            const rows = await operation(next++);
            sum += rows;
          }
        };
        await Promise.all(Array.from({ length: goroutines }, work));
        return sum;
      };
    await measure(
      `MariaDB, parameters, ${goroutines} at a time`,
      [500, 1],
      "rows by the events of `mysql2`, so that reading can pause; ten connections and a list of those that are idle",
      { least: together(single), library: together((i) => pooled(parameters, [i, "x"])) },
    );
  }
  for (const [name, columns] of [
    ["1,000 rows", ["id", "title", "price"]],
    ["1,000 rows, one column a date", ["id", "title", "price", "at"]],
  ] as const) {
    const text = `SELECT ${columns.join(", ")} FROM album`;
    const one = bare[0] as mysqlClient.Connection;
    await measure(`MariaDB, ${name}`, [20, 1000], "an event for each row, of which an object is made", {
      least: inTurn(async () => (await eventsOf(one, text, [])).map(makerOf(columns)).length),
      library: inTurn(() => pooled(text, [])),
    });
  }
  for (const client of bare) client.destroy();
  await pool.end();
  await server.stop();
}

/** Runs a statement, and collects its rows by the events of its command: its form with a callback cannot pause. */
function eventsOf(client: mysqlClient.Connection, text: string, values: (string | number)[]): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    const rows: unknown[][] = [];
    const command = client.execute(text, values) as unknown as {
      on(event: string, listener: (value: never) => void): void;
    };
    command.on("result", (row: unknown[]) => void rows.push(row));
    command.on("error", reject);
    command.on("end", () => resolve(rows));
  });
}

function table(): string {
  const { cpu, cores } = machine() as { cpu: string; cores: number };
  return [
    "| | least, us | library, us | least / library | the least is |",
    "|---|--:|--:|--:|---|",
    ...lines.map(({ name, what, micros, ratio }) => {
      const cells = [shown(micros["least"] ?? NaN), shown(micros["library"] ?? NaN), ratio?.toFixed(2) ?? "", what];
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
    "",
    `Microseconds an operation, medians of ${rounds} rounds. ${cpu}, ${cores} cores, load ${loadavg()[0]?.toFixed(1) ?? ""}; node ${nodeVersion(process.execPath)}; gocsp at ${commit()}, ${new Date().toISOString().slice(0, 10)}.`,
    "",
  ].join("\n");
}

if (wanted("sql")) await floorOfSql();
if (wanted("sqlite")) await floorOfSqlite();
if (wanted("postgres") && noPostgres === undefined) await floorOfPostgres();
if (wanted("mariadb") && noMariaDB === undefined) await floorOfMariaDB();
if (flags.only === "" && !flags.quick) {
  writeFileSync(join(root, "bench", "results", "sql-floor.md"), table());
  putTable("docs/databases.md", "floor", table());
}
console.log(table());
