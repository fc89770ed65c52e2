import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import * as lint from "gocsp/lint";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { testdata, textsOf } from "../port/translator.ts";
import { type Finding, linkPackage, loadEslint, oxlint, presetFindings } from "./linters.ts";

/** Mistakes in ported code, each with the rules that must find it, by their names without a prefix. */
const hazards: readonly { readonly code: string; readonly rule: string }[] = [
  { code: "ch.send(1);", rule: "no-floating-promises" },
  { code: "mu.lock();", rule: "no-floating-promises" },
  { code: "[1, 2].forEach(async (n) => ch.send(n));", rule: "no-misused-promises" },
  { code: "await ch.trySend(1);", rule: "await-thenable" },
  { code: "using _ = await mu.lock(); return work();", rule: "return-await" },
  { code: "go(pool.run);", rule: "unbound-method" },
  { code: "function f() { return ch.receive(); } f().catch(() => undefined);", rule: "promise-function-async" },
  { code: "switch (ch.length) { case 1: mu.unlock(); case 2: mu.unlock(); }", rule: "no-fallthrough" },
  {
    code: "const [ctx, cancel] = context.withCancel(context.background()); await ch.receive(ctx);",
    rule: "no-unused-vars",
  },
  { code: "const [ctx] = context.withCancel(context.background()); await ch.receive(ctx);", rule: "lost-cancel" },
  { code: "const _ = await mu.lock();", rule: "locked-using" },
];

const moduleOf = (code: string): string => `
import { chan, context, go, sync } from "gocsp";
const ch = chan<number>();
const mu = new sync.Mutex();
class Pool {
  jobs = 0;
  run() {
    this.jobs++;
  }
}
const pool = new Pool();
async function work(): Promise<void> {
  await ch.send(pool.jobs);
}
export async function hazard(): Promise<void> {
  ${code}
}
go(work);
`;

/** Correct code that resembles the mistakes. */
const innocent = `
import { chan, context, go, select, sync, time } from "gocsp";
const ch = chan<number>();
const mu = new sync.Mutex();
export async function fine(): Promise<number | undefined> {
  const [ctx, cancel] = context.withTimeout(context.background(), time.second);
  using _ = cancel;
  using _1 = await mu.lock();
  go(async () => ch.send(1));
  const op = await select({ done: ctx.done(), value: ch });
  switch (op.case) {
    case "done":
      return undefined;
    case "value":
      return op.value;
  }
}
`;

const files = new Map(hazards.map(({ code }, i) => [`hazard${i}.ts`, moduleOf(code)]));
files.set("innocent.ts", innocent);

describe("the preset for oxlint", () => {
  test("finds each hazard, and nothing where there is none [L4]", () => {
    const { found, remove } = oxlint(files, {
      ...lint.oxlint,
      categories: { correctness: "off" },
      jsPlugins: [join(root, "src", "lint", "plugin", "plugin.ts")],
    });
    remove();
    hazards.forEach(({ code, rule }, i) => {
      const rules = found.get(`hazard${i}.ts`)?.map((each) => each.rule.replace(/^.*\(|\)$/g, ""));
      expect(rules, code).toContain(rule);
    });
    expect(found.get("innocent.ts")).toEqual([]);
  });

  test("finds nothing in the recorded translations [L4]", { timeout: 120_000 }, () => {
    const texts = textsOf(testdata);
    expect(Object.keys(texts).length).toBeGreaterThan(40);
    expect(presetFindings(texts)).toEqual([]);
  });
});

/** Tells whether the name that a message begins with is imported. */
function isImported(text: string, message: string): boolean {
  const name = /^'(\w+)'/.exec(message)?.[1];
  return name === undefined || new RegExp(`^import [^;]*\\b${name}\\b[^;]* from `, "m").test(text);
}

describe("the preset for ESLint", () => {
  beforeAll(() => {
    loadEslint();
  }, 300_000);

  /** Lints files as a project of their own: returns the findings by file. */
  async function lintFiles(texts: ReadonlyMap<string, string>): Promise<Map<string, Finding[]>> {
    const { eslint, tseslint } = loadEslint();
    const folder = mkdtempSync(join(tmpdir(), "gocsp-eslint-"));
    try {
      linkPackage(folder);
      writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
      const compilerOptions = {
        target: "ES2022",
        lib: ["ESNext"],
        module: "NodeNext",
        strict: true,
        types: [],
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
      for (const [name, text] of texts) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      const linter = new eslint.ESLint({
        cwd: folder,
        overrideConfigFile: true,
        overrideConfig: [
          {
            files: ["**/*.ts"],
            languageOptions: {
              parser: tseslint.parser,
              parserOptions: { projectService: true, tsconfigRootDir: folder },
            },
            plugins: { "@typescript-eslint": tseslint.plugin },
          },
          { ...lint.eslint, files: ["**/*.ts"] },
        ],
      });
      const results = await linter.lintFiles(["**/*.ts"]);
      return new Map(
        results.map(({ filePath, messages }) => [
          relative(realpathSync(folder), filePath).replaceAll("\\", "/"),
          messages.map(({ ruleId, message }) => ({ rule: ruleId?.replace(/^.*\//, "") ?? message, message })),
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  test("finds each hazard, and nothing where there is none [L4]", async () => {
    const found = await lintFiles(files);
    const rulesOf = (file: string): string[] => (found.get(file) ?? []).map(({ rule }) => rule);
    hazards.forEach(({ code, rule }, i) => expect(rulesOf(`hazard${i}.ts`), code).toContain(rule));
    expect(found.has("innocent.ts")).toBe(true);
    expect(rulesOf("innocent.ts")).toEqual([]);
  }, 300_000);

  test("finds nothing in the recorded translations [L4]", async () => {
    const texts = textsOf(testdata);
    const found = await lintFiles(new Map(Object.entries(texts)));
    expect(found.size).toBe(Object.keys(texts).length);
    // What Go does not use either, types and functions of a package, is left out; unused imports are not.
    const findings = [...found].flatMap(([path, list]) =>
      list
        .filter(({ rule, message }) => rule !== "no-unused-vars" || isImported(texts[path] ?? "", message))
        .map(({ rule, message }) => `${path}: ${rule} ${message}`),
    );
    expect(findings).toEqual([]);
  }, 600_000);
});
