// How fast a query stops, how it affects the event loop, and what the pool costs: npm run bench:sql [-- --quick]
//
// Starts its own PostgreSQL and MariaDB on loopback; one that is not installed is left out.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import mysqlClient from "mysql2/promise";
import pg from "pg";
import { context, time } from "../src/index.ts";
import type { Connector } from "../src/sql/driver/driver.ts";
import { mysql } from "../src/sql/mysql/mysql.ts";
import { postgres } from "../src/sql/postgres/postgres.ts";
import * as sql from "../src/sql/sql.ts";
import { sqlite } from "../src/sql/sqlite/sqlite.ts";
import { root } from "../scripts/project.ts";
import { noMariaDB, startMariaDB } from "../test/sql/servers/mariadb.ts";
import { noPostgres, startPostgres } from "../test/sql/servers/postgres.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { median, pairedRatio, quantile } from "./harness/stats.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const cancels = values.quick ? 50 : 300;
const rounds = values.quick ? 5 : 25;
const queriesPerRound = 200;
const background = context.background();

interface Subject {
  readonly name: string;
  readonly connector: () => Connector;
  readonly endless: string;
  /** A query with one parameter. */
  readonly small: string;
  /** Runs the small query by the client library alone, if there is one. */
  readonly client?: { query(): Promise<unknown>; end(): Promise<void> };
  readonly stop: () => Promise<void>;
}

interface Line {
  readonly name: string;
  readonly cancel: { p50: number; p99: number; count: number; lost: number };
  readonly lateness: { p50: number; p99: number };
  readonly perQuery: { pool: number; driver: number; client: number | undefined };
  readonly ratios: { poolToDriver: number; poolToClient: number | undefined };
}

const recursive = (from: string): string =>
  `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n`;

async function subjects(): Promise<Subject[]> {
  const nothing = async (): Promise<void> => undefined;
  const folder = mkdtempSync(join(tmpdir(), "gocsp-bench-"));
  const removeFolder = async (): Promise<void> => rmSync(folder, { recursive: true, force: true });
  const file = join(folder, "bench.db");
  const small = "SELECT ?";
  const list: Subject[] = [
    { name: "SQLite, in memory", connector: () => sqlite(":memory:"), endless: recursive("1"), small, stop: nothing },
    { name: "SQLite, a file", connector: () => sqlite(file), endless: recursive("1"), small, stop: removeFolder },
  ];
  if (noPostgres === undefined) {
    const server = await startPostgres();
    const options = { host: "127.0.0.1", port: server.port, user: server.user, database: server.database };
    const client = new pg.Client(options);
    await client.connect();
    const text = "SELECT $1::int";
    list.push({
      name: "PostgreSQL",
      connector: () => postgres(options),
      endless: recursive("1::bigint"),
      small: text,
      client: { query: () => client.query({ text, values: [1], rowMode: "array" }), end: () => client.end() },
      stop: () => server.stop(),
    });
  } else console.error(noPostgres);
  if (noMariaDB === undefined) {
    const server = await startMariaDB();
    const { port, user, password, database } = server;
    const options = { host: "127.0.0.1", port, user, password, database };
    const client = await mysqlClient.createConnection(options);
    list.push({
      name: "MariaDB",
      connector: () => mysql(options),
      endless: "SELECT benchmark(1000000000, sha2('x', 512))",
      small,
      client: { query: () => client.execute(small, [1]), end: () => client.end() },
      stop: () => server.stop(),
    });
  } else console.error(noMariaDB);
  return list;
}

async function measure(subject: Subject): Promise<Line> {
  const db = sql.open(subject.connector());
  db.setMaxOpenConns(1);
  await db.pingContext(background);
  const stopLateness = sampleLateness();
  const times: number[] = [];
  let lost = 0;
  for (let i = 0; i < cancels; i++) {
    const [ctx, cancel] = context.withCancel(background);
    const query = db.queryRowContext(ctx, subject.endless).scan();
    const settled = query.then(
      () => false,
      () => true,
    );
    await time.sleep(Math.random() * 20);
    const start = performance.now();
    cancel();
    if (!(await settled)) throw new Error(`${subject.name}: the endless query has ended by itself`);
    times.push(performance.now() - start);
    // The cancel must not reach the next statement on the connection.
    await db
      .queryRowContext(background, subject.small, i)
      .scan()
      .catch(() => lost++);
  }
  const lateness = stopLateness();
  const connector = subject.connector();
  const conn = await connector.connect(background);
  const bare = async (): Promise<void> => {
    const args = [{ name: "", ordinal: 1, value: 1 }];
    const rows = await conn.query?.(background, subject.small, args);
    await rows?.next();
    await rows?.close();
  };
  const costs: { pool: number[]; driver: number[]; client: number[] } = { pool: [], driver: [], client: [] };
  const { client } = subject;
  const ways: [number[], () => Promise<unknown>][] = [
    [costs.pool, () => db.queryRowContext(background, subject.small, 1).scan()],
    [costs.driver, bare],
  ];
  if (client !== undefined) ways.push([costs.client, () => client.query()]);
  // The first rounds warm the compiler up.
  for (let round = -3; round < rounds; round++) {
    for (const [cost, query] of round % 2 === 0 ? ways : ways.toReversed()) {
      const microseconds = await perQuery(query);
      if (round >= 0) cost.push(microseconds);
    }
  }
  await conn.close();
  await connector.close?.();
  await db.close();
  await client?.end();
  await subject.stop();
  const hasClient = client !== undefined;
  return {
    name: subject.name,
    cancel: { p50: quantile(times, 0.5), p99: quantile(times, 0.99), count: cancels, lost },
    lateness,
    perQuery: {
      pool: median(costs.pool),
      driver: median(costs.driver),
      client: hasClient ? median(costs.client) : undefined,
    },
    ratios: {
      poolToDriver: pairedRatio(costs.pool, costs.driver),
      poolToClient: hasClient ? pairedRatio(costs.pool, costs.client) : undefined,
    },
  };
}

/** Returns the microseconds that one query takes, of a row of them. */
async function perQuery(query: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < queriesPerRound; i++) await query();
  return ((performance.now() - start) / queriesPerRound) * 1000;
}

/** Measures the delay of timers of 2 ms until the returned function is called. */
function sampleLateness(): () => { p50: number; p99: number } {
  const late: number[] = [];
  let due = performance.now() + 2;
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(Math.max(now - due, 0));
    due = now + 2;
  }, 2);
  return () => {
    clearInterval(timer);
    return { p50: quantile(late, 0.5), p99: quantile(late, 0.99) };
  };
}

function table(lines: readonly Line[]): string {
  const ms = (value: number): string => value.toFixed(value < 1 ? 2 : 1);
  const us = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(0));
  const ratio = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(2));
  const { cpu, cores, memory, system } = machine();
  return [
    "| driver | cancel to settled, p50 / p99, ms | following queries hit | event loop late, p50 / p99, ms | per query, us: pool | bare driver | client library | pool / driver | pool / library |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...lines.map(
      ({ name, cancel, lateness, perQuery, ratios }) =>
        `| ${name} | ${ms(cancel.p50)} / ${ms(cancel.p99)} | ${cancel.lost} of ${cancel.count} | ${ms(lateness.p50)} / ${ms(lateness.p99)} | ${us(perQuery.pool)} | ${us(perQuery.driver)} | ${us(perQuery.client)} | ${ratio(ratios.poolToDriver)} | ${ratio(ratios.poolToClient)} |`,
    ),
    "",
    `${cpu}, ${cores} cores, ${memory}, ${system}; node ${nodeVersion(process.execPath)}; gocsp at ${commit()}, ${new Date().toISOString().slice(0, 10)}. Medians of ${rounds} rounds of ${queriesPerRound} queries; ratios are medians of the rounds' ratios. The servers and the client share the machine.`,
    "",
  ].join("\n");
}

const lines: Line[] = [];
for (const subject of await subjects()) {
  lines.push(await measure(subject));
  console.error(JSON.stringify(lines.at(-1)));
}
const folder = join(root, "bench", "results");
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, "sql.json"),
  `${JSON.stringify({ commit: commit(), machine: machine(), lines }, undefined, 2)}\n`,
);
writeFileSync(join(folder, "sql.md"), table(lines));
console.log(table(lines));
