import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installOnce, type Result, root, run } from "../../scripts/project.ts";

/** The suite as a project of its own, outside of the repository, with the test runners as its packages. */
let folder: string;
beforeAll(() => {
  const here = import.meta.dirname;
  installOnce(here);
  folder = mkdtempSync(join(tmpdir(), "gocsp-runners-"));
  cpSync(join(here, "suites"), folder, { recursive: true });
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(root, join(modules, "gocsp"), "junction");
  symlinkSync(join(root, "node_modules", "vitest"), join(modules, "vitest"), "junction");
  for (const name of readdirSync(join(here, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(here, "node_modules", name), join(modules, name), "junction");
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const passing = [
  "passes first",
  "passes after a panic",
  "passes after another panic",
  "passes after a fatal error",
  "passes with an exit that is replaced",
  "passes last",
];
const failing = ["panic at once", "panic later", "fatal error"];

/** Returns a pattern for the place of a line of the suite. */
function at(text: string): string {
  const lines = readFileSync(join(import.meta.dirname, "suites", "suite.mjs"), "utf8").split("\n");
  return `\\S*suite\\.mjs:${lines.findIndex((line) => line.includes(text)) + 1}:\\d+`;
}

// Vitest moves the lines of a module that it does not compile.
const somewhere = String.raw`\S*suite\.mjs:\d+:\d+`;
const atOnce = at('new Error("at once")');
const later = at('new Error("later")');

/** The reports as Go prints them, with the goroutine's lines. */
function expectReports({ stdout, stderr }: Result, places: [string, string] = [atOnce, later]): void {
  const printed = stdout + stderr;
  const report = (text: string, name: string, place: string): RegExp =>
    new RegExp(`panic: ${text}\n\ngoroutine \\d+ \\[running\\]:\n${name}\\(\\.\\.\\.\\)\n\t${place}\ncreated by `);
  expect(printed).toMatch(report("at once", "atOnce", places[0]));
  expect(printed).toMatch(report("later", "waiting", places[1]));
  expect(printed).toMatch(/fatal error: sync: unlock of unlocked mutex\n\ngoroutine.*\[running\]:\n/);
}

test("under node:test a panic fails the test that started the goroutine, and the others run [G29] [G30]", () => {
  const result = run(process.execPath, ["--test-reporter=tap", "node.test.mjs"], folder);
  expectReports(result);
  const lines = [...result.stdout.matchAll(/^ *(not ok|ok) \d+ - (.*)$/gm)].map(([, outcome, name]) => [name, outcome]);
  expect(lines.filter(([, outcome]) => outcome === "ok").map(([name]) => name)).toEqual(passing);
  expect(lines.filter(([, outcome]) => outcome === "not ok").map(([name]) => name)).toEqual(failing);
  expect(result.code).toBe(1);
});

test("under jest a panic fails the test that started the goroutine, and the others run [G29] [G30]", () => {
  const jest = join(folder, "node_modules", "jest", "bin", "jest.js");
  const config = JSON.stringify({ testMatch: ["**/jest.test.mjs"], transform: {}, rootDir: folder });
  const result = run(process.execPath, ["--experimental-vm-modules", jest, "--json", "--config", config], folder);
  expectReports(result);
  const { testResults } = JSON.parse(result.stdout.slice(result.stdout.indexOf('{"num'))) as {
    testResults: { assertionResults: { status: string; title: string; failureMessages: string[] }[] }[];
  };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(results.filter(({ status }) => status === "passed").map(({ title }) => title)).toEqual(passing);
  const failed = results.filter(({ status }) => status === "failed");
  expect(failed.map(({ title }) => title)).toEqual(failing);
  expect(failed[0]?.failureMessages.join()).toMatch(new RegExp(`Error: at once\n {4}at atOnce \\(${atOnce}`));
  expect(result.code).toBe(1);
});

test.each(["forks", "threads"])(
  "under vitest (%s) a panic is an error of the run that names the test, and all tests run [G29] [G30]",
  (pool) => {
    const vitest = join(folder, "node_modules", "vitest", "vitest.mjs");
    const args = [vitest, "run", "--root", folder, "--pool", pool, "vitest.test.mjs"];
    const result = run(process.execPath, [...args, "--reporter=verbose", "--no-color"], folder);
    expectReports(result, [somewhere, somewhere]);
    const printed = result.stdout + result.stderr;
    expect(printed).toMatch(/ 9 passed/);
    expect(
      [...printed.matchAll(/^The last test to run before this error was "(.*)"\./gm)].map(([, name]) => name),
    ).toEqual(failing);
    expect(printed).toMatch(new RegExp(`Error: at once\n.* atOnce ${somewhere}`));
    expect(result.code).toBe(1);
  },
);
