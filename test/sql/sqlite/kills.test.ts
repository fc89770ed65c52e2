import { DatabaseSync } from "node:sqlite";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";
import { describe, expect, test } from "vitest";
import { canSuspend } from "../../../src/sql/sqlite/local-suspender.ts";
import { newRandom } from "./random.ts";
import { start } from "./process.ts";
import { bg, newFile } from "./support.ts";

const kills = 8;

const ways = [
  ["here and, for long queries, in threads", false, "delete"],
  ["in threads", true, "delete"],
  ["here, with a write-ahead log", false, "wal"],
  ["in a thread, with a write-ahead log", true, "wal"],
] as const;

describe.each(ways.filter(([, threads]) => threads || canSuspend()))(
  "a process that works %s",
  (_, threads, journal) => {
    test(`is killed ${kills} times in the middle of all it does, and what it has told to be stored is there`, async () => {
      const random = newRandom();
      const path = newFile();
      const empty = new DatabaseSync(path);
      empty.exec(`CREATE TABLE giver(id INTEGER PRIMARY KEY); CREATE TABLE taker(id INTEGER PRIMARY KEY);
      CREATE TABLE ballast AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 700)
        SELECT i, hex(zeroblob(100)) AS text FROM n`);
      empty.close();
      const told = new Set<number>();
      let last = 0;
      for (let kill = 0; kill < kills; kill++) {
        const { child, says, ended } = start("storm", path, String(threads), journal, String(last));
        await says("row ");
        await new Promise((resolve) => setTimeout(resolve, random.next() * 200));
        child.kill("SIGKILL");
        const { output, errors, signal } = await ended;
        expect([signal, errors]).toEqual(["SIGKILL", ""]);
        for (const [, id] of output.matchAll(/row (\d+);/g)) told.add(Number(id));
        last = Math.max(...told) + 100;
        // In turn it is this driver that takes back what was half done, and SQLite's own hand.
        const ids = kill % 2 === 0 ? await readHere(path, threads, journal) : readThere(path);
        const stored = new Set(ids);
        expect([...told].filter((id) => !stored.has(id))).toEqual([]);
      }
      console.log(`sqlite, killed ${kills} times: seed ${random.seed}, ${told.size} rows told to be stored`);
      expect(told.size).toBeGreaterThan(kills);
    });
  },
);

const whole = "SELECT id FROM giver ORDER BY id";
const torn = "SELECT count(*) FROM (SELECT id FROM giver EXCEPT SELECT id FROM taker)";

async function readHere(path: string, threads: boolean, journal: string): Promise<number[]> {
  await using db = sql.open(sqlite(path, { threads, pragmas: { journal_mode: journal } }));
  expect(await db.queryRowContext(bg, "PRAGMA integrity_check").scan()).toEqual(["ok"]);
  expect(await db.queryRowContext(bg, torn).scan()).toEqual([0]);
  const rows = await db.queryContext<{ id: number }>(bg, whole);
  return (await rows.toArray()).map(({ id }) => id);
}

function readThere(path: string): number[] {
  const db = new DatabaseSync(path);
  try {
    expect(Object.values(db.prepare("PRAGMA integrity_check").get() as object)).toEqual(["ok"]);
    expect(Object.values(db.prepare(torn).get() as object)).toEqual([0]);
    return db
      .prepare(whole)
      .all()
      .map(({ id }) => Number(id));
  } finally {
    db.close();
  }
}
