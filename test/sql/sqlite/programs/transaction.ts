/** Changes many rows in a transaction, more than the cache holds, says so, and never ends: it is there to be killed. */

import * as context from "../../../../src/context/context.ts";
import type { Conn } from "../../../../src/sql/driver/driver.ts";
import { sqlite } from "../../../../src/sql/sqlite/sqlite.ts";

const [path = "", how = "wait"] = process.argv.slice(2);
const ctx = context.background();
const conn = (await sqlite(path, { pragmas: { cache_size: 10 } }).connect(ctx)) as Required<Conn>;
await conn.begin(ctx, { isolation: "Default", readOnly: false });
await conn.exec(ctx, "UPDATE t SET name = name || ' changed'", []);
console.log("ready");
if (how === "exit") {
  void conn.exec(ctx, "UPDATE t SET name = (SELECT max(a.name || b.name) FROM t a, t b)", []);
  setTimeout(() => process.exit(7), 50);
} else {
  setInterval(() => undefined, 1000);
}
