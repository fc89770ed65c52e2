// What gocsp/sql costs beside the client libraries alone: npm run bench:sql (after bench/sql.ts), or
// node bench/sql-speed.ts [--quick] [--rounds 15] [--only postgres]
//
// All subjects of a workload run in one process, one after the other in each round, in random order; a ratio is made
// within a round. Starts its own PostgreSQL and MariaDB on loopback; one that is not installed is left out.
import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import mysqlClient from "mysql2/promise";
import pg from "pg";
import { installOnce, root } from "../scripts/project.ts";
import { context } from "../src/index.ts";
import { mysql } from "../src/sql/mysql/mysql.ts";
import { postgres } from "../src/sql/postgres/postgres.ts";
import * as sql from "../src/sql/sql.ts";
import { sqlite } from "../src/sql/sqlite/sqlite.ts";
import { noMariaDB, startMariaDB } from "../test/sql/servers/mariadb.ts";
import { noPostgres, startPostgres } from "../test/sql/servers/postgres.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { median, pairedRatio, shown, shuffled } from "./harness/stats.ts";
import { putTable } from "./harness/tables.ts";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string", default: "15" },
    only: { type: "string", default: "" },
  },
});
const rounds = flags.quick ? 3 : Number(flags.rounds);
const ctx = context.background();

/** Does `n` operations, and returns the sum of their results. */
type Run = (n: number) => Promise<number> | number;

interface Workload {
  readonly name: string;
  /** The number of operations in a sample. */
  readonly n: number;
  /** The result of each operation, if it is the same for all. */
  readonly each: number;
  /** The runs by name: ours is "gocsp", the second is the one it is compared with. */
  readonly subjects: Readonly<Record<string, Run>>;
  /** The upper limit for the ratio. */
  readonly target?: number;
}

interface Line {
  readonly group: string;
  readonly name: string;
  readonly target: number | undefined;
  /** Microseconds per operation. */
  readonly micros: Record<string, number>;
  /** Ours to each of the others. */
  readonly ratios: Record<string, number>;
  /** The same ratios for the processor time of the process, which other load on the machine affects less. */
  readonly cpu: Record<string, number>;
}

/** Runs an operation again and again, one at a time. */
const inTurn =
  (operation: (i: number) => Promise<number>): Run =>
  async (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += await operation(i);
    return sum;
  };

/** Runs an operation in several goroutines, which share the pool. */
const atOnce =
  (goroutines: number, operation: (i: number) => Promise<number>): Run =>
  async (n) => {
    let next = 0;
    let sum = 0;
    const work = async (): Promise<void> => {
      while (next < n) {
        // Not in the same expression as the sum, which other goroutines change during the await.
        const value = await operation(next++);
        sum += value;
      }
    };
    await Promise.all(Array.from({ length: goroutines }, work));
    return sum;
  };

async function measure(group: string, workload: Workload): Promise<Line> {
  const { name, n, each, subjects, target } = workload;
  const samples: Record<string, number[]> = Object.fromEntries(Object.keys(subjects).map((key) => [key, []]));
  const spent: Record<string, number[]> = Object.fromEntries(Object.keys(subjects).map((key) => [key, []]));
  // A server has run for longer than a compiler needs: each subject warms up for a second.
  for (const run of Object.values(subjects)) {
    const end = performance.now() + (flags.quick ? 0 : 1000);
    do await run(n);
    while (performance.now() < end);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [key, run] of shuffled(Object.entries(subjects))) {
      const before = process.cpuUsage();
      const start = performance.now();
      const sum = await run(n);
      const micros = ((performance.now() - start) * 1000) / n;
      if (sum !== n * each) throw new Error(`${group}, ${name}, ${key}: ${sum} instead of ${n * each}`);
      const { user, system } = process.cpuUsage(before);
      samples[key]?.push(micros);
      spent[key]?.push(user + system);
    }
  }
  const ratiosOf = (all: Record<string, number[]>): Record<string, number> =>
    Object.fromEntries(others.map((key) => [key, pairedRatio(all["gocsp"] as number[], all[key] as number[])]));
  const others = Object.keys(subjects).filter((key) => key !== "gocsp");
  return {
    group,
    name,
    target,
    micros: Object.fromEntries(Object.entries(samples).map(([key, all]) => [key, median(all)])),
    ratios: ratiosOf(samples),
    cpu: ratiosOf(spent),
  };
}

const lines: Line[] = [];
async function runAll(group: string, workloads: readonly Workload[]): Promise<void> {
  for (const workload of workloads) {
    const line = await measure(group, workload);
    lines.push(line);
    console.error(group, line.name, JSON.stringify(line.ratios));
  }
}

const pool = 10;
const fewer = (n: number): number => (flags.quick ? Math.ceil(n / 5) : n);

function ours(connector: sql.Connector): sql.DB {
  const db = sql.open(connector);
  db.setMaxOpenConns(pool);
  db.setMaxIdleConns(pool);
  return db;
}

/** The workloads that both servers have: `one` and `parameter` are the same statement for all. */
function common(
  subjects: Record<string, [one: () => Promise<number>, parameter: (i: number) => Promise<number>]>,
  targets: readonly [number, number, number],
): Workload[] {
  return [1, 10, 100].flatMap((goroutines, i) =>
    (["SELECT 1", "parameters"] as const).map((name) => ({
      name: `${name}, ${goroutines} at a time`,
      n: fewer(1000),
      each: 1,
      target: targets[i] as number,
      subjects: Object.fromEntries(
        Object.entries(subjects).map(([key, [one, parameter]]) => [
          key,
          atOnce(goroutines, name === "SELECT 1" ? one : parameter),
        ]),
      ),
    })),
  );
}

async function benchPostgres(): Promise<void> {
  const server = await startPostgres();
  const options = { host: "127.0.0.1", port: server.port, user: server.user, database: server.database };
  const db = ours(postgres(options));
  const client = new pg.Pool({ ...options, max: pool });
  const porsager = (createRequire(join(root, "bench", "package.json"))("postgres") as (options: object) => Porsager)({
    host: options.host,
    port: options.port,
    user: options.user,
    database: options.database,
    max: pool,
    onnotice: () => undefined,
  });
  await db.execContext(ctx, "CREATE TABLE album (id int PRIMARY KEY, title text, price float8, at timestamptz)");
  await db.execContext(
    ctx,
    "INSERT INTO album SELECT i, 'album ' || i, i / 7.0, now() FROM generate_series(1, 1000) i",
  );
  await db.execContext(ctx, "CREATE TABLE log (id int, text text)");
  const point = "SELECT id, title, price FROM album WHERE id = $1";
  const thousand = "SELECT id, title, price, at FROM album";
  const million = flags.quick ? 100_000 : 1_000_000;
  const series = `SELECT i, 'row ' || i AS t FROM generate_series(1, ${million}) i`;
  const insert = "INSERT INTO log VALUES ($1, $2)";
  const batch = 100;
  await runAll("PostgreSQL", [
    ...common(
      {
        gocsp: [
          async () => (await db.queryRowContext(ctx, "SELECT 1").scan(sql.int))[0],
          async (i) => ((await db.queryRowContext(ctx, "SELECT $1::int, $2::text", i, "x").scan())[1] === "x" ? 1 : 0),
        ],
        pg: [
          async () => ((await client.query({ text: "SELECT 1 AS a" })).rows[0] as { a: number }).a,
          async (i) =>
            ((await client.query("SELECT $1::int AS a, $2::text AS b", [i, "x"])).rows[0] as { b: string }).b === "x"
              ? 1
              : 0,
        ],
        porsager: [
          async () => ((await porsager.unsafe("SELECT 1 AS a", [], { prepare: true }))[0] as { a: number }).a,
          async (i) =>
            (
              (await porsager.unsafe("SELECT $1::int AS a, $2::text AS b", [i, "x"], { prepare: true }))[0] as {
                b: string;
              }
            ).b === "x"
              ? 1
              : 0,
        ],
      },
      [1.1, 1.1, 1.1],
    ),
    {
      name: "point query by text",
      n: fewer(500),
      each: 1,
      target: 0.7,
      subjects: {
        gocsp: inTurn(async (i) =>
          (await db.queryRowContext(ctx, point, 1 + (i % 1000)).scan()).length === 3 ? 1 : 0,
        ),
        pg: inTurn(async (i) => (await client.query(point, [1 + (i % 1000)])).rows.length),
        porsager: inTurn(async (i) => (await porsager.unsafe(point, [1 + (i % 1000)], { prepare: true })).length),
      },
    },
    {
      name: `insert in a transaction of ${batch}`,
      n: fewer(1000),
      each: 1,
      target: 0.7,
      subjects: {
        gocsp: inBatches(batch, async (size) => {
          await using tx = await db.beginTx(ctx);
          for (let i = 0; i < size; i++) await tx.execContext(ctx, insert, i, "some text");
          await tx.commit();
        }),
        pg: inBatches(batch, async (size) => {
          const one = await client.connect();
          await one.query("BEGIN");
          for (let i = 0; i < size; i++) await one.query(insert, [i, "some text"]);
          await one.query("COMMIT");
          one.release();
        }),
        porsager: inBatches(batch, async (size) => {
          await porsager.begin(async (tx) => {
            for (let i = 0; i < size; i++) await tx.unsafe(insert, [i, "some text"], { prepare: true });
          });
        }),
      },
    },
    {
      name: "1,000 rows of 4 columns, one a date",
      n: 20,
      each: 1000,
      target: 1,
      subjects: {
        gocsp: inTurn(async () => (await (await db.queryContext(ctx, thousand)).toArray()).length),
        pg: inTurn(async () => (await client.query(thousand)).rows.length),
        porsager: inTurn(async () => (await porsager.unsafe(thousand, [], { prepare: true })).length),
      },
    },
    {
      name: `${million.toLocaleString("en-US")} rows, streamed by us, whole by pg`,
      n: 1,
      each: million,
      target: 1.1,
      subjects: {
        gocsp: async () => {
          await using rows = await db.queryContext(ctx, series);
          let count = 0;
          while (await rows.next()) count++;
          return count;
        },
        pg: async () => (await client.query({ text: series, rowMode: "array" })).rows.length,
      },
    },
  ]);
  await db.close();
  await client.end();
  await porsager.end();
  await server.stop();
}

/** The part of the package `postgres` that is used. */
interface Porsager {
  unsafe(text: string, values: unknown[], options: object): Promise<object[]>;
  begin(f: (tx: Porsager) => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

/** Runs `n` operations in transactions of `size`. */
function inBatches(size: number, run: (size: number) => Promise<void>): Run {
  return async (n) => {
    for (let done = 0; done < n; done += size) await run(Math.min(size, n - done));
    return n;
  };
}

async function benchMariaDB(): Promise<void> {
  const server = await startMariaDB();
  const { port, user, password, database } = server;
  const options = { host: "127.0.0.1", port, user, password, database };
  const db = ours(mysql(options));
  const native = ours(mysql({ ...options, nativeDates: true }));
  const client = mysqlClient.createPool({ ...options, connectionLimit: pool, timezone: "Z" });
  await db.execContext(ctx, "CREATE TABLE album (id int PRIMARY KEY, title varchar(50), price double, at datetime)");
  await db.execContext(ctx, "INSERT INTO album SELECT seq, concat('album ', seq), seq / 7, now() FROM seq_1_to_1000");
  await db.execContext(ctx, "CREATE TABLE log (id int, text varchar(50)) ENGINE = InnoDB");
  const insert = "INSERT INTO log VALUES (?, ?)";
  const batch = 100;
  const point = "SELECT id, title, price FROM album WHERE id = ?";
  const rows = (text: string) => ({
    gocsp: inTurn(async () => (await (await db.queryContext(ctx, text)).toArray()).length),
    mysql2: inTurn(async () => ((await client.execute(text))[0] as unknown[]).length),
  });
  const dated = "SELECT id, title, price, at FROM album";
  await runAll("MariaDB", [
    ...common(
      {
        gocsp: [
          async () => (await db.queryRowContext(ctx, "SELECT 1").scan(sql.int))[0],
          async (i) => ((await db.queryRowContext(ctx, "SELECT ?, ?", i, "x").scan())[1] === "x" ? 1 : 0),
        ],
        mysql2: [
          async () => ((await client.query("SELECT 1 AS a"))[0] as { a: number }[])[0]?.a ?? 0,
          async (i) =>
            ((await client.execute("SELECT ? AS a, ? AS b", [i, "x"]))[0] as { b: string }[])[0]?.b === "x" ? 1 : 0,
        ],
      },
      [1.2, 1.2, 1.2],
    ),
    {
      name: "point query by text",
      n: fewer(500),
      each: 1,
      target: 1.2,
      subjects: {
        gocsp: inTurn(async (i) =>
          (await db.queryRowContext(ctx, point, 1 + (i % 1000)).scan()).length === 3 ? 1 : 0,
        ),
        mysql2: inTurn(async (i) => ((await client.execute(point, [1 + (i % 1000)]))[0] as unknown[]).length),
      },
    },
    {
      name: `insert in a transaction of ${batch}`,
      n: fewer(1000),
      each: 1,
      target: 1.2,
      subjects: {
        gocsp: inBatches(batch, async (size) => {
          await using tx = await db.beginTx(ctx);
          for (let i = 0; i < size; i++) await tx.execContext(ctx, insert, i, "some text");
          await tx.commit();
        }),
        mysql2: inBatches(batch, async (size) => {
          const one = await client.getConnection();
          await one.beginTransaction();
          for (let i = 0; i < size; i++) await one.execute(insert, [i, "some text"]);
          await one.commit();
          one.release();
        }),
      },
    },
    {
      name: "1,000 rows of 3 columns",
      n: 20,
      each: 1000,
      target: 1.2,
      subjects: rows("SELECT id, title, price FROM album"),
    },
    { name: "1,000 rows of 4 columns, one a date", n: 20, each: 1000, target: 1.4, subjects: rows(dated) },
    {
      name: "the same with nativeDates",
      n: 20,
      each: 1000,
      target: 1.4,
      subjects: {
        ...rows(dated),
        gocsp: inTurn(async () => (await (await native.queryContext(ctx, dated)).toArray()).length),
      },
    },
  ]);
  await db.close();
  await native.close();
  await client.end();
  await server.stop();
}

interface BetterSqlite {
  prepare(text: string): { get(...values: unknown[]): unknown; run(...values: unknown[]): unknown; all(): unknown[] };
  exec(text: string): void;
  close(): void;
}

async function benchSqlite(place: "a file" | "memory"): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-bench-"));
  const path = (name: string): string => (place === "memory" ? ":memory:" : join(folder, name));
  const db = sql.open(sqlite(path("ours.db")));
  const threads = sql.open(sqlite(path("threads.db"), { threads: true }));
  const node = new DatabaseSync(path("node.db"));
  const Better = createRequire(join(root, "bench", "package.json"))("better-sqlite3") as new (
    path: string,
  ) => BetterSqlite;
  const better = new Better(path("better.db"));
  const setup = `CREATE TABLE album (id INTEGER PRIMARY KEY, title TEXT, price REAL);
    INSERT INTO album WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000)
      SELECT i, 'album ' || i, i / 7.0 FROM n;
    CREATE TABLE log (id INTEGER, text TEXT)`;
  for (const one of [db, threads]) {
    one.setMaxOpenConns(1);
    await one.execContext(ctx, setup);
  }
  node.exec(setup);
  better.exec(setup);
  const point = "SELECT id, title, price FROM album WHERE id = ?";
  const insert = "INSERT INTO log VALUES (?, ?)";
  const batch = 1000;
  const pointOf = (row: unknown): number => (row === undefined ? 0 : 1);
  const prepared = await db.prepareContext(ctx, point);
  const inThread = await threads.prepareContext(ctx, point);
  const nodePoint = node.prepare(point);
  const betterPoint = better.prepare(point);
  const id = (i: number): number => 1 + ((i * 7919) % 100_000);
  const sync =
    (operation: (i: number) => number): Run =>
    (n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += operation(i);
      return sum;
    };
  const writes = (one: { exec(text: string): void }, run: (i: number) => unknown): Run =>
    inBatches(batch, async (size) => {
      one.exec("BEGIN IMMEDIATE");
      for (let i = 0; i < size; i++) run(i);
      one.exec("COMMIT");
    });
  const nodeInsert = node.prepare(insert);
  const betterInsert = better.prepare(insert);
  const text = (database: sql.DB): Run =>
    inTurn(async (i) => ((await database.queryRowContext(ctx, point, id(i)).scan()).length === 3 ? 1 : 0));
  const byText = (database: sql.DB): Run =>
    inBatches(batch, async (size) => {
      await using tx = await database.beginTx(ctx);
      for (let i = 0; i < size; i++) await tx.execContext(ctx, insert, i, "some text");
      await tx.commit();
    });
  const byStatement = (database: sql.DB): Run =>
    inBatches(batch, async (size) => {
      await using tx = await database.beginTx(ctx);
      await using statement = await tx.prepareContext(ctx, insert);
      for (let i = 0; i < size; i++) await statement.execContext(ctx, i, "some text");
      await tx.commit();
    });
  const scan = async (database: sql.DB): Promise<number> =>
    (await (await database.queryContext(ctx, "SELECT * FROM album")).toArray()).length;
  const isFile = place === "a file";
  const target = (value: number): { target?: number } => (isFile ? { target: value } : {});
  await runAll(`SQLite, ${place}`, [
    {
      name: "point query by text",
      n: fewer(2000),
      each: 1,
      ...target(1.3),
      subjects: {
        gocsp: text(db),
        "node:sqlite": sync((i) => pointOf(node.prepare(point).get(id(i)))),
        "better-sqlite3": sync((i) => pointOf(better.prepare(point).get(id(i)))),
        "gocsp, threads": text(threads),
      },
    },
    {
      name: "point query, prepared",
      n: fewer(2000),
      each: 1,
      ...target(1.6),
      subjects: {
        gocsp: inTurn(async (i) => ((await prepared.queryRowContext(ctx, id(i)).scan()).length === 3 ? 1 : 0)),
        "node:sqlite": sync((i) => pointOf(nodePoint.get(id(i)))),
        "better-sqlite3": sync((i) => pointOf(betterPoint.get(id(i)))),
        "gocsp, threads": inTurn(async (i) =>
          (await inThread.queryRowContext(ctx, id(i)).scan()).length === 3 ? 1 : 0,
        ),
      },
    },
    {
      name: `insert by text in a transaction of ${batch}`,
      n: fewer(5000),
      each: 1,
      ...target(2.5),
      subjects: {
        gocsp: byText(db),
        "node:sqlite": writes(node, (i) => node.prepare(insert).run(i, "some text")),
        "better-sqlite3": writes(better, (i) => better.prepare(insert).run(i, "some text")),
        "gocsp, threads": byText(threads),
      },
    },
    {
      name: `insert prepared in a transaction of ${batch}`,
      n: fewer(5000),
      each: 1,
      ...target(6),
      subjects: {
        gocsp: byStatement(db),
        "node:sqlite": writes(node, (i) => nodeInsert.run(i, "some text")),
        "better-sqlite3": writes(better, (i) => betterInsert.run(i, "some text")),
        "gocsp, threads": byStatement(threads),
      },
    },
    {
      name: "scan of 100,000 rows into objects",
      n: 1,
      each: 100_000,
      ...target(1),
      subjects: {
        gocsp: () => scan(db),
        "node:sqlite": () => node.prepare("SELECT * FROM album").all().length,
        "better-sqlite3": () => better.prepare("SELECT * FROM album").all().length,
        "gocsp, threads": () => scan(threads),
      },
    },
  ]);
  await prepared.close();
  await inThread.close();
  await db.close();
  await threads.close();
  node.close();
  better.close();
  rmSync(folder, { recursive: true, force: true });
}

function table(): string {
  const { cpu, cores, memory, system } = machine();
  const groups = [...new Set(lines.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const own = lines.filter((line) => line.group === group);
    const keys = Object.keys(own[0]?.micros ?? {});
    const others = keys.filter((key) => key !== "gocsp");
    return [
      `| ${group} | ${keys.map((key) => `${key}, us`).join(" | ")} | ${others.flatMap((key) => [`to ${key}`, "cpu"]).join(" | ")} | target |`,
      `|---|${"--:|".repeat(keys.length + 2 * others.length + 1)}`,
      ...own.map(({ name, micros, ratios, cpu, target }) => {
        const cells = [
          ...keys.map((key) => shown(micros[key] ?? NaN)),
          ...others.flatMap((key) =>
            [ratios[key], cpu[key]].map((ratio) => ratio?.toFixed(2).replace("NaN", "") ?? ""),
          ),
        ];
        const reached =
          target === undefined ? "" : (ratios[others[0] ?? ""] ?? Infinity) <= target ? `${target}` : `**${target}**`;
        return `| ${name} | ${cells.join(" | ")} | ${reached} |`;
      }),
      "",
    ].join("\n");
  });
  const load = loadavg()[0]?.toFixed(1) ?? "";
  return [
    ...tables,
    `Microseconds an operation, and ours to each of the others: medians of ${rounds} rounds, in each of which all subjects of a workload run right after each other in random order, after a second of each; ratios are medians of the rounds' ratios; "cpu" is the ratio of the time that the process spent on a core, to which others on the machine matter less. A target in bold was missed; it is for the first of the others. The servers and the client share the machine, which others used at the same time (load ${load}). ${cpu}, ${cores} cores, ${memory}, ${system}; node ${nodeVersion(process.execPath)}; gocsp at ${commit()}, ${new Date().toISOString().slice(0, 10)}.`,
    "",
  ].join("\n");
}

installOnce(join(root, "bench"));
const wanted = (name: string): boolean => name.toLowerCase().includes(flags.only.toLowerCase());
if (wanted("sqlite")) {
  await benchSqlite("a file");
  await benchSqlite("memory");
}
if (wanted("postgres") && noPostgres === undefined) await benchPostgres();
if (wanted("mariadb") && noMariaDB === undefined) await benchMariaDB();
const folder = join(root, "bench", "results");
mkdirSync(folder, { recursive: true });
if (flags.only === "") {
  const record = { commit: commit(), machine: machine(), load: loadavg(), rounds, lines };
  writeFileSync(join(folder, "sql-speed.json"), `${JSON.stringify(record, undefined, 2)}\n`);
  writeFileSync(join(folder, "sql-speed.md"), table());
  putTable("docs/databases.md", "speed", table());
  await import("./sql-readme.ts");
}
console.log(table());
