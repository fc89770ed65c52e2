/**
 * A service under load whose clients leave and whose deadlines pass at any moment: `npm run bench:service -- 20` runs
 * it for twenty minutes and writes `bench/results/service.md`.
 *
 * For each engine there is a server of `node:http`, a pool of five connections and twelve clients. A client sends
 * requests with random deadlines, and may leave at a random moment. Handlers insert, in transactions and without, read,
 * and run statements that take long. Between two steps they sometimes compute, which blocks the event loop, so that
 * deadlines pass unnoticed.
 *
 * The ledger records the answers of the clients. At the end every confirmed insert must be there, everything that was
 * rolled back must not, each answer must belong to its request, and no connection may be in use.
 */

import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";
import { type Context, context, errors, main, time } from "../src/index.ts";
import * as http from "../src/http/http.ts";
import * as errgroup from "../src/errgroup/errgroup.ts";
import * as sql from "../src/sql/sql.ts";
import { mysql } from "../src/sql/mysql/mysql.ts";
import { postgres } from "../src/sql/postgres/postgres.ts";
import { sqlite } from "../src/sql/sqlite/sqlite.ts";
import { mulberry32 } from "../test/support/random.ts";
import { startMariaDB } from "../test/sql/servers/mariadb.ts";
import { startPostgres } from "../test/sql/servers/postgres.ts";

const background = context.background();
const minutes = Number(process.argv[2] ?? 1);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const next = mulberry32(seed);

/** What differs from one engine to the other. */
interface Engine {
  readonly name: string;
  readonly db: sql.DB;
  /** The text of the one argument of a statement. */
  readonly arg: string;
  readonly many: string;
  readonly slow: string;
  stop(): Promise<void>;
}

/** The outcomes of the requests. */
class Ledger {
  requests = 0;
  left = 0;
  late = 0;
  stopped = 0;
  readonly confirmed = new Set<number>();
  readonly rolledBack = new Set<number>();
  readonly wrong: string[] = [];
  /** The smallest and the largest number of connections in use that was ever seen. */
  least = 0;
  most = 0;
}

async function openPostgres(): Promise<Engine> {
  const server = await startPostgres();
  const { host, port, user, database } = server;
  return {
    name: "PostgreSQL",
    db: sql.open(postgres({ host, port, user, database })),
    arg: "$1",
    many: "SELECT generate_series(1, 2000) AS n",
    slow: "SELECT pg_sleep(30)",
    stop: () => server.stop(),
  };
}

async function openMariaDB(): Promise<Engine> {
  const server = await startMariaDB();
  const { host, port, user, password, database } = server;
  return {
    name: "MariaDB",
    db: sql.open(mysql({ host, port, user, password, database })),
    arg: "?",
    many: "SELECT seq AS n FROM seq_1_to_2000",
    slow: "SELECT SLEEP(30)",
    stop: () => server.stop(),
  };
}

async function openSqlite(): Promise<Engine> {
  return {
    name: "SQLite, in memory",
    db: sql.open(sqlite(":memory:")),
    arg: "?",
    many: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) SELECT i AS n FROM n",
    slow: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    stop: async () => undefined,
  };
}

/** Returns the handler of one service. */
function service({ db, arg, many, slow }: Engine, ledger: Ledger): Parameters<typeof http.handler>[0] {
  const insert = `INSERT INTO entry (id) VALUES (${arg})`;
  return async (requestCtx, req, res) => {
    const [path = "", id = "0", timeout = "0"] = (req.url ?? "").slice(1).split("/");
    const [ctx, cancel] = context.withTimeout(requestCtx, Number(timeout));
    using _ = cancel;
    try {
      if (path === "exec") {
        await db.execContext(ctx, insert, Number(id));
      } else if (path === "commit" || path === "rollback") {
        await using tx = await db.beginTx(ctx);
        await tx.execContext(ctx, insert, Number(id));
        compute();
        const [seen] = await tx
          .queryRowContext(ctx, `SELECT id FROM entry WHERE id = ${arg}`, Number(id))
          .scan(sql.int);
        if (seen !== Number(id)) ledger.wrong.push(`asked for ${id}, got ${seen}`);
        compute();
        if (path === "commit") await tx.commit();
        else await tx.rollback();
      } else if (path === "rows") {
        let sum = 0;
        for await (const { n } of (await db.queryContext(ctx, many)).as({ n: sql.int })) {
          sum += n;
          if (sum > 1e4 && Number(id) % 2 === 0) {
            compute();
            break;
          }
        }
      } else if (path === "slow") {
        await db.queryRowContext(ctx, slow).scan();
      } else {
        const [echo] = await db
          .queryRowContext(ctx, `SELECT ${arg === "$1" ? "$1::int8" : arg}`, Number(id))
          .scan(sql.int);
        if (echo !== Number(id)) ledger.wrong.push(`asked for ${id}, got ${echo}`);
      }
      res.end(id);
    } catch (error) {
      // A rollback that comes after the end of its context finds the transaction rolled back, as in Go.
      const isRolledBack = path === "rollback" && ctx.err() !== undefined && error === sql.errTxDone;
      if (!errors.is(error, ctx.err()) && !isRolledBack) ledger.wrong.push(`${path}: ${String(error)}`);
      // The client does not know the outcome then.
      if (errors.is(error, context.deadlineExceeded)) ledger.late++;
      else ledger.stopped++;
      res.statusCode = 504;
      res.end();
    }
  };
}

/** Sometimes blocks the event loop, as work on a result does. */
function compute(): void {
  if (next() < 0.5) return;
  const until = performance.now() + next() * 40;
  while (performance.now() < until);
}

let ids = 0;

/** Sends one request, and may leave before the answer. */
function request(port: number, ledger: Ledger): Promise<void> {
  const kinds = ["exec", "commit", "commit", "rollback", "rows", "slow", "echo"];
  const kind = kinds[Math.floor(next() * kinds.length)] as string;
  const id = ++ids;
  ledger.requests++;
  const timeout = next() < 0.3 ? 5000 : next() * (next() < 0.5 ? 40 : 400);
  return new Promise((resolve) => {
    const leave = next() < 0.3 || kind === "slow" ? setTimeout(() => client.destroy(), next() * 40) : undefined;
    const client = ask({ port, host: "127.0.0.1", path: `/${kind}/${id}/${timeout}`, agent: false }, (res) => {
      let body = "";
      res.setEncoding("utf8").on("data", (text: string) => (body += text));
      res.on("end", () => {
        if (res.statusCode !== 200) return;
        if (body !== String(id)) ledger.wrong.push(`the answer to ${id} was ${body}`);
        else if (kind === "exec" || kind === "commit") ledger.confirmed.add(id);
        else if (kind === "rollback") ledger.rolledBack.add(id);
      });
    });
    client.on("error", () => ledger.left++);
    client.on("close", () => {
      clearTimeout(leave);
      resolve();
    });
    client.end();
  });
}

/** Runs one engine until the context ends, and returns a line of the record. */
async function run(ctx: Context, engine: Engine): Promise<string> {
  const ledger = new Ledger();
  const { db } = engine;
  db.setMaxOpenConns(5);
  db.setMaxIdleConns(5);
  await db.exec("CREATE TABLE entry (id integer PRIMARY KEY)");
  const server = createServer(http.handler(service(engine, ledger)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const look = (): void => {
    const { inUse, idle, openConnections } = db.stats();
    ledger.least = Math.min(ledger.least, inUse);
    ledger.most = Math.max(ledger.most, inUse);
    if (inUse < 0 || inUse > 5 || inUse + idle !== openConnections) ledger.wrong.push(JSON.stringify(db.stats()));
  };
  const [group] = errgroup.withContext(background);
  for (let i = 0; i < 12; i++) {
    void group.go(async () => {
      while (ctx.err() === undefined) {
        await request(port, ledger);
        look();
        await time.sleep(next() * 20);
      }
    });
  }
  await group.wait();
  await http.shutdown(background, server);
  // Statements that were stopped have settled a moment after their handlers, at most.
  for (let i = 0; i < 1000 && db.stats().inUse > 0; i++) await time.sleep(10);
  const { inUse } = db.stats();
  const stored = new Set<number>();
  for await (const { id } of (await db.query("SELECT id FROM entry")).as({ id: sql.int })) stored.add(id);
  const lost = [...ledger.confirmed].filter((id) => !stored.has(id)).length;
  const risen = [...ledger.rolledBack].filter((id) => stored.has(id)).length;
  await db.close();
  await engine.stop();
  for (const what of ledger.wrong.slice(0, 10)) console.error(`${engine.name}: ${what}`);
  const cells = [
    engine.name,
    ledger.requests,
    ledger.left,
    ledger.late,
    ledger.stopped,
    ledger.confirmed.size,
    lost,
    risen,
    ledger.wrong.length,
    `${ledger.least} to ${ledger.most}`,
    inUse,
  ];
  if (lost + risen + ledger.wrong.length + inUse > 0 || ledger.least < 0) process.exitCode = 1;
  return `| ${cells.join(" | ")} |`;
}

main(async () => {
  const engines = await Promise.all([openSqlite(), openPostgres(), openMariaDB()]);
  const [ctx, cancel] = context.withTimeout(background, minutes * time.minute);
  using _ = cancel;
  const lines = await Promise.all(engines.map((engine) => run(ctx, engine)));
  const heads = [
    "engine",
    "requests",
    "clients that left",
    "deadlines that passed",
    "statements of clients that left",
    "inserts confirmed",
    "of them lost",
    "rolled back, but there",
    "other faults",
    "connections in use",
    "in use at the end",
  ];
  const table = [`| ${heads.join(" | ")} |`, `|---|${"--:|".repeat(heads.length - 1)}`, ...lines].join("\n");
  const [cpu] = cpus();
  const about = `${minutes} minutes, seed ${seed}, all engines at once; ${cpu?.model ?? ""}, ${cpus().length} cores; node ${process.versions.node}; ${new Date().toISOString().slice(0, 10)}. \`npm run bench:service\``;
  const text = `# A service under load\n\nDeadlines of 0 to 40 and 0 to 400 ms, clients that leave within 40 ms, five connections for twelve clients, and handlers that\nblock the event loop for up to 40 ms.\n\n${table}\n\n${about}\n`;
  console.log(text);
  writeFileSync(new URL("results/service.md", import.meta.url), text);
});
