// The corpus: public Go modules, pinned by version, that are translated with their tests. Their sources are not kept
// here: they come from Go's module cache, whose checksums Go verifies.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, temporaryFolder } from "../../scripts/project.ts";
import type { Summary, Verdict } from "../../src/port/verify.ts";
import { outputs } from "./translator.ts";

/** The recorded figures of a module's translation. They may get better, not worse. */
export interface Figures {
  /** Tests and subtests that pass in Go. */
  readonly tests: number;
  /** The number of these that pass here, without manual edits. */
  readonly passed: number;
  readonly statements: number;
  readonly marked: number;
  readonly typeErrors: number;
}

export interface Module {
  readonly module: string;
  readonly version: string;
  /** The packages, `./...` if it is not given. */
  readonly packages?: readonly string[];
  /** Set for modules that the translator was not developed with: they measure how it does on unknown code. */
  readonly heldOut?: boolean;
  /** Set for a translation with `--throw`. */
  readonly throws?: boolean;
}

const env = { ...process.env, GOFLAGS: "-mod=mod -buildvcs=false", GOWORK: "off" };

function go(args: readonly string[], cwd: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("go", args, { cwd, env, encoding: "utf8", timeout: 120_000 });
}

/** Returns why modules are not available; undefined if they are. */
export function moduleProblem(modules: readonly Module[]): string | undefined {
  const empty = temporaryFolder();
  writeFileSync(join(empty, "go.mod"), "module corpus\n");
  for (const { module, version } of modules) {
    const got = go(["mod", "download", `${module}@${version}`], empty);
    if (got.status !== 0) return `${module}@${version} cannot be had: ${got.stderr.trim().split("\n")[0]}`;
  }
  return undefined;
}

/** Copies a module from the read-only cache, and makes it complete. */
export function unpack({ module, version }: Module): string {
  const empty = temporaryFolder();
  writeFileSync(join(empty, "go.mod"), "module corpus\n");
  const got = go(["mod", "download", "-json", `${module}@${version}`], empty);
  const { Dir } = JSON.parse(got.stdout) as { Dir: string };
  const folder = join(temporaryFolder(), "module");
  cpSync(Dir, folder, { recursive: true });
  for (const path of ["", ...readdirSync(folder, { recursive: true, encoding: "utf8" })]) {
    chmodSync(join(folder, path), 0o755);
  }
  if (!existsSync(join(folder, "go.mod"))) go(["mod", "init", module.replace(/@.*/, "")], folder);
  go(["mod", "tidy"], folder);
  return folder;
}

/** Returns the folder for the translation of a module: inside the package, so that `gocsp` resolves. */
export function folderOf({ module, throws = false }: Module): string {
  return join(outputs, "corpus", throws ? "throw" : "values", module.replaceAll("/", "-"));
}

export interface Verified {
  readonly summary: Summary;
  readonly verdicts: readonly Verdict[];
}

/** Translates a module and runs its tests in both languages. */
export async function verified(entry: Module, flags: readonly string[] = []): Promise<Verified> {
  const out = folderOf(entry);
  rmSync(out, { recursive: true, force: true });
  if (entry.throws === true) flags = [...flags, "--throw"];
  const args = ["port", "--verify", "--json", ...flags, "-o", out, ...(entry.packages ?? ["./..."])];
  const child = spawn(process.execPath, [join(root, "dist/port/port.js"), ...args], { cwd: unpack(entry), env });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`gocsp port ${args.join(" ")}: exit ${String(code)}\n${stderr}`);
  const answer = JSON.parse(stdout) as Summary & { readonly verdicts: readonly Verdict[] };
  return { summary: answer, verdicts: answer.verdicts };
}

/** Counts the type errors below each folder, under strict. */
export function typeErrors<M extends Module>(modules: readonly M[]): Map<M, string[]> {
  const folder = join(outputs, "corpus");
  const nameOf = (module: M): string => folderOf(module).slice(folder.length + 1);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../testdata/tsconfig.json",
      compilerOptions: { exactOptionalPropertyTypes: false },
      include: modules.map((module) => `${nameOf(module)}/**/*.ts`),
      exclude: [],
    }),
  );
  const tsc = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const lines = tsc.stdout.split("\n").filter((line) => /error TS/.test(line));
  return new Map(
    modules.map((module) => {
      const prefix = `${nameOf(module)}/`;
      return [module, lines.filter((line) => line.startsWith(prefix))];
    }),
  );
}

export function figures({ summary, verdicts }: Verified, errors: readonly string[]): Figures {
  const passing = verdicts.filter(({ go }) => go === "pass");
  return {
    tests: passing.length,
    passed: passing.filter(({ here }) => here === "pass").length,
    statements: summary.statements,
    marked: summary.marked,
    typeErrors: errors.length,
  };
}

/** A module with its recorded figures. */
export interface Entry extends Module {
  readonly figures?: Figures;
  /** The figures of its translation with `--throw`. */
  readonly thrown?: Figures;
}

/** The same module, to be translated with `--throw`. */
export function throwing({ thrown, figures: _values, ...entry }: Entry): Entry {
  return { ...entry, throws: true, ...(thrown === undefined ? {} : { figures: thrown }) };
}

const record = join(root, "test/port/corpus.json");

export function entries(): Entry[] {
  return JSON.parse(readFileSync(record, "utf8")) as Entry[];
}

/**
 * Translates and runs a module, and repeats the run if fewer tests pass than recorded: tests that sleep and read the
 * clock fail occasionally on a busy machine. A test counts as passed if it passes once.
 */
export async function measured(entry: Entry, flags: readonly string[] = []): Promise<Verified> {
  const passed = new Set<string>();
  const passedInGo = new Set<string>();
  let last = await verified(entry, flags);
  for (let tries = 1; ; tries++) {
    for (const verdict of last.verdicts) {
      if (verdict.here === "pass") passed.add(`${verdict.package} ${verdict.test}`);
      if (verdict.go === "pass") passedInGo.add(`${verdict.package} ${verdict.test}`);
    }
    const verdicts = last.verdicts.map((verdict): Verdict => {
      const name = `${verdict.package} ${verdict.test}`;
      return {
        ...verdict,
        here: passed.has(name) ? "pass" : verdict.here,
        go: passedInGo.has(name) ? "pass" : verdict.go,
      };
    });
    const result: Verified = { summary: last.summary, verdicts };
    if (tries === 5 || passed.size >= (entry.figures?.passed ?? Infinity)) return result;
    last = await verified(entry, flags);
  }
}

/** The table of the documentation. */
export function table(list: readonly Entry[]): string {
  const lines = [
    "| Module | tests passed | type errors | statements without a mark | tests passed with `--throw` | type errors |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  const row = (name: string, rows: readonly Entry[]): string => {
    const cells = (all: readonly (Figures | undefined)[], share: boolean): string => {
      if (all.every((known) => known === undefined)) return share ? "– | – | –" : "– | –";
      const sum = (of: (figures: Figures) => number): number =>
        all.reduce((total, known) => total + (known === undefined ? 0 : of(known)), 0);
      const statements = sum((known) => known.statements);
      const plain = (100 * (statements - sum((known) => known.marked))) / statements;
      return `${sum((known) => known.passed)} of ${sum((known) => known.tests)} | ${sum((known) => known.typeErrors)}${share ? ` | ${plain.toFixed(1)} %` : ""}`;
    };
    const values = cells(
      rows.map(({ figures: known }) => known),
      true,
    );
    const thrown = cells(
      rows.map((entry) => entry.thrown),
      false,
    );
    return `| ${name} | ${values} | ${thrown} |`;
  };
  for (const held of [false, true]) {
    const part = list.filter(({ heldOut = false }) => heldOut === held);
    for (const entry of part) lines.push(row(`${entry.module} ${entry.version}`, [entry]));
    lines.push(row(held ? "**set aside, all**" : "**all**", part));
  }
  return `${lines.join("\n")}\n`;
}

export const page: string = join(root, "docs/port.md");
const [start, end] = ["<!-- corpus -->\n", "<!-- end of corpus -->"];

/** Returns the table in the page. */
export function tableIn(text: string): string {
  return text.slice(text.indexOf(start) + start.length, text.indexOf(end)).trim();
}

/** The module whose source and translation the documentation shows. */
const shown = "github.com/remeh/sizedwaitgroup";
export const examplePage: string = join(root, "docs/port-example.md");

/** The page that shows a package before and after, once its module has been translated. */
export function example(list: readonly Entry[]): string {
  const entry = list.find(({ module }) => module === shown);
  if (entry === undefined) throw new Error(`${shown} is not in the corpus`);
  const source = unpack(entry);
  const text = (path: string): string => readFileSync(path, "utf8").trim();
  return `# A package, before and after

[${shown}](https://pkg.go.dev/${shown}) ${entry.version} as it is, and what \`gocsp port\` makes of it. Nothing was edited;
all ${entry.figures?.passed} of its tests pass. See [port.md](port.md).

<table>
<tr><th>Go</th><th>TypeScript</th></tr>
<tr><td valign="top">

\`\`\`go
${text(join(source, "sizedwaitgroup.go"))}
\`\`\`

</td><td valign="top">

\`\`\`ts
${text(join(folderOf(entry), "sizedwaitgroup.ts"))}
\`\`\`

</td></tr>
</table>

The package is under this license:

\`\`\`
${text(join(source, "LICENSE"))}
\`\`\`
`;
}

// Run as a program, it records the figures again: node test/port/corpus.ts [part of a module's name]
if (process.argv[1] === import.meta.filename) {
  const list = entries();
  const chosen = list.filter(({ module }) => process.argv.slice(2).every((part) => module.includes(part)));
  const recorded = async (modules: readonly Entry[]): Promise<Map<string, Figures>> => {
    const results = new Map<Entry, Verified>();
    for (const entry of modules) {
      const { figures: _old, ...rest } = entry;
      results.set(entry, await measured(rest));
      console.log(entry.module, figures(results.get(entry) as Verified, []));
    }
    const errors = typeErrors(modules);
    for (const lines of errors.values()) for (const line of lines) console.log(line);
    return new Map(
      [...results].map(([entry, result]) => [entry.module, figures(result, errors.get(entry) ?? [])] as const),
    );
  };
  const values = await recorded(chosen);
  const thrown = await recorded(chosen.map(throwing));
  const next: Entry[] = [];
  for (const entry of list) {
    const [known, other] = [values.get(entry.module), thrown.get(entry.module)];
    next.push(known === undefined || other === undefined ? entry : { ...entry, figures: known, thrown: other });
  }
  writeFileSync(record, `${JSON.stringify(next, null, 2)}\n`);
  const text = readFileSync(page, "utf8");
  const before = text.slice(0, text.indexOf(start) + start.length);
  writeFileSync(page, `${before}\n${table(next)}\n${text.slice(text.indexOf(end))}`);
  writeFileSync(examplePage, example(next));
}
