/**
 * The suite that shows whether a driver keeps what `gocsp/sql/driver` says that drivers promise. For authors of drivers;
 * Go has none.
 *
 * How to run it: give {@link conformance} a connector to a database in which tables may be made and dropped, and the few
 * words of SQL that differ between engines. It returns checks, which any test runner can run, each on its own:
 *
 * ```ts
 * import { test } from "vitest"; // or: import { test } from "node:test"
 * import { conformance } from "gocsp/sql/drivertest";
 * import { sqlite } from "gocsp/sql/sqlite";
 *
 * const checks = conformance({
 *   connector: () => sqlite(":memory:"),
 *   types: { integer: "integer", text: "text", float: "real", bool: "integer", bytes: "blob", time: "text" },
 *   slowQuery: "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT count(*) FROM s",
 *   series: (n) => `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${n}) SELECT n FROM s`,
 * });
 * for (const { name, run } of checks) test(name, run);
 * ```
 *
 * A check that fails throws an error that names the promise and tells what happened instead. Those that cancel at random
 * moments give their seed; pass it as `seed` to see the same again. No check depends on how fast the database is, unless
 * something takes longer than `patience`.
 *
 * @module
 */

import type { Connector } from "../driver/driver.ts";
import { cancelChecks } from "./cancels.ts";
import { Bench, type Check as Described } from "./bench.ts";
import { connectionChecks } from "./connections.ts";
import { randomCancelChecks } from "./random.ts";
import { rowChecks } from "./reading.ts";
import { statementChecks } from "./statements.ts";
import { transactionChecks } from "./transactions.ts";
import { valueChecks } from "./values.ts";

/** The engine's names for the types of columns. Those that are left out are not checked. */
export interface ColumnTypes {
  /** Holds integers of 32 bits, and can be a primary key. */
  readonly integer: string;
  readonly text: string;
  /** Holds integers of 64 bits. */
  readonly bigint?: string;
  /** Holds what a number of JavaScript can be, but for infinities and NaN. */
  readonly float?: string;
  readonly bool?: string;
  readonly bytes?: string;
  /** Holds times to the millisecond. */
  readonly time?: string;
}

/** What {@link conformance} needs to know of a driver and its engine. */
export interface Options {
  /** Returns a connector; called once for each check. All of its connections see the same database. */
  connector(): Connector | Promise<Connector>;
  /** Returns how the engine writes parameter `n`, from 1: `?` unless this says otherwise. */
  placeholder?(n: number): string;
  /** Returns how the engine writes a parameter that goes by its name. Without it, names are not checked. */
  named?(name: string): string;
  readonly types: ColumnTypes;
  /** A query that would take minutes, and yields at least one row. */
  readonly slowQuery: string;
  /** A statement without rows that would take minutes, if there is one. */
  readonly slowStatement?: string;
  /** Returns a query that yields the integers from 1 to `n`, in order, in a column called `n`. Up to a million are asked for. */
  series(n: number): string;
  /** Whether the connections are told apart, so that several of them can be in transactions. True unless it says otherwise. */
  readonly concurrent?: boolean;
  /** How often statements are cancelled at random moments: 100 times unless it says otherwise. */
  readonly cancels?: number;
  /** From which the random moments are made: another one each time, unless it is given. */
  readonly seed?: number;
  /** How long anything may take before it counts as hanging, in milliseconds: 20,000 unless it says otherwise. */
  readonly patience?: number;
  /** Returns how much memory the program uses, in bytes; by default what `process.memoryUsage()` says, where there is one. */
  memory?(): number;
}

/** One check, for any test runner. */
export interface Check {
  /** What the driver should do. */
  readonly name: string;
  /** Finds out whether it does. Needs no `this`. */
  readonly run: () => Promise<void>;
}

/**
 * Returns the checks for a driver. Each opens and closes a database of its own, and makes and drops tables of its own
 * whose names begin with `gocsp_`; so they can run one after the other or at the same time.
 *
 * @throws TypeError `drivertest: the option slowQuery must be a string, got …`, and so on
 *
 * @example
 * ```ts
 * const checks = drivertest.conformance({
 *   connector: () => sqlite(":memory:"),
 *   types: { integer: "integer", text: "text" },
 *   slowQuery: "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT count(*) FROM s",
 *   series: (n) => `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ${n}) SELECT n FROM s`,
 * });
 * for (const { name, run } of checks) {
 *   await run();
 *   console.log("ok", name);
 * }
 * ```
 */
export function conformance(options: Options): Check[] {
  Bench.check(options);
  const all: Described[] = [
    ...connectionChecks,
    ...valueChecks,
    ...statementChecks,
    ...rowChecks,
    ...transactionChecks,
    ...cancelChecks,
    ...randomCancelChecks,
  ];
  return all
    .filter(({ needs }) => needs === undefined || needs(options))
    .map((check) => ({ name: check.name, run: () => Bench.run(options, check) }));
}
