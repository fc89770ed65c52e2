/** Commits one row after the other to a file with a write-ahead log, says so each time, and never ends: it is there to be killed. */

import * as context from "../../../../src/context/context.ts";
import type { Conn } from "../../../../src/sql/driver/driver.ts";
import { sqlite } from "../../../../src/sql/sqlite/sqlite.ts";

const ctx = context.background();
const from = sqlite(process.argv[2] ?? "", { pragmas: { journal_mode: "wal" }, threads: process.argv[3] === "true" });
const conn = (await from.connect(ctx)) as Required<Conn>;
for (let i = 1; ; i++) {
  await conn.exec(ctx, "INSERT INTO t VALUES (?)", [{ name: "", ordinal: 1, value: i }]);
  console.log(`row ${i};`);
}
