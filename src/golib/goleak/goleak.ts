/**
 * Looking for goroutines that a test has left behind. Mirrors `go.uber.org/goleak`, as far as that goes: goroutines are
 * counted, so one cannot be ignored by its name.
 *
 * @module
 */

import { gosched, numGoroutine } from "../../runtime/goroutine.ts";

/** What is reported to: a `testing.T`. */
interface Reporter {
  errorf(template: string, ...args: unknown[]): void;
}

/** How many goroutines are no leak. */
export interface Option {
  readonly ignored: number;
}

/** Ignores the goroutines that are there now. Mirrors `goleak.IgnoreCurrent`. */
export function ignoreCurrent(): Option {
  return { ignored: numGoroutine() };
}

/** The module itself counts as one goroutine while `main` has not been called. */
const self: Option = { ignored: 1 };

/** How many turns a goroutine gets to end by itself. */
const patience = 100;

/** Returns an error if there are goroutines left that do not end. Mirrors `goleak.Find`; it waits for them a little. */
export async function find(...options: readonly Option[]): Promise<Error | undefined> {
  const allowed = Math.max(...[self, ...options].map((option) => option.ignored));
  for (let turn = 0; turn < patience && numGoroutine() > allowed; turn++) await gosched();
  const left = numGoroutine() - allowed;
  return left > 0 ? new Error(`found unexpected goroutines: ${left}`) : undefined;
}

/**
 * Fails a test if there are goroutines left that do not end. Mirrors `goleak.VerifyNone`; it waits for them a little.
 *
 * @example
 * ```ts
 * const run = testing.test(async (t) => {
 *   await goleak.verifyNone(t);
 * });
 * await run();
 * ```
 */
export async function verifyNone(t: Reporter, ...options: readonly Option[]): Promise<void> {
  const err = await find(...options);
  if (err !== undefined) t.errorf("%s", err.message);
}

/** Runs the tests of a `TestMain`. What they leave behind is not looked for: the runner goes on after it. */
export function verifyTestMain(m: { run(): number }): void {
  m.run();
}
