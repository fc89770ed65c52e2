// docs/testing-vitest.md, docs/testing-jest.md and docs/testing-node.md: their tests, run by these runners.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installOnce, type Result, root, run } from "../../scripts/project.ts";

let folder: string;
beforeAll(() => {
  const here = import.meta.dirname;
  installOnce(here);
  folder = mkdtempSync(join(tmpdir(), "gocsp-runners-"));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  symlinkSync(root, join(modules, "gocsp"), "junction");
  symlinkSync(join(root, "node_modules", "vitest"), join(modules, "vitest"), "junction");
  for (const name of readdirSync(join(here, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(here, "node_modules", name), join(modules, name), "junction");
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the suite of a page, and returns its folder, its file and what the page shows of the result. */
function suiteOf(page: string): { at: string; file: string; shown: string } {
  const text = readFileSync(join(root, "docs", page), "utf8");
  const [, file = "", code = ""] = /^<!-- suite: ([\w.]+) -->\n```[jt]s\n([\s\S]*?)^```$/m.exec(text) ?? [];
  const [, shown = ""] = /^ {2}```text\n([\s\S]*?)^ {2}```$/m.exec(text) ?? [];
  const at = join(folder, page.replace(".md", ""));
  mkdirSync(at);
  writeFileSync(join(at, file), code);
  const config = /^```json\n([\s\S]*?)^```$/m.exec(text)?.[1];
  if (config !== undefined) writeFileSync(join(at, "jest.config.json"), config);
  return { at, file, shown };
}

/** The lines of a text without their indentation, the numbers of goroutines and the folders of files. */
function essence(text: string, file: string): string {
  const lines = text.split("\n").map((line) =>
    line
      .trim()
      .replace(/^goroutine \d+/, "goroutine N")
      .replace(new RegExp(`\\S*/(?=${file})`), ""),
  );
  return lines.join("\n");
}

function expectShown({ stdout, stderr }: Result, { shown, file }: { shown: string; file: string }): void {
  expect(shown).toContain("1 goroutine is left");
  expect(essence(stdout + stderr, file)).toContain(essence(shown.trimEnd(), file));
}

const timeout = 300_000;

test("with Vitest the tests of its page go as it says", { timeout }, () => {
  const suite = suiteOf("testing-vitest.md");
  const vitest = join(folder, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--root", suite.at, "--reporter=verbose", "--no-color"];
  const result = run(process.execPath, args, suite.at, timeout);
  expectShown(result, suite);
  expect(result.stdout).toMatch(/Tests +1 failed \| 3 passed \(4\)\n +Errors +1 error/);
  expect(result.stderr).toMatch(/The last test to run before this error was "a panic in a goroutine"/);
  expect(result.code).toBe(1);
});

test("with Jest the tests of its page go as it says", { timeout }, () => {
  const suite = suiteOf("testing-jest.md");
  const jest = join(folder, "node_modules", "jest", "bin", "jest.js");
  const args = ["--experimental-vm-modules", jest, "--config", join(suite.at, "jest.config.json"), "--verbose"];
  const result = run(process.execPath, args, suite.at, timeout);
  expectShown(result, suite);
  expect(result.stderr).toMatch(/Tests: +2 failed, 2 passed, 4 total/);
  expect(result.stderr).toContain("● a panic in a goroutine\n\n    index out of range");
  expect(result.code).toBe(1);
});

test("with node:test the tests of its page go as it says", { timeout }, () => {
  const suite = suiteOf("testing-node.md");
  const result = run(process.execPath, ["--test", "--test-reporter=spec", suite.file], suite.at);
  expectShown(result, suite);
  expect(result.stdout).toMatch(/pass 1\n/);
  expect(result.stdout).toMatch(/fail 2\n/);
  expect(result.stdout).toMatch(/a panic in a goroutine .*\n +Error: index out of range/);
  expect(result.code).toBe(1);
});
