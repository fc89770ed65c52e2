import { DatabaseSync } from "node:sqlite";
import type { Conn, Stmt } from "gocsp/sql/driver";
import { describe, expect, test } from "vitest";
import { newRandom, type Random } from "./random.ts";
import { args, bg, connect, connector, newFile } from "./support.ts";

/** Changes of the schema, of which some fail: then they fail on both sides. */
const changes = [
  "ALTER TABLE thing ADD COLUMN c DEFAULT 5",
  "ALTER TABLE thing DROP COLUMN c",
  "ALTER TABLE thing RENAME COLUMN a TO z",
  "ALTER TABLE thing RENAME COLUMN z TO a",
  "ALTER TABLE thing RENAME TO other",
  "ALTER TABLE other RENAME TO thing",
  "DROP TABLE thing",
  "CREATE TABLE thing (id INTEGER PRIMARY KEY, a TEXT, b)",
  "CREATE TABLE thing (a INTEGER, id REAL, b TEXT)",
  "CREATE INDEX by_a ON thing(a)",
  "DROP INDEX by_a",
  "CREATE VIEW seen AS SELECT id, b FROM thing",
  "DROP VIEW seen",
];

/** What runs in between, most of it several times. */
const statements: readonly (readonly [text: string, ...types: ("id" | "text")[]])[] = [
  ["SELECT * FROM thing ORDER BY id"],
  ["SELECT * FROM thing WHERE id = ?", "id"],
  ["SELECT a, count(*) AS n FROM thing GROUP BY a ORDER BY a"],
  ["SELECT * FROM seen ORDER BY id"],
  ["SELECT * FROM other ORDER BY 1"],
  ["INSERT INTO thing (id, a) VALUES (?, ?)", "id", "text"],
  ["INSERT INTO thing (id, b) VALUES (?, ?) RETURNING *", "id", "text"],
  ["UPDATE thing SET b = ? WHERE id = ?", "text", "id"],
  ["DELETE FROM thing WHERE id = ?", "id"],
  ["WITH x AS (SELECT * FROM thing) SELECT * FROM x ORDER BY id"],
];

interface Outcome {
  readonly columns?: string[];
  readonly rows?: unknown[][];
  readonly error?: string;
}

/** Runs a statement on a connection that keeps statements. */
async function here(run: () => ReturnType<Required<Conn>["query"]>): Promise<Outcome> {
  try {
    const rows = await run();
    const found: unknown[][] = [];
    for (let batch = await rows.next(); batch.length > 0; batch = await rows.next()) {
      found.push(...(batch as unknown[][]));
    }
    await rows.close();
    return { columns: rows.columns.map(({ name }) => name), rows: found };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Runs it on SQLite itself, compiled anew. */
function there(judge: DatabaseSync, text: string, values: readonly (string | number)[]): Outcome {
  try {
    const statement = judge.prepare(text);
    statement.setReturnArrays(true);
    const rows = statement.all(...values) as unknown as unknown[][];
    return { columns: statement.columns().map(({ name }) => name), rows };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const values = (types: readonly ("id" | "text")[], random: Random): (string | number)[] =>
  types.map((type) => (type === "id" ? random.below(12) : `text ${random.below(4)}`));

describe.each([
  ["memory", false],
  ["file", false],
  ["file", true],
] as const)("statements that are kept, in %s, threads: %s", (place, threads) => {
  test("yield what SQLite does that compiles them anew, whatever becomes of the tables meanwhile", async () => {
    const random = newRandom();
    console.log(`sqlite statements in ${place}, threads: ${threads}: seed ${random.seed}`);
    const from = connector(place === "file" ? newFile() : ":memory:", { threads });
    // Each learns from the file what the others have changed.
    const conns = await Promise.all(Array.from({ length: 3 }, () => connect(from)));
    const judge = new DatabaseSync(":memory:");
    const prepared: { statement: Stmt; text: string; types: ("id" | "text")[] }[][] = [];
    for (const conn of conns) {
      await conn.exec(bg, "CREATE TABLE IF NOT EXISTS thing (id INTEGER PRIMARY KEY, a TEXT, b)", []);
      const own: (typeof prepared)[0] = [];
      for (const n of [0, 1, 5]) {
        const [text, ...types] = statements[n] as (typeof statements)[0];
        own.push({ statement: await conn.prepare(bg, text), text, types });
      }
      prepared.push(own);
    }
    judge.exec("CREATE TABLE thing (id INTEGER PRIMARY KEY, a TEXT, b)");
    let failed = 0;
    for (let i = 0; i < 1500; i++) {
      const n = random.below(conns.length);
      const conn = conns[n] as (typeof conns)[0];
      const kind = random.next();
      let text: string;
      let given: (string | number)[] = [];
      let outcome: Outcome;
      if (kind < 0.15) {
        text = changes[random.below(changes.length)] as string;
        // SQLite compiles a change by what it knows of the schema, and takes no second look.
        await here(() => conn.query(bg, "SELECT count(*) FROM sqlite_schema", []));
        outcome = await here(() => conn.query(bg, text, []));
      } else if (kind < 0.4) {
        const known = (prepared[n] as (typeof prepared)[0])[random.below(3)] as (typeof prepared)[0][0];
        text = known.text;
        given = values(known.types, random);
        outcome = await here(() => known.statement.query(bg, args(...given)));
      } else {
        const [source, ...types] = statements[random.below(statements.length)] as (typeof statements)[0];
        text = source;
        given = values(types, random);
        outcome = await here(() => conn.query(bg, text, args(...given)));
      }
      const expected = there(judge, text, given);
      if (expected.error !== undefined) failed++;
      expect(outcome, `step ${i}: ${text} ${JSON.stringify(given)}`).toEqual(expected);
    }
    judge.close();
    // Otherwise nothing has been looked at.
    expect(failed).toBeGreaterThan(50);
    expect(failed).toBeLessThan(1200);
  });
});
