/** Waits for ever while a connection is idle, and another in use but without anything to do. */

import { chan } from "../../../../src/chan/chan.ts";
import * as context from "../../../../src/context/context.ts";
import { main } from "../../../../src/runtime/runtime.ts";
import { open } from "../../../../src/sql/sql.ts";
import { sqlite } from "../../../../src/sql/sqlite/sqlite.ts";

main(async () => {
  const ctx = context.background();
  const db = open(sqlite(process.argv[2] ?? ":memory:", { threads: process.argv[3] === "true" }));
  await db.execContext(ctx, "CREATE TABLE t(a)");
  await db.conn(ctx);
  await chan().receive();
});
