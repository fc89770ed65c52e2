// A database in a file: what was committed is there, an endless query stops, and another program has to wait for the file.
import { execFileSync } from "node:child_process";
import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";

const [file, node] = process.argv.slice(2);
const background = context.background();

/** Counts the rows in a process of Node, with its own SQLite. */
function countElsewhere() {
  const program = `
    const { DatabaseSync } = require("node:sqlite");
    try {
      const { n } = new DatabaseSync(process.argv[1]).prepare("SELECT count(*) AS n FROM album").get();
      console.log(n + " rows");
    } catch (error) {
      console.log(error.message);
    }`;
  return execFileSync(node, ["--no-warnings", "-e", program, file], { encoding: "utf8" }).trim();
}

const db = sql.open(sqlite(file));
await db.execContext(background, "CREATE TABLE album (id INTEGER PRIMARY KEY, title TEXT)");
const tx = await db.beginTx(background);
for (let id = 0; id < 1000; id++) await tx.execContext(background, "INSERT INTO album VALUES (?, ?)", id, `é ${id}`);
await tx.commit();
const rows = await (await db.queryContext(background, "SELECT * FROM album")).toArray();

const [ctx, cancel] = context.withTimeout(background, 50 * time.millisecond);
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
const ended = await db.queryRowContext(ctx, endless).err();
cancel();
const stopped = errors.is(ended, context.deadlineExceeded) ? "stopped" : String(ended);

const during = countElsewhere();
await db.close();
console.log(`${rows.length} rows, ${stopped}, other: ${during}, then ${countElsewhere()}`);
