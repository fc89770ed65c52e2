import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { errBadConn } from "gocsp/sql/driver";
import { sqlite, SqliteError } from "gocsp/sql/sqlite";
import { afterEach, describe, expect, test, vi } from "vitest";
import { run as runProgram } from "./process.ts";
import { bg, cleanup, connect, connector, endless, failure, newFile, one, places, run, table } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Returns the thread to which `f` sends something. */
async function threadOf(f: () => Promise<unknown>): Promise<Worker> {
  const spy = vi.spyOn(Worker.prototype, "postMessage");
  await f();
  const worker = spy.mock.contexts[0];
  spy.mockRestore();
  if (!(worker instanceof Worker)) throw new Error("nothing was sent");
  return worker;
}

describe.each(places)("in %s, threads: %s", (place, threads) => {
  const name = (): string => (place === "file" ? newFile() : ":memory:");

  test("a process exits at once in the middle of a query that never ends", async () => {
    const ended = await runProgram("exit", name(), String(threads));
    expect(ended).toMatchObject({ code: 7, output: "", errors: "" });
  });

  test("a running query keeps the process alive, an idle database does not", async () => {
    const ended = await runProgram("idle", name(), String(threads));
    expect(ended).toMatchObject({ code: 0, output: "counted 1000000\n", errors: "" });
  });

  test("an idle database does not hide a deadlock", async () => {
    const ended = await runProgram("deadlock", name(), String(threads));
    expect(ended.errors).toContain("fatal error: all goroutines are asleep - deadlock!");
    expect(ended.code).toBe(2);
  });

  test("closing the connector ends what still runs, and nothing hangs", async () => {
    const from = sqlite(name(), { threads });
    const conn = (await from.connect(bg)) as Awaited<ReturnType<typeof connect>>;
    const running = failure(conn.query(bg, endless, []));
    await from.close?.();
    expect(await running).toBeInstanceOf(SqliteError);
    await conn.close();
  });
});

describe.each(["memory", "file"])("in threads, in %s", (place) => {
  const name = (): string => (place === "file" ? newFile() : ":memory:");

  test("a thread that dies fails what runs in it, and its connections are bad from then on", async () => {
    const from = connector(name(), { threads: true });
    const conn = await connect(from);
    const thread = await threadOf(() => conn.ping(bg));
    const running = failure(conn.query(bg, endless, []));
    await thread.terminate();
    const error = await running;
    expect(error).toBeInstanceOf(SqliteError);
    expect(error.message).toBe("sqlite: the worker has ended: it was terminated");
    expect(errors.is(error, errBadConn)).toBe(false);
    expect(conn.isValid()).toBe(false);
    expect(errors.is(await failure(conn.query(bg, "SELECT 1", [])), errBadConn)).toBe(true);
    expect(errors.is(await failure(conn.resetSession(bg)), errBadConn)).toBe(true);
    expect(await one(await connect(from), "SELECT 1")).toBe(1);
  });

  test("a thread that dies in the middle of a transaction leaves no lock and nothing half done", async () => {
    const from = connector(name(), { threads: true, pragmas: { cache_size: 10 } });
    const conn = await connect(from);
    const other = await connect(from);
    await run(conn, table(5000));
    const thread = await threadOf(() => conn.ping(bg));
    await conn.begin(bg, { isolation: "Default", readOnly: false });
    // More than the cache holds: half of it is in the database by now.
    await run(conn, "UPDATE t SET name = name || ' changed'");
    const waiting = run(other, "INSERT INTO t VALUES (5001, 'new')");
    await thread.terminate();
    expect(await waiting).toBe(1);
    expect(await one(other, "SELECT count(*) FROM t WHERE name LIKE '%changed'")).toBe(0);
    expect(await one(other, "SELECT count(*) FROM t")).toBe(5001);
    expect(await one(other, "PRAGMA integrity_check")).toBe("ok");
    const third = await connect(from);
    expect(await one(third, "SELECT count(*) FROM t")).toBe(5001);
  });

  test("the pool replaces connections whose thread has died", async () => {
    await using db = sql.open(sqlite(name(), { threads: true }));
    await db.execContext(bg, "CREATE TABLE t(a)");
    const thread = await threadOf(() => db.execContext(bg, "INSERT INTO t VALUES (1)"));
    await thread.terminate();
    expect(await db.queryRowContext(bg, "SELECT count(*) FROM t").scan()).toEqual([1]);
  });
});

test.each([false, true])(
  "when memory is used up, the statement fails and the connection goes on: threads: %s",
  async (threads) => {
    const conn = await connect(connector(":memory:", { threads }));
    const error = await failure(
      one(conn, "SELECT length(group_concat(hex(zeroblob(400000000)))) FROM (SELECT 1 UNION ALL SELECT 2)"),
    );
    expect(["SQLITE_TOOBIG", "SQLITE_NOMEM"]).toContain(error.code);
    expect(await one(conn, "SELECT 1")).toBe(1);
  },
);

test("a function that never ends and cannot be stopped is ended with its thread, after five seconds", async () => {
  const from = connector(":memory:", { threads: true });
  const conn = await connect(from);
  const other = await connect(from);
  const [ctx, cancel] = context.withTimeout(bg, 10);
  using _ = cancel;
  // It compares ten million bytes at ten million places, in one step of SQLite's machine.
  const error = await failure(conn.query(ctx, "SELECT instr(zeroblob(20000000), zeroblob(10000000) || x'01')", []));
  expect(errors.is(error, context.deadlineExceeded)).toBe(true);
  expect(error.cause).toBeInstanceOf(SqliteError);
  expect(conn.isValid()).toBe(false);
  expect(await one(other, "SELECT 1")).toBe(1);
});

test("connections that are opened at the same time are spread over threads, and over no more than four", async () => {
  const spy = vi.spyOn(Worker.prototype, "postMessage");
  const from = connector(":memory:", { threads: true });
  const conns = await Promise.all(Array.from({ length: 4 }, () => connect(from)));
  expect(new Set(spy.mock.contexts).size).toBe(4);
  conns.push(...(await Promise.all(Array.from({ length: 8 }, () => connect(from)))));
  for (const conn of conns) await conn.ping(bg);
  expect(new Set(spy.mock.contexts).size).toBe(4);
});

test("more connections than threads share them, and all work", async () => {
  const from = connector(":memory:", { threads: true });
  const conns = await Promise.all(Array.from({ length: 40 }, () => connect(from)));
  await run(conns[0] as (typeof conns)[0], "CREATE TABLE t(a)");
  await Promise.all(conns.map((conn, index) => run(conn, "INSERT INTO t VALUES (?)", index)));
  expect(await one(conns[39] as (typeof conns)[0], "SELECT count(DISTINCT a) FROM t")).toBe(40);
});

test.each([false, true])("without the package the error says how to install it: threads: %s", async (threads) => {
  // A copy of the library, in whose reach the package has nothing in it.
  const folder = mkdtempSync(join(tmpdir(), "gocsp-sqlite-"));
  cleanup(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(fileURLToPath(new URL("../../../src", import.meta.url)), join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const broken = join(folder, "node_modules/@sqlite.org/sqlite-wasm");
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, "package.json"), '{"exports":"./missing.mjs"}');
  // In a process of its own: a test runner has its own way to load packages.
  const program = `import { background } from "./src/context/context.ts";
    import { sqlite } from "./src/sql/sqlite/sqlite.ts";
    const from = sqlite(":memory:", { threads: ${String(threads)} });
    await from.connect(background()).catch((error) => console.log(error.message));
    await from.close();`;
  writeFileSync(join(folder, "program.ts"), program);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "program.ts")]);
  expect(stdout.trim()).toBe(
    "gocsp/sql/sqlite needs the package @sqlite.org/sqlite-wasm: run npm install @sqlite.org/sqlite-wasm",
  );
});
