import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
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
