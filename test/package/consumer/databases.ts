// A program with databases, without Node's types: the declarations of gocsp/sql and of the drivers do without them.
import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import * as driver from "gocsp/sql/driver";
import * as drivertest from "gocsp/sql/drivertest";
import { mysql, MysqlError } from "gocsp/sql/mysql";
import { postgres, PostgresError } from "gocsp/sql/postgres";
import { sqlite, SqliteError } from "gocsp/sql/sqlite";

const connectors: driver.Connector[] = [
  sqlite(":memory:"),
  postgres("postgres://localhost/shop"),
  postgres({ host: "localhost", port: 5432, user: "shop", password: "", database: "shop" }),
  mysql("mysql://localhost/shop"),
];

export async function titles(db: sql.DB): Promise<string[]> {
  const [ctx, cancel] = context.withTimeout(context.background(), 5 * time.second);
  const found: string[] = [];
  try {
    const rows = await db.queryContext<{ title: string }>(ctx, "SELECT title FROM album WHERE id > ?", 7);
    for await (const { title } of rows) found.push(title);
    const [id, title]: [number, string | null] = await db
      .queryRowContext(ctx, "SELECT id, title FROM album")
      .scan(sql.int, sql.nullable(sql.string));
    const tx: sql.Tx = await db.beginTx(ctx, { isolation: "Serializable", readOnly: true });
    await tx.rollback();
    found.push(`${id} ${title}`);
  } catch (err) {
    const code: string | undefined = errors.as(err, driver.DriverError)?.code;
    const known = errors.as(err, SqliteError) ?? errors.as(err, PostgresError) ?? errors.as(err, MysqlError);
    if (known === undefined && !errors.is(err, context.deadlineExceeded)) throw err;
    found.push(code ?? "");
  } finally {
    cancel();
  }
  return found;
}

export const all: Promise<string[]>[] = connectors.map((connector) => titles(sql.open(connector)));
export const checks: readonly { name: string; run(): Promise<void> }[] = drivertest.conformance({
  connector: () => sqlite(":memory:"),
  types: { integer: "integer", text: "text" },
  slowQuery: "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT count(*) FROM s",
  series: (n) => `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${n}) SELECT n FROM s`,
});
