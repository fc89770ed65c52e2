/** The two linters that the rules work in: ESLint with typescript-eslint, from this folder's own packages, and oxlint. */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { oxlint as preset } from "gocsp/lint";
import plugin from "gocsp/lint/plugin";
import { installOnce, root } from "../../scripts/project.ts";

/** The findings of a linter in one file. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
}

export interface EslintMessage {
  readonly ruleId: string | null;
  readonly messageId?: string;
  readonly message: string;
  readonly suggestions?: readonly {
    readonly messageId?: string;
    readonly fix: { range: [number, number]; text: string };
  }[];
}

interface Linter {
  verify(code: string, config: unknown, file: string): EslintMessage[];
  verifyAndFix(code: string, config: unknown, file: string): { output: string };
}

interface Eslint {
  readonly Linter: new (options: { configType: "flat" }) => Linter;
  readonly ESLint: new (options: object) => {
    lintFiles(files: string[]): Promise<{ filePath: string; messages: EslintMessage[] }[]>;
  };
}

/** Loads ESLint, and installs it first if it is missing. */
export function loadEslint(): { eslint: Eslint; tseslint: Record<"parser" | "plugin", unknown> } {
  installOnce(import.meta.dirname);
  const require = createRequire(import.meta.url);
  return {
    eslint: require("eslint") as Eslint,
    tseslint: require("typescript-eslint") as Record<"parser" | "plugin", unknown>,
  };
}

interface OneRule {
  verify(code: string): EslintMessage[];
  fix(code: string): string;
}

const linters = new Map<string, OneRule>();

/** Returns a linter that applies one rule. */
export function eslintFor(rule: string): OneRule {
  const known = linters.get(rule);
  if (known !== undefined) return known;
  const { eslint, tseslint } = loadEslint();
  const linter = new eslint.Linter({ configType: "flat" });
  const config = {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser, sourceType: "module" },
    plugins: { gocsp: plugin },
    rules: { [`gocsp/${rule}`]: "error" },
  };
  const one: OneRule = {
    verify: (code) => linter.verify(code, config, "case.ts"),
    fix: (code) => linter.verifyAndFix(code, config, "case.ts").output,
  };
  linters.set(rule, one);
  return one;
}

/** Puts the built package into a folder's node_modules. */
export function linkPackage(folder: string): void {
  const target = join(folder, "node_modules", "gocsp");
  mkdirSync(target, { recursive: true });
  symlinkSync(join(root, "dist"), join(target, "dist"), "junction");
  copyFileSync(join(root, "package.json"), join(target, "package.json"));
}

/** Lints files with oxlint under a configuration: returns the findings by file. */
export function oxlint(
  files: ReadonlyMap<string, string>,
  config: object,
  fix: boolean = false,
): { found: Map<string, Finding[]>; folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-oxlint-"));
  linkPackage(folder);
  writeFileSync(join(folder, ".oxlintrc.json"), JSON.stringify(config));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        lib: ["ESNext"],
        module: "NodeNext",
        strict: true,
        types: [],
        skipLibCheck: true,
        noEmit: true,
        allowImportingTsExtensions: true,
      },
    }),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const bin = join(root, "node_modules", "oxlint", "bin", "oxlint");
  const args = [bin, "--format=json", "--disable-nested-config", ...(fix ? ["--fix"] : [])];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
  if (!stdout.startsWith("{")) throw new Error(stdout + stderr);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { filename: string; code: string; message: string }[];
  };
  const found = new Map<string, Finding[]>([...files.keys()].map((path) => [path, []]));
  for (const { filename, code, message } of diagnostics) {
    found.get(filename.replaceAll("\\", "/"))?.push({ rule: code, message });
  }
  return { found, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Lints translations under the preset for oxlint: returns the findings, each with its file. What Go does not use either,
 * types and functions of a package, is left out; unused imports are not.
 */
export function presetFindings(texts: Readonly<Record<string, string>>): string[] {
  const { found, remove } = oxlint(new Map(Object.entries(texts)), {
    ...preset,
    categories: { correctness: "off" },
    jsPlugins: [join(root, "src", "lint", "plugin", "plugin.ts")],
  });
  remove();
  return [...found].flatMap(([path, list]) =>
    list
      .filter(({ rule, message }) => !rule.includes("no-unused-vars") || message.includes("imported"))
      .map(({ rule, message }) => `${path}: ${rule} ${message}`),
  );
}
