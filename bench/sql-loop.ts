// What SQLite does to the event loop and to memory: node bench/sql-loop.ts [--quick]
//
// How late timers of 2 ms ring while a query computes for two seconds, alone and with three others, and what 64 open
// connections take, in either way of running SQLite. Each figure is of a process of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { context } from "../src/index.ts";
import * as sql from "../src/sql/sql.ts";
import { sqlite } from "../src/sql/sqlite/sqlite.ts";
import { root } from "../scripts/project.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { median, quantile } from "./harness/stats.ts";

const { values: flags, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
  allowPositionals: true,
});
const ctx = context.background();
const computing = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) SELECT max(i) FROM n";

/** How late timers were, in milliseconds. */
interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** How long the queries took. */
  readonly took: number;
}

/** Runs `queries` at the same time, each of about two seconds if it is alone. */
async function lateness(db: sql.DB, queries: number): Promise<Lateness> {
  const run = (n: number): Promise<unknown> => db.queryRowContext(ctx, computing, n).scan();
  const few = 1_000_000;
  await run(few);
  const begun = performance.now();
  await run(few);
  const steps = Math.ceil((few * 2000) / (performance.now() - begun));
  const late: number[] = [];
  const start = performance.now();
  let due = start + 2;
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(Math.max(now - due, 0));
    due = now + 2;
  }, 2);
  await Promise.all(Array.from({ length: queries }, () => run(steps)));
  clearInterval(timer);
  const took = performance.now() - start;
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: Math.max(...late), took };
}

/** Returns the megabytes that `count` more open connections take. */
async function memoryOf(db: sql.DB, count: number): Promise<number> {
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  const before = process.memoryUsage().rss;
  const open = await Promise.all(Array.from({ length: count }, () => db.conn(ctx)));
  for (const conn of open) await conn.queryRowContext(ctx, "SELECT count(*) FROM t").scan();
  collect?.();
  const taken = process.memoryUsage().rss - before;
  for (const conn of open) await conn.close();
  return taken / 2 ** 20;
}

/** Measures one figure in this process, and prints it. */
async function child(what: string, threads: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-bench-"));
  const db = sql.open(sqlite(join(folder, "loop.db"), { threads }));
  const [name, count] = what.split("-") as [string, string];
  if (name === "memory") {
    // One connection, which loads the engine, is there before.
    await db.execContext(ctx, "CREATE TABLE t (i)");
    await using _ = await db.conn(ctx);
    console.log(JSON.stringify(await memoryOf(db, Number(count))));
  } else {
    await db.execContext(ctx, "CREATE TABLE t (i)");
    console.log(JSON.stringify(await lateness(db, Number(count))));
  }
  await db.close();
  rmSync(folder, { recursive: true, force: true });
}

function measured<T>(what: string, threads: boolean): T[] {
  const flags_ = ["--expose-gc", fileURLToPath(import.meta.url), what, threads ? "threads" : "here"];
  return Array.from(
    { length: flags.quick ? 1 : 5 },
    () => JSON.parse(execFileSync(process.execPath, flags_, { encoding: "utf8" })) as T,
  );
}

if (positionals.length > 0) await child(positionals[0] as string, positionals[1] === "threads");
else {
  const ms = (value: number): string => value.toFixed(value < 1 ? 2 : 1);
  const rows = [false, true].map((threads) => {
    const cells = ["late-1", "late-4"].flatMap((what) => {
      const all = measured<Lateness>(what, threads);
      const of = (key: keyof Lateness): number => median(all.map((one) => one[key]));
      return [`${ms(of("p50"))} / ${ms(of("p99"))} / ${ms(of("max"))}`, (of("took") / 1000).toFixed(1)];
    });
    const memory = median(measured<number>("memory-64", threads));
    return `| ${[threads ? "in threads" : "in the thread of the program", ...cells, memory.toFixed(1)].join(" | ")} |`;
  });
  const { cpu, cores } = machine() as { cpu: string; cores: number };
  const table = [
    "| SQLite, a file | loop late, p50 / p99 / max, ms, one query | it took, s | four queries | they took, s | 64 connections, MB |",
    "|---|--:|--:|--:|--:|--:|",
    ...rows,
    "",
    `Medians of ${flags.quick ? 1 : 5} processes. ${cpu}, ${cores} cores, load ${loadavg()[0]?.toFixed(1) ?? ""}; node ${nodeVersion(process.execPath)}; gocsp at ${commit()}, ${new Date().toISOString().slice(0, 10)}.`,
    "",
  ].join("\n");
  if (!flags.quick) {
    const folder = join(root, "bench", "results");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "sql-loop.md"), table);
  }
  console.log(table);
}
