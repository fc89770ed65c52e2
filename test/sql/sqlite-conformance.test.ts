import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conformance, type Options } from "gocsp/sql/drivertest";
import { sqlite } from "gocsp/sql/sqlite";
import { afterAll, describe, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const seed = Math.floor(Math.random() * 2 ** 32);
console.log(`sqlite: seed ${seed}`);

const folder = mkdtempSync(join(tmpdir(), "gocsp-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** Counts for ever, or to `n`. */
const counting = (n?: number): string =>
  `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s${n === undefined ? "" : ` WHERE n < ${n}`})`;

const words: Omit<Options, "connector"> = {
  types: {
    integer: "integer",
    text: "text",
    bigint: "integer",
    float: "real",
    bool: "integer",
    bytes: "blob",
    time: "text",
  },
  named: (name) => `:${name}`,
  slowQuery: `${counting()} SELECT count(*) FROM s`,
  slowStatement: `CREATE TABLE gocsp_slow AS ${counting()} SELECT count(*) FROM s`,
  series: (n) => `${counting(n)} SELECT n FROM s`,
  seed,
};

describe.each([false, true])("with threads: %s, in memory, the driver for SQLite", (threads) => {
  test.each(conformance({ ...words, connector: () => sqlite(":memory:", { threads }) }))("$name", ({ run }) => run());
});

describe.each([false, true])("with threads: %s, on a file, the driver for SQLite", (threads) => {
  const connector: Options["connector"] = () => sqlite(join(folder, `${++files}.db`), { threads });
  test.each(conformance({ ...words, connector }))("$name", ({ run }) => run());
});
