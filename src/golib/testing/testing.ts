/**
 * Go's tests on the test runners of JavaScript. Mirrors Go's `testing` package: `testing.test(f)` makes a function for
 * the `test` of `node:test`, vitest, Bun or Deno.
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
 * The error of a failed test contains the output of the test and its subtests. Environment variables: `GOTEST_JSON`
 * prints a line for each test and subtest as `go test -json` does, `GOTEST_SHORT` is `-short`, `GOTEST_VERBOSE` is
 * `-v`.
 *
 * @module
 */

export { B, benchmark, type PB } from "./benchmark.ts";
export { F, fuzz } from "./fuzz.ts";
export { M } from "./main.ts";
export { allocsPerRun, short, T, type TB, test, testing, verbose } from "./test.ts";
