import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { points } from "gocsp/explore/vite";
import { parseAst } from "vite";
import { describe, expect, test } from "vitest";
import { instrument } from "../../src/explore/instrument.ts";

/** Instruments a line of code, and shortens the names of what is inserted. */
function instrumented(code: string): string | undefined {
  return instrument(code, parseAst)
    ?.code.replace(/^import.*?;/, "")
    .replaceAll(/\$gocsp(\w)/g, (_, letter: string) => `$${letter}`);
}

describe("instrumented is", () => {
  const cases: Record<string, [code: string, wanted: string | undefined]> = {
    "an await": [
      "async function f() { await g(); }",
      "async function f() {const $Routine=$Who(); $Resumed($Routine,await $Point($Routine,(g()),false)); }",
    ],
    "the body of an arrow function, also an object": [
      "const f = async x => ({ y: await x.send(1) })",
      "const f = async x =>{const $Routine=$Who();return( ({ y: $Resumed($Routine,await $Point($Routine,(x.send(1)),true)) }));}",
    ],
    "an await of an await, and a comma": [
      "async function f() { await (a, await b); }",
      "async function f() {const $Routine=$Who(); $Resumed($Routine,await ($Point($Routine,(a, $Resumed($Routine,await $Point($Routine,(b),false))),false))); }",
    ],
    "what follows a throw": [
      "async function f() { try { await a; } catch { b(); } finally { c(); } }",
      "async function f() {const $Routine=$Who(); try { $Resumed($Routine,await $Point($Routine,(a),false)); } catch {$Resumed($Routine); b(); } finally {$Resumed($Routine); c(); } }",
    ],
    "a loop": [
      "async function f() { 'use strict'; for await (const x of y) z(x); }",
      "async function f() { 'use strict';const $Routine=$Who(); for await (const x of y) {$Resumed($Routine);z(x);}$Resumed($Routine); }",
    ],
    "a generator, which goes on for whoever asks": [
      "async function* f() { yield await a; }",
      "async function* f() {let $Routine=$Who(); $Resumed(undefined,yield $Resumed($Routine,await $Point($Routine,(a),false)),$Routine=$Who()); }",
    ],
    "no await of a module": ["await a;", undefined],
    "no code without one": ["const awaits = 1;", undefined],
  };
  test.each(Object.entries(cases))("%s [O20]", (_, [code, wanted]) => {
    expect(instrumented(code)).toBe(wanted);
    if (wanted !== undefined) expect(() => parseAst(wanted)).not.toThrow();
  });
});

test("the plugin instruments the program's own modules only [O20]", () => {
  const plugin = points();
  const transform = (id: string): unknown =>
    plugin.transform.call({ parse: parseAst }, "export const f = async () => await 1;", id);
  expect(transform("/project/src/a.ts?v=1")).toBeDefined();
  expect(transform("/project/node_modules/x/a.js")).toBeUndefined();
  expect(transform("/project/style.css")).toBeUndefined();
  expect(transform(join(import.meta.dirname, "../../src/chan/chan.ts"))).toBeUndefined();
  expect(() => points({ include: 42 as never })).toThrow("points: 42 is not a function");
});

const programs = join(import.meta.dirname, "programs");

test("a program that Node runs is instrumented by the preload [O20]", async () => {
  const preload = join(import.meta.dirname, "../../dist/explore/register.js");
  const args = ["--enable-source-maps", "--import", preload, join(programs, "plain-awaits.ts")];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { failures, awaits, line } = JSON.parse(stdout) as { failures: string[]; awaits: string; line: string };
  expect(failures).toEqual([
    "overdrawn",
    "opened twice",
    "an old answer",
    "the halves of a transfer",
    "identity holds",
  ]);
  expect(awaits).toBe("explored");
  expect(line).toMatch(/plain-awaits\.ts:\d+:\d+/);
});

test("without it the same program is not explored at its awaits, and says so [O20]", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(programs, "plain-awaits.ts")]);
  const { failures, awaits } = JSON.parse(stdout) as { failures: string[]; awaits: string };
  expect([failures, awaits]).toEqual([["identity holds"], "not explored"]);
});

test("Vitest with the plugin explores plain awaits, and tells lines of the source [O20]", async () => {
  // Beside the sources, so that the package is found by its own name.
  const folder = mkdtempSync(join(import.meta.dirname, ".plugin-"));
  try {
    writeFileSync(
      join(folder, "vitest.config.ts"),
      `import { points } from "gocsp/explore/vite";
import { defineConfig } from "vitest/config";
export default defineConfig({ plugins: [points()], test: { include: ["*.check.ts"] } });
`,
    );
    const lines = [
      `import { sync } from "gocsp";`,
      `import { explore } from "gocsp/explore";`,
      `import { expect, test } from "vitest";`,
      `interface Account { balance: number }`,
      `const db = { load: async <T>(value: T): Promise<T> => value };`,
      `test("an account is never overdrawn", () =>`,
      `  explore(async () => {`,
      `    const account: Account = { balance: 100 };`,
      `    const withdraw = async (amount: number): Promise<void> => {`,
      `      if ((await db.load(account.balance)) < amount) return;`,
      `      account.balance -= amount;`,
      `    };`,
      `    const wg = new sync.WaitGroup();`,
      `    for (let i = 0; i < 2; i++) wg.go(withdraw, 80);`,
      `    await wg.wait();`,
      `    expect(account.balance).toBeGreaterThanOrEqual(0);`,
      `  }));`,
    ];
    writeFileSync(join(folder, "race.check.ts"), lines.join("\n"));
    const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
    const env = { ...process.env, VITEST: "", NO_COLOR: "1" };
    const failed: unknown = await promisify(execFile)(process.execPath, [vitest, "run", "--root", folder], {
      cwd: folder,
      env,
    }).catch((error: unknown) => error);
    const { stdout, stderr } = failed as { stdout: string; stderr: string };
    const printed = stripVTControlCharacters(`${stdout}${stderr}`);
    expect(printed).toContain("ExploreError: panic: AssertionError: expected -60 to be greater than or equal to 0");
    expect(printed).toMatch(/goroutine 2 is interrupted {3}race\.check\.ts:10:\d+/);
    expect(printed).toMatch(/goroutine 1 waits for WaitGroup1 \(sync\.WaitGroup\.Wait\) {3}race\.check\.ts:15:\d+/);
    expect(printed).toMatch(/token: 1-stay-\S+/);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);

test("the preload says what it needs [O20]", async () => {
  const preload = join(import.meta.dirname, "../../dist/explore/register.js");
  const folder = mkdtempSync(join(tmpdir(), "gocsp-register-"));
  try {
    const hook = `import { registerHooks } from "node:module";
registerHooks({ resolve: (name, context, next) => { if (name === "vite") throw new Error("gone"); return next(name, context); } });`;
    writeFileSync(join(folder, "hook.mjs"), hook);
    const args = ["--import", join(folder, "hook.mjs"), "--import", preload, "-e", "0"];
    const failed: unknown = await promisify(execFile)(process.execPath, args).catch((error: unknown) => error);
    expect((failed as { stderr: string }).stderr).toContain(
      "gocsp/explore/register needs the package vite, run npm install --save-dev vite",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
