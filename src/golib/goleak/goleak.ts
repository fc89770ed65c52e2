/**
 * Finds goroutines that a test has left behind. Mirrors parts of `go.uber.org/goleak`: goroutines are only counted, so
 * a single one cannot be ignored by its name.
 *
 * @module
 */

import { gosched, numGoroutine } from "../../runtime/goroutine.ts";

/** The receiver of a report: a `testing.T`. */
interface Reporter {
  errorf(template: string, ...args: unknown[]): void;
}

/** The number of goroutines that do not count as a leak. */
export interface Option {
  readonly ignored: number;
}

/** Ignores the goroutines that exist at the call. Mirrors `goleak.IgnoreCurrent`. */
export function ignoreCurrent(): Option {
  return { ignored: numGoroutine() };
}

/** The module itself counts as one goroutine while `main` has not been called. */
const self: Option = { ignored: 1 };

/** How many times the check yields, so that goroutines can end by themselves. */
const patience = 100;

/** Returns an error if goroutines are left that do not end within a short time. Mirrors `goleak.Find`. */
export async function find(...options: readonly Option[]): Promise<Error | undefined> {
  const allowed = Math.max(...[self, ...options].map((option) => option.ignored));
  for (let turn = 0; turn < patience && numGoroutine() > allowed; turn++) await gosched();
  const left = numGoroutine() - allowed;
  return left > 0 ? new Error(`found unexpected goroutines: ${left}`) : undefined;
}

/**
 * Fails a test if goroutines are left that do not end within a short time. Mirrors `goleak.VerifyNone`.
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

/**
 * Calls `run` of a `TestMain`, and looks for no leaks: here the runner runs the tests after `TestMain` has returned.
 */
export function verifyTestMain(m: { run(): number }): void {
  m.run();
}
