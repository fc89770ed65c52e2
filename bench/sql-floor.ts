// What no driver could avoid: node bench/sql-floor.ts. Prints microseconds an operation, medians of rounds.
//
// "pool" is gocsp/sql over a driver that answers at once; "build" is SQLite's WebAssembly build called directly, without
// any driver, beside node:sqlite, with the same statements in memory.
import { DatabaseSync } from "node:sqlite";
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { context } from "../src/index.ts";
import type { Conn } from "../src/sql/driver/driver.ts";
import * as sql from "../src/sql/sql.ts";
import { load } from "../src/sql/sqlite/wasm.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { median, shown } from "./harness/stats.ts";

const ctx = context.background();
const rounds = 15;
const n = 2000;
const table = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, value REAL)";
const insert = "INSERT INTO t (name, value) VALUES ('name', 0.5)";
const point = "SELECT name, value FROM t WHERE id = 500";

type Sample = () => Promise<void> | void;
const samples: Record<string, Sample> = {};

// The pool alone.
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
samples["pool: queryRow"] = async () => {
  for (let i = 0; i < n; i++) await db.queryRowContext(ctx, "SELECT 1").scan();
};
samples["pool: exec"] = async () => {
  for (let i = 0; i < n; i++) await db.execContext(ctx, "INSERT");
};

// The build alone.
const { wasm } = await load();
const x = wasm.exports;
const text = (value: string): number => {
  const bytes = new TextEncoder().encode(`${value}\0`);
  const at = wasm.alloc(bytes.length);
  wasm.heap8u().set(bytes, at);
  return at;
};
const out = wasm.alloc(8);
x.sqlite3_open_v2(text(":memory:"), out, 6, 0);
const handle = wasm.heap32()[out >> 2] as number;
const compile = (at: number): number => {
  x.sqlite3_prepare_v2(handle, at, -1, out, 0);
  return wasm.heap32()[out >> 2] as number;
};
const run = (statement: number): void => {
  while (x.sqlite3_step(statement) === 100) wasm.cstrToJs(x.sqlite3_column_text(statement, 0));
  x.sqlite3_reset(statement);
};
run(compile(text(table)));
for (let i = 0; i < 1000; i++) run(compile(text(insert)));
const [pointText, insertText] = [text(point), text(insert)];
const [pointReady, insertReady] = [compile(pointText), compile(insertText)];
const [begin, rollback] = [compile(text("BEGIN")), compile(text("ROLLBACK"))];
const once = (at: number): void => {
  const statement = compile(at);
  run(statement);
  x.sqlite3_finalize(statement);
};
const inTransaction = (work: () => void): void => {
  run(begin);
  for (let i = 0; i < n; i++) work();
  run(rollback);
};
samples["build: point query by text"] = () => {
  for (let i = 0; i < n; i++) once(pointText);
};
samples["build: point query, prepared"] = () => {
  for (let i = 0; i < n; i++) run(pointReady);
};
samples["build: insert by text in a transaction"] = () => inTransaction(() => once(insertText));
samples["build: insert prepared in a transaction"] = () => inTransaction(() => run(insertReady));
const all = text("WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT 20000) SELECT 'a' || n FROM s");
const allReady = compile(all);
samples["build: 20,000 rows computed"] = () => run(allReady);

// The same in node:sqlite.
const native = new DatabaseSync(":memory:");
native.exec(table);
for (let i = 0; i < 1000; i++) native.exec(insert);
const [nativePoint, nativeInsert] = [native.prepare(point), native.prepare(insert)];
const nativeAll = native.prepare(
  "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT 20000) SELECT 'a' || n FROM s",
);
const nativeTransaction = (work: () => unknown): void => {
  native.exec("BEGIN");
  for (let i = 0; i < n; i++) work();
  native.exec("ROLLBACK");
};
samples["node:sqlite: point query by text"] = () => {
  for (let i = 0; i < n; i++) native.prepare(point).get();
};
samples["node:sqlite: point query, prepared"] = () => {
  for (let i = 0; i < n; i++) nativePoint.get();
};
samples["node:sqlite: insert by text in a transaction"] = () => nativeTransaction(() => native.prepare(insert).run());
samples["node:sqlite: insert prepared in a transaction"] = () => nativeTransaction(() => nativeInsert.run());
samples["node:sqlite: 20,000 rows computed"] = () => void nativeAll.all();

const micros: Record<string, number[]> = {};
for (let round = -2; round < rounds; round++) {
  for (const [name, sample] of Object.entries(samples)) {
    const start = performance.now();
    await sample();
    const each = ((performance.now() - start) * 1000) / (name.includes("rows computed") ? 1 : n);
    if (round >= 0) (micros[name] ??= []).push(each);
  }
}
await db.close();
native.close();
const { cpu, cores } = machine() as { cpu: string; cores: number };
const report = [
  "| | us |",
  "|---|--:|",
  ...Object.entries(micros).map(([name, all]) => `| ${name} | ${shown(median(all))} |`),
  "",
  `Medians of ${rounds} rounds of ${n} operations. ${cpu}, ${cores} cores, load ${loadavg()[0]?.toFixed(1) ?? ""}; node ${nodeVersion(process.execPath)}; gocsp at ${commit()}, ${new Date().toISOString().slice(0, 10)}.`,
  "",
].join("\n");
writeFileSync(join(root, "bench", "results", "sql-floor.md"), report);
console.log(report);
