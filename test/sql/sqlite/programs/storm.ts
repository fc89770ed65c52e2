/**
 * Commits rows, cancels statements and asks long queries, all at the same time, says which rows are committed, and never ends:
 * it is there to be killed.
 */

import * as context from "../../../../src/context/context.ts";
import { sleep } from "../../../../src/time/time.ts";
import { open } from "../../../../src/sql/sql.ts";
import { sqlite } from "../../../../src/sql/sqlite/sqlite.ts";

const [path = "", threads = "false", journal = "delete", first = "0"] = process.argv.slice(2);
const ctx = context.background();
// A small cache, so that half of a transaction is in the file before it is committed.
const pragmas = { journal_mode: journal, cache_size: 10 };
const db = open(sqlite(path, { threads: threads === "true", pragmas }));
db.setMaxOpenConns(4);
let id = Number(first);

async function write(): Promise<void> {
  for (;;) {
    const own = ++id;
    // Some of them end in the middle.
    const [until, cancel] = context.withTimeout(ctx, own % 3 === 0 ? Math.random() * 8 : 10_000);
    using _ = cancel;
    try {
      await using tx = await db.beginTx(until);
      await tx.execContext(until, "INSERT INTO giver VALUES (?)", own);
      await tx.execContext(until, "UPDATE ballast SET text = text || 'x' WHERE i % 7 = ?", own % 7);
      await tx.execContext(until, "INSERT INTO taker VALUES (?)", own);
      await tx.commit();
      console.log(`row ${own};`);
    } catch {
      // Stopped, or held up for too long by those who read.
    }
  }
}

async function read(): Promise<void> {
  for (;;) {
    const [until, cancel] = context.withTimeout(ctx, Math.random() * 20);
    using _ = cancel;
    await db
      .queryRowContext(until, "SELECT count(*) FROM ballast a, ballast b, ballast c WHERE a.text < b.text")
      .scan()
      .catch(() => undefined);
    await sleep(2);
  }
}

await Promise.all([write(), write(), read(), read()]);
