/** Uses a database and leaves it open: an idle one does not keep the process alive, a running statement does. */

import * as context from "../../../../src/context/context.ts";
import { open } from "../../../../src/sql/sql.ts";
import { sqlite } from "../../../../src/sql/sqlite/sqlite.ts";

const ctx = context.background();
const db = open(sqlite(process.argv[2] ?? ":memory:", { threads: process.argv[3] === "true" }));
const text = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) SELECT count(*) FROM n";
void db
  .queryRowContext(ctx, text)
  .scan()
  .then(([count]) => console.log("counted", count));
