/**
 * The suite that shows whether an engine keeps what `gocsp/topic` promises. For authors of engines; Go has none.
 *
 * How to run it: give {@link conformance} an engine. It returns checks, which any test runner can run, each on its own:
 *
 * ```ts
 * import { test } from "vitest"; // or: import { test } from "node:test"
 * import * as topic from "gocsp/topic";
 * import { conformance } from "gocsp/topic/topictest";
 *
 * for (const { name, run } of conformance({ engine: () => topic.memory() })) test(name, run);
 * ```
 *
 * A check that fails throws an error that tells what happened instead. The random ones give their seed; pass it as `seed` to
 * see the same again. No check depends on how fast the engine is, unless something takes longer than `patience`. Topics are
 * new ones whose names begin with `check`, so that checks can run at the same time on one server.
 *
 * @module
 */

import type { DB } from "../../sql/sql.ts";
import type { Broker, Engine } from "../topic.ts";
import { Bench, type Check as Described } from "./bench.ts";
import { basicChecks } from "./basic.ts";
import { faultChecks } from "./faults.ts";
import { modelChecks } from "./model.ts";
import { timeChecks } from "./times.ts";

/** What {@link conformance} needs to know of an engine. */
export interface Options {
  /** Returns the engine; called once for each check. All brokers that open it see the same topics. */
  engine(): Engine | Promise<Engine>;
  /**
   * Cuts a broker off as if its process had died, without a word to the engine. Without it, what needs that is not checked.
   */
  crash?(broker: Broker, engine: Engine): void | Promise<void>;
  /** Returns the database of the topics, for engines that have transactions; the suite makes a table `gocsp_check` there. */
  db?(): DB | Promise<DB>;
  /** The shortest lease that the engine is to be checked with, in milliseconds: 1000 unless it says otherwise. */
  readonly lease?: number;
  /** How many steps the random programs have: 200 unless it says otherwise. */
  readonly steps?: number;
  /** From which the random programs are made: another one each time, unless it is given. */
  readonly seed?: number;
  /** How long anything may take before it counts as hanging, in milliseconds: 20,000 unless it says otherwise. */
  readonly patience?: number;
}

/** One check, for any test runner. */
export interface Check {
  /** What the engine should do. */
  readonly name: string;
  /** Finds out whether it does. Needs no `this`. */
  readonly run: () => Promise<void>;
}

/**
 * Returns the checks for an engine. Those of promises that an engine says it cannot keep (`transactions`, `fenced`, `keyed`) check
 * that it refuses instead.
 *
 * @throws TypeError `topictest: the option engine must be a function, got …`
 *
 * @example
 * ```ts
 * for (const { name, run } of topictest.conformance({ engine: () => topic.memory() })) {
 *   await run();
 *   console.log("ok", name);
 * }
 * ```
 */
export function conformance(options: Options): Check[] {
  Bench.check(options);
  const all: Described[] = [...basicChecks, ...timeChecks, ...faultChecks, ...modelChecks];
  return all
    .filter(({ needs }) => needs === undefined || needs(options))
    .map((check) => ({ name: check.name, run: () => Bench.run(options, check) }));
}
