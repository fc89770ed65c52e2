import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import plugin from "gocsp/lint/plugin";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { cases } from "./cases.ts";
import { eslintFor, type Finding, loadEslint, oxlint } from "./linters.ts";

const names = Object.keys(plugin.rules);
const pluginFile = join(root, "src", "lint", "plugin", "plugin.ts");

/** The code blocks of the page, wrong and right, by rule. */
const page = readFileSync(join(root, "docs", "lint.md"), "utf8");
const sections = new Map(
  page.split(/^## /m).map((section) => [section.slice(0, section.indexOf("\n")).replaceAll("`", ""), section]),
);
const blocks = (name: string, kind: "wrong" | "right"): string[] =>
  [...(sections.get(name) ?? "").matchAll(new RegExp(`^<!-- ${kind} -->\\n\`\`\`ts\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, code = ""]) => code,
  );

beforeAll(() => {
  loadEslint();
}, 300_000);

test("every rule has cases, and every case a rule [L1]", () => {
  expect(Object.keys(cases).sort()).toEqual([...names].sort());
  for (const name of names) {
    expect(cases[name]?.some(({ found }) => found.length === 0)).toBe(true);
    expect(cases[name]?.some(({ found }) => found.length > 0)).toBe(true);
  }
});

describe.each(names)("%s in ESLint", (name) => {
  test.each(cases[name] ?? [])("$code [L1]", ({ code, found, fixed }) => {
    const linter = eslintFor(name);
    const messages = linter.verify(code);
    expect(messages.map(({ messageId, message }) => messageId ?? message)).toEqual(found);
    expect(linter.fix(code)).toBe(fixed ?? code);
    for (const { suggestions = [] } of messages) {
      for (const { fix } of suggestions) {
        // The result of a suggestion must parse, and have fewer reports of the rule.
        const changed = code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]);
        expect(linter.verify(changed).map(({ message }) => message).length, changed).toBeLessThan(messages.length);
      }
    }
  });
});

describe("in oxlint", () => {
  const files = new Map<string, string>();
  const wanted = new Map<string, readonly string[]>();
  for (const [name, list] of Object.entries(cases)) {
    list.forEach(({ code, found }, i) => {
      // oxlint treats a file without imports and exports as a script.
      files.set(`${name}/${i}.ts`, `${code}\nexport {};`);
      wanted.set(`${name}/${i}.ts`, found);
    });
  }
  const configFor = (rules: readonly string[]): object => ({
    plugins: [],
    categories: { correctness: "off" },
    jsPlugins: [pluginFile],
    rules: Object.fromEntries(rules.map((rule) => [`gocsp/${rule}`, "error"])),
  });

  test.each(names)("%s finds the same as in ESLint [L1]", (name) => {
    const own = new Map([...files].filter(([path]) => path.startsWith(`${name}/`)));
    const { found, remove } = oxlint(own, configFor([name]));
    remove();
    for (const [path, findings] of found) {
      const texts = (wanted.get(path) ?? []).map((id) =>
        plugin.rules[name]?.meta.messages[id]?.replaceAll(/\{\{\w+\}\}/g, "…"),
      );
      expect(
        findings.map(({ message }) => shape(message, name)),
        files.get(path),
      ).toEqual(texts);
    }
  });

  /** Returns a message with its placeholders removed. */
  function shape(message: string, name: string): string {
    for (const text of Object.values(plugin.rules[name]?.meta.messages ?? {})) {
      const pattern = text.replaceAll(/[.*+?^$()[\]|\\]/g, "\\$&").replaceAll(/\{\{\w+\}\}/g, ".*?");
      if (new RegExp(`^${pattern}$`).test(message)) return text.replaceAll(/\{\{\w+\}\}/g, "…");
    }
    return message;
  }

  test("a fix is the same as in ESLint [L1]", () => {
    const first = cases["no-async-defer"]?.find(({ fixed }) => fixed !== undefined);
    const { folder, remove } = oxlint(new Map([["a.ts", first?.code ?? ""]]), configFor(["no-async-defer"]), true);
    const text = readFileSync(join(folder, "a.ts"), "utf8");
    remove();
    expect(text).toBe(first?.fixed);
  });

  test("nothing is found in the library and its examples, nor in what the translator has made [L2]", () => {
    const config = JSON.stringify(configFor(names));
    const { diagnostics } = lintHere(config);
    expect(diagnostics).toEqual([]);
  });
});

/** Programs that are broken to be mended, and those that show a lock alone, which nothing waits for. */
const lessons = /^examples\/(levels|[^/]+\/(twin|repair)|lessons\/.*\/(task|solution))\b/;

/** Lints the project's own folders under a configuration. */
function lintHere(config: string): { diagnostics: string[] } {
  const files = new Map<string, string>();
  for (const folder of ["src", "examples", "port/testdata"]) {
    for (const path of listing(folder)) {
      if (!lessons.test(path)) files.set(path, readFileSync(join(root, path), "utf8"));
    }
  }
  const { found, remove } = oxlint(files, JSON.parse(config) as object);
  remove();
  const text = (path: string, { rule, message }: Finding): string => `${path}: ${rule} ${message}`;
  return { diagnostics: [...found].flatMap(([path, list]) => list.map((finding) => text(path, finding))) };
}

describe("docs/lint.md", () => {
  test("has a section for each rule, with what is wrong and what is right [L3]", () => {
    for (const name of names) {
      expect(sections.has(name), name).toBe(true);
      expect(blocks(name, "wrong").length, name).toBeGreaterThan(0);
      expect(blocks(name, "right").length, name).toBeGreaterThan(0);
      expect(plugin.rules[name]?.meta.docs.url).toMatch(new RegExp(`docs/lint\\.md#${name}$`));
    }
  });

  test.each(names)("the rule %s finds fault with what is wrong there, and not with what is right [L3]", (name) => {
    const linter = eslintFor(name);
    for (const code of blocks(name, "wrong")) {
      const messages = linter.verify(code);
      expect(messages.length, code).toBeGreaterThan(0);
      expect(messages.every(({ ruleId }) => ruleId === `gocsp/${name}`)).toBe(true);
    }
    for (const code of blocks(name, "right")) expect(linter.verify(code), code).toEqual([]);
  });
});

function listing(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root }).map((path) => path.replaceAll("\\", "/"));
}
