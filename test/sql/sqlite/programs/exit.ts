/** Exits in the middle of a query that never ends. */

import * as context from "../../../../src/context/context.ts";
import type { Conn } from "../../../../src/sql/driver/driver.ts";
import { sqlite } from "../../../../src/sql/sqlite/sqlite.ts";

const ctx = context.background();
const conn = (await sqlite(process.argv[2] ?? ":memory:", { threads: process.argv[3] === "true" }).connect(
  ctx,
)) as Required<Conn>;
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
void conn.query(ctx, endless, []).finally(() => console.log("settled"));
setTimeout(() => process.exit(7), 50);
