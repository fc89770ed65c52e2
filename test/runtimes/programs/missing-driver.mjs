// Uses a driver whose engine is not installed.
import * as sql from "gocsp/sql";
import { postgres } from "gocsp/sql/postgres";
import { mysql } from "gocsp/sql/mysql";
import { sqlite } from "gocsp/sql/sqlite";

for (const connector of [postgres({}), mysql({}), sqlite(":memory:")]) {
  const db = sql.open(connector);
  await db.ping().catch((error) => console.log(error.message));
  await db.close();
}
