import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { root, run } from "../../scripts/project.ts";

interface Block {
  readonly kind: "go" | "wrong" | "right";
  readonly name: string;
  readonly code: string;
  readonly output: string;
}

const guide = readFileSync(join(root, "docs", "porting.md"), "utf8");
const blocks = [...guide.matchAll(/^<!-- (go|wrong|right): ([\w-]+) -->\n```(?:go|ts)\n([\s\S]*?)^```$/gm)].map(
  ([, kind, name = "", code = ""]): Block => ({ kind: kind as Block["kind"], name, code, output: outputOf(code) }),
);
const go = blocks.filter(({ kind }) => kind === "go");
const typescript = blocks.filter(({ kind }) => kind !== "go");

/** What a block prints, by the comments behind its calls, as one line. */
function outputOf(code: string): string {
  const printed = [...code.matchAll(/(?:Println|console\.log)\(.*\).*?\/\/ (.*)$/gm)].map(([, output = ""]) => output);
  return joined(printed.join(" "));
}

function joined(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}

test("every block has a name, and every hazard is shown in Go, wrong and right [B16]", () => {
  expect(blocks).toHaveLength(guide.match(/^```(?:go|ts)$/gm)?.length ?? 0);
  const kinds = Map.groupBy(blocks, ({ name }) => name);
  for (const [name, list] of kinds) {
    if (name !== "testing")
      expect(
        list.map(({ kind }) => kind),
        name,
      ).toEqual(["go", "wrong", "right"]);
  }
});

const folder = join(import.meta.dirname, `.porting-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The module of a block: a function with the names that it uses imported. */
function moduleOf(code: string): string {
  const isUsed = (name: string): boolean => new RegExp(`(?<!\\w|(?<!\\.\\.)\\.)${name}\\b`).test(code);
  const from = (module: string, names: readonly string[]): string => {
    const used = names.filter(isUsed);
    return used.length === 0 ? "" : `import { ${used.join(", ")} } from "${module}";\n`;
  };
  const namespace = (name: string): string => (isUsed(name) ? `import * as ${name} from "gocsp/golib/${name}";\n` : "");
  const language = [
    "append",
    "byteAt",
    "div",
    "equal",
    "fromBytes",
    "fromRune",
    "KeyMap",
    "len",
    "rem",
    "runes",
    "shl64",
    "sliceOf",
  ];
  return (
    from("gocsp", ["chan", "context", "defer", "errors", "go", "gosched", "select", "sync", "time"]) +
    from("gocsp/runtime", ["goexit"]) +
    from("gocsp/golib", [...language, "substring", "uint32"]) +
    ["fmt", "http", "httptest", "io", "testing"].map(namespace).join("") +
    `export async function part(): Promise<void> {\n${code}}\n`
  );
}

describe("in docs/porting.md", () => {
  const complaints = new Map<string, string[]>();
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    for (const { kind, name, code } of typescript) writeFileSync(join(folder, `${name}-${kind}.ts`), moduleOf(code));
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, noFallthroughCasesInSwitch: false };
    const config = { extends: "../../../tsconfig.test.json", compilerOptions, include: ["*.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = run(process.execPath, [tsc, "--noEmit", "--pretty", "false", "-p", folder], root, 120_000);
    for (const line of stdout.split("\n").filter((line) => line !== "")) {
      const file = /([\w-]+)\.ts\(\d+,\d+\)/.exec(line)?.[1] ?? "";
      complaints.set(file, [...(complaints.get(file) ?? []), line]);
    }
  }, 120_000);

  test.each(typescript)(
    "$name, $kind: compiles and prints what its comments say [B16]",
    async ({ kind, name, output }) => {
      expect(complaints.get(`${name}-${kind}`) ?? []).toEqual([]);
      const printed: string[] = [];
      const log = vi
        .spyOn(console, "log")
        .mockImplementation((...args: unknown[]) => void printed.push(format(...args)));
      try {
        const { part } = (await import(join(folder, `${name}-${kind}.ts`))) as { part: () => Promise<void> };
        await part();
      } finally {
        log.mockRestore();
      }
      expect(output).not.toBe("");
      expect(joined(printed.join(" "))).toBe(output);
    },
  );

  test("the compiler complains about nothing else [B16]", () => {
    const files = new Set(typescript.map(({ kind, name }) => `${name}-${kind}`));
    expect([...complaints].filter(([file]) => !files.has(file)).flatMap(([, lines]) => lines)).toEqual([]);
  });
});

describe.skipIf(spawnSync("go", ["version"]).status !== 0)("Go itself", () => {
  const programs = mkdtempSync(join(tmpdir(), "gocsp-porting-"));
  afterAll(() => rmSync(programs, { recursive: true, force: true }));
  beforeAll(() => {
    writeFileSync(join(programs, "go.mod"), "module porting\n\ngo 1.25\n");
    for (const { name, code } of go) {
      mkdirSync(join(programs, name));
      const packages = ["context", "errors", "fmt", "io", "net/http", "net/http/httptest", "runtime", "sync", "time"];
      const used = packages
        .filter((name) => new RegExp(`\\b${name.slice(name.lastIndexOf("/") + 1)}\\.[A-Z]`).test(code))
        .map((name) => `import "${name}"\n`);
      writeFileSync(join(programs, name, "main.go"), `package main\n\n${used.join("")}\nfunc main() {\n${code}}\n`);
    }
    mkdirSync(join(programs, "bin"));
    const { status, stderr } = spawnSync("go", ["build", "-o", "bin/", "./..."], { cwd: programs, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }, 300_000);

  test.each(go)("prints what the comments of $name say [B16]", ({ name, output }) => {
    const bin = join(programs, "bin", process.platform === "win32" ? `${name}.exe` : name);
    expect(existsSync(bin)).toBe(true);
    expect(output).not.toBe("");
    expect(joined(run(bin, [], programs).stdout)).toBe(output);
  });
});
