/**
 * Go's tests on the test runners of JavaScript. Mirrors Go's `testing` package: `testing.test(f)` makes what the `test` of
 * `node:test`, vitest, Bun or Deno runs.
 *
 * ```ts
 * import { test } from "node:test";
 * test("TestAdd", testing.test(async (t) => {
 *   await t.run("small", (t) => {
 *     if (1 + 1 !== 2) t.fatal("wrong");
 *   });
 * }));
 * ```
 *
 * A test fails with the texts of all that failed in it, subtests included. Environment variables: `GOTEST_JSON` prints a
 * line for each test and subtest as `go test -json` does, `GOTEST_SHORT` is `-short`, `GOTEST_VERBOSE` is `-v`.
 *
 * @module
 */

export { B, benchmark, type PB } from "./benchmark.ts";
export { F, fuzz } from "./fuzz.ts";
export { M } from "./main.ts";
export { allocsPerRun, short, T, type TB, test, testing, verbose } from "./test.ts";
