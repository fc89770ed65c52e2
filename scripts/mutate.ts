// Changes the sources in small ways, one at a time, and looks whether a test notices: npm run mutate -- src/chan --sample 50
//
//   FOLDER, FILE, FILE:10-20   what is changed; all of `scopes` without any
//   --sample N --seed S        N of the mutants, drawn at random, some of each file
//   --survivors                only those that survived before
//   --quick                    of the slow tests run those that have killed a neighbour, and five seconds of others
//   --with FILE,FILE           only these test files, and only the fast way: for tests that were just written
//   --fast                     only the fast way
//   --minutes N                stop after that time; the same command goes on
//   --record FILE              writes what is known of these folders as markdown
//
// It works on a copy in the temporary folder, which also keeps what is known: a run that was stopped goes on where it was.
// A file called `pause` in that folder makes it wait.
// All mutants are compiled into the copy at once, each behind a switch. First comes the fast way, mutate/sweep.ts: each test
// meets all the mutants that it reaches, in one process. What survives runs alone: the test files run once without any mutant,
// which tells those that reach each one; only these run for it, fast ones and successful ones first.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./project.ts";
import { findMutants, helperSource, instrument, type Mutant } from "./mutate/mutants.ts";
import { sweep, type TestFile as Swept } from "./mutate/sweep.ts";
import { Tests, type Verdict } from "./mutate/tests.ts";

/** What reports, hooks and the end of a program show of the folders above runtime. */
const seenInRuntime = [
  "async-context",
  "custom-contexts",
  "deadlock",
  "fairness",
  "hooks",
  "lifetime",
  "livelock",
  "mapping",
  "owed",
  "spinning",
  "unbound",
].map((name) => `test/runtime/${name}.test.ts`);

/** What can be changed, and the tests that have to notice. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  "src/select": ["test/select", "test/chan", "test/model", ...seenInRuntime],
  "src/chan": ["test/chan", "test/select", "test/model", "test/sync", "test/time", ...seenInRuntime],
  "src/context": [
    "test/context",
    "test/sync",
    "test/rate",
    "test/sql/tx.test.ts",
    "test/sql/contexts.test.ts",
    ...seenInRuntime,
  ],
  "src/sync": ["test/sync", ...seenInRuntime],
  "src/time": ["test/time", ...seenInRuntime],
  "src/sql/pool.ts": ["pool*", "waiting", "lifetimes", "closing", "retry", "*"].map(
    (name) => `test/sql/${name}.test.ts`,
  ),
  "src/sql/driver/interrupt.ts": ["test/sql/interrupt.test.ts", "test/sql/dead-network.test.ts"],
  // Behind the folders of the core, those that show goroutines or attach hooks.
  "src/runtime": (
    "runtime chan select time context sync synctest errors errgroup signal model " +
    "trace pprof diagnostics events explore"
  )
    .split(" ")
    .map((name) => `test/${name}`),
};

/** Its test loads every class anew. */
const unbound = "test/runtime/unbound.test.ts";

/** How many test files share a process in the fast way. */
const bundled = 8;

/** Test files that are slower than this come second, in milliseconds. */
const fast = 700;

/** With `--quick`, how long the slower ones may take together, in milliseconds. */
const quick = 5000;

/** What is known of a test file: how long it takes, and the mutants that it reaches, by their names. */
interface TestFile {
  readonly hash: string;
  readonly milliseconds: number;
  readonly passes: boolean;
  /** Whether it fails behind others in one process. */
  readonly alone: boolean;
  readonly reaches: readonly string[];
}

interface Known {
  /** What the sources were when the tests were first asked what they reach. In one that has changed, all reach all. */
  sources: Record<string, string>;
  tests: Record<string, TestFile>;
}

/** By the mutant's name. It is run again when its function has changed, and what survived also when the tests have. */
type Verdicts = Record<string, Verdict & { readonly source: string; readonly tests: string }>;

/** What the fast way knows of a test: how long it takes, in milliseconds, and what it reaches. */
interface KnownTest {
  readonly milliseconds: number;
  readonly passes: boolean;
  /** Indexes of `names`: what it reaches, and of that what it has met and does not notice. */
  readonly reaches: readonly number[];
  readonly met: readonly number[];
}

/** What the fast way knows of the tests, so that those need not run again that reach nothing that is open. */
interface Reach {
  /** The mutants, each with what its function was. */
  readonly names: string[];
  /** By the file's name and content. Mutants whose index is `seen` or more came later: all tests may reach them. */
  readonly files: Record<string, { seen: number; loaded: readonly number[]; tests: Record<string, KnownTest> }>;
}

interface Found extends Mutant {
  readonly id: number;
  readonly file: string;
  readonly scope: string;
  readonly name: string;
  readonly source: string;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string" },
    seed: { type: "string" },
    survivors: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    fast: { type: "boolean", default: false },
    with: { type: "string" },
    minutes: { type: "string" },
    record: { type: "string" },
  },
});

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const readInTree = (file: string): string => readFileSync(join(tree, file), "utf8");

const work = join(tmpdir(), `gocsp-mutate-${hash(root)}`);
const tree = join(work, "tree");
const known = load<Known>("tests.json") ?? { sources: {}, tests: {} };
const verdicts = load<Verdicts>("verdicts.json") ?? {};
const reach = load<Reach>("reach.json") ?? { names: [], files: {} };

function load<T>(name: string): T | undefined {
  const file = join(work, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}

function save(name: string, what: Known | Verdicts | Reach): void {
  writeFileSync(join(work, name), JSON.stringify(what));
}

// What is to be changed.
const all: Found[] = [];
for (const scope of Object.keys(scopes)) {
  for (const file of scope.endsWith(".ts") ? [scope] : globSync(`${scope}/*.ts`, { cwd: root }).sort()) {
    for (const mutant of findMutants(file, read(file))) {
      all.push({
        ...mutant,
        id: all.length + 1,
        file,
        scope,
        name: `${file} ${mutant.key}`,
        source: hash(mutant.within),
      });
    }
  }
}
const files = [...new Set(all.map((mutant) => mutant.file))];
const nameNow = ({ name, source }: Found): string => `${name} ${source}`;
const indexes = new Map(reach.names.map((name, index) => [name, index]));
for (const name of all.map(nameNow)) if (!indexes.has(name)) indexes.set(name, reach.names.push(name) - 1);
const idsByIndex = new Map(all.map((mutant) => [indexes.get(nameNow(mutant)) as number, mutant.id]));
const contents = new Map(files.map((file) => [file, hash(read(file))]));
const justified = readJustified();

const selections = positionals.map(parseSelection);
const selected = all.filter((mutant) => selections.length === 0 || selections.some((matches) => matches(mutant)));
if (selected.length === 0) throw new Error(`no mutants in ${positionals.join(" ")}`);

const testsHash = prepare();
const tests = new Tests(tree);
process.on("exit", () => tests.stop());
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    save("verdicts.json", verdicts);
    process.exit(1);
  });
}
const end = performance.now() + Number(options.minutes ?? Infinity) * 60_000;
const chosen = choose();
await runFast();
if (!options.fast && options.with === undefined) {
  await learn();
  await runAll();
}
tests.stop();
if (options.record !== undefined) writeFileSync(options.record, record());

function parseSelection(text: string): (mutant: Found) => boolean {
  const [, path = "", from, to = from] = /^(.*?)(?::(\d+)(?:-(\d+))?)?$/.exec(text) as unknown as string[];
  const name = relative(root, join(process.cwd(), path));
  return ({ file, line }) =>
    (file === name || file.startsWith(`${name}/`)) &&
    (from === undefined || (line >= Number(from) && line <= Number(to)));
}

/** Copies the repository, with all mutants in it, and builds it. Returns what the tests are. */
function prepare(): string {
  const start = performance.now();
  mkdirSync(tree, { recursive: true });
  const list = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  }).stdout;
  const wanted = new Set(list.split("\0").filter((name) => name !== "" && existsSync(join(root, name))));
  for (const name of filesOf("")) if (!wanted.has(name)) rmSync(join(tree, name));
  for (const file of wanted) if (!files.includes(file)) copy(file);
  const modules = join(tree, "node_modules");
  if (!existsSync(modules)) symlinkSync(join(root, "node_modules"), modules);
  writeFileSync(join(tree, "src/mutant.ts"), helperSource);
  for (const file of files) {
    const own = all.filter((mutant) => mutant.file === file);
    const helper = relative(dirname(file), "src/mutant.ts").replaceAll("\\", "/");
    const changed = instrument(read(file), own, own[0]?.id ?? 0, helper);
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), changed);
  }
  // Some tests run programs that import what is built.
  const stamp = hash(globSync(["src/**/*.ts", "tsconfig*.json"], { cwd: tree }).sort().map(readInTree).join());
  const built = join(tree, "dist/stamp");
  if (!existsSync(built) || readFileSync(built, "utf8") !== stamp) {
    rmSync(join(tree, "dist"), { recursive: true, force: true });
    build();
    writeFileSync(built, stamp);
  }
  console.log(`prepared in ${Math.round((performance.now() - start) / 1000)} s`);
  return hash(
    globSync("test/**/*.ts", { cwd: root, exclude: ["**/node_modules"] })
      .sort()
      .map(read)
      .join(),
  );
}

/** The files of a folder of the copy; never those behind its link to the modules. */
function* filesOf(folder: string): Generator<string> {
  for (const entry of readdirSync(join(tree, folder), { withFileTypes: true })) {
    const name = join(folder, entry.name);
    if (entry.isFile()) yield name;
    else if (entry.isDirectory() && name !== "dist") yield* filesOf(name);
  }
}

/** Copies a file, unless that has been done since it changed. */
function copy(file: string): void {
  const [from, to] = [join(root, file), join(tree, file)];
  const { mtimeMs, size } = statSync(from);
  const before = statSync(to, { throwIfNoEntry: false });
  // The copy's time has no fractions of a millisecond.
  if (before?.size === size && Math.abs(before.mtimeMs - mtimeMs) < 1) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { preserveTimestamps: true });
}

function build(): void {
  // Types suffer from the mutants, the code does not.
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  for (const project of ["tsconfig.build.json", "tsconfig.node.json"]) {
    spawnSync(process.execPath, [compiler, "-p", project, "--noEmitOnError", "false"], { cwd: tree });
  }
  const built = spawnSync(process.execPath, ["scripts/finish-build.ts"], { cwd: tree, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the copy does not build: ${built.stderr}`);
}

/** The test files of a scope, those of its own folder first. */
function testsOfScope(scope: string): string[] {
  const patterns = (scopes[scope] as string[]).map((name) => (name.endsWith(".ts") ? name : `${name}/**/*.test.ts`));
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: root }).sort());
}

/** The test files of some mutants: those of the scopes' own folders first, the slow ones that all share last. */
function testsOf(mutants: readonly Found[]): Set<string> {
  const present = new Set(mutants.map(({ scope }) => scope));
  const suites = Object.keys(scopes)
    .filter((scope) => present.has(scope))
    .map(testsOfScope);
  const isShared = (file: string): boolean => seenInRuntime.includes(file);
  const isOwn = (file: string, suite: string[]): boolean => dirname(file) === dirname(suite[0] as string);
  const own = suites.flatMap((suite) => suite.filter((file) => isOwn(file, suite)));
  const others = suites.flat().toSorted((a, b) => Number(isShared(a)) - Number(isShared(b)));
  return new Set([...own, ...others]);
}

/** Runs each test file without a mutant, to learn how long it takes and what it reaches. */
async function learn(): Promise<void> {
  for (const file of files) known.sources[file] ??= contents.get(file) as string;
  const wanted = testsOf(selected);
  const names = new Map(all.map((mutant) => [String(mutant.id), mutant.name]));
  for (const file of wanted) {
    const content = hash(read(file));
    if (known.tests[file]?.hash === content) continue;
    const reached = join(work, "reached");
    writeFileSync(reached, "");
    const start = performance.now();
    const result = await tests.run([file], { GOCSP_REACHED: reached }, 60_000);
    const milliseconds = Math.round(performance.now() - start);
    const passes = result.verdict === "survived";
    if (!passes) console.log(`left out, since it fails with no mutant: ${result.by}`);
    const ids = new Set(readFileSync(reached, "utf8").trim().split("\n"));
    const reaches = [...ids].map((id) => names.get(id)).filter((name) => name !== undefined);
    known.tests[file] = { hash: content, milliseconds, passes, alone: false, reaches };
    save("tests.json", known);
  }
  // Files that share a process must not fail because of those before them.
  for (;;) {
    const together = Object.keys(known.tests).filter((file) => sharesProcess(file) && existsSync(join(root, file)));
    const result = await tests.run(together, {}, 60_000);
    if (result.verdict === "survived") break;
    const file = result.by.split(":")[0] as string;
    const old = known.tests[file];
    if (old === undefined) throw new Error(`the tests fail without a mutant: ${result.by}`);
    console.log(`runs alone, since it fails behind others: ${result.by}`);
    known.tests[file] = { ...old, alone: true };
    save("tests.json", known);
  }
}

function isFast(file: string): boolean {
  const test = known.tests[file];
  return test !== undefined && test.passes && test.milliseconds <= fast;
}

function sharesProcess(file: string): boolean {
  return isFast(file) && known.tests[file]?.alone === false;
}

/** Returns the mutants that are to be run. */
function choose(): Found[] {
  let chosen = selected;
  if (options.survivors) chosen = chosen.filter((mutant) => verdicts[mutant.name]?.verdict === "survived");
  if (options.sample === undefined) return chosen;
  const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const rank = new Map(chosen.map((mutant) => [mutant, hash(`${seed} ${mutant.name}`)]));
  const drawn = chosen.toSorted((a, b) => ((rank.get(a) as string) < (rank.get(b) as string) ? -1 : 1));
  // One of each file first.
  const seen = new Set<string>();
  const first = drawn.filter(({ file }) => !seen.has(file) && seen.add(file));
  return [...new Set([...first, ...drawn])].slice(0, Number(options.sample));
}

/** Whether nothing is known of a mutant yet that `ran`, the state of the tests, does not contradict. */
function isOpen(mutant: Found, ran: string): boolean {
  const before = verdicts[mutant.name];
  if (justified.has(mutant.name)) return false;
  return before?.source !== mutant.source || (before?.verdict === "survived" && before.tests !== ran);
}

/** Kills what can be killed by many mutants in one process; the others count as survivors of it. */
async function runFast(): Promise<void> {
  const ran = `fast ${testsHash}`;
  const open = chosen.filter((mutant) => isOpen(mutant, ran) && isOpen(mutant, testsHash));
  const byId = new Map(open.map((mutant) => [mutant.id, mutant]));
  const given = options.with?.split(",").map((name) => relative(root, join(process.cwd(), name)));
  const put = (mutant: Found, result: Verdict): void => {
    verdicts[mutant.name] = { ...result, source: mutant.source, tests: ran };
  };
  const suites = new Map(Object.keys(scopes).map((scope) => [scope, new Set(testsOfScope(scope))]));
  const scopesOf = (file: string): string[] => [...suites].filter(([, own]) => own.has(file)).map(([scope]) => scope);
  const reaching = (within: readonly string[]): number[] =>
    open.filter(({ scope }) => given !== undefined || within.includes(scope)).map(({ id }) => id);
  const bundles = bundle(given ?? [...testsOf(open)], scopesOf);
  const states = new Map<string, Swept>();
  let killed = 0;
  const start = performance.now();
  const left = await sweep({
    tree,
    directory: join(work, "sweep"),
    files: new Map([...bundles].map(([name, parts]) => [name, reaching(scopesOf(parts[0] as string))])),
    // Every class tells as it is loaded that its methods must not be taken from their objects.
    isNear: (id, file) =>
      file.startsWith(ownTests(byId.get(id) as Found)) || bundles.get(file)?.includes(unbound) === true,
    count: all.length + 1,
    end,
    pause,
    knownOf: (file) => {
      const state = recall(keyOf(bundles.get(file) as string[]));
      states.set(file, state);
      return state;
    },
    onRun: (file, state) => {
      remember(keyOf(bundles.get(file) as string[]), state);
      save("reach.json", reach);
    },
    onKill(id, verdict, by) {
      const mutant = byId.get(id) as Found;
      killed++;
      put(mutant, { verdict, by });
      if (killed % 20 === 0) save("verdicts.json", verdicts);
      if (verdict === "timed out") console.log(`${mutant.file}:${mutant.line} ${mutant.key}: ${verdict} by ${by}`);
    },
  });
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${killed} of ${open.length} killed in ${seconds} s`);
  const reached = [...states.values()].flatMap(({ reaches }) => [...reaches.values()].map((ids) => new Set(ids)));
  for (const id of left) {
    const mutant = byId.get(id) as Found;
    if (given === undefined && performance.now() <= end) put(mutant, { verdict: "survived" });
    const tests = reached.filter((ids) => ids.has(id)).length;
    console.log(`${mutant.file}:${mutant.line} ${mutant.key}: survived so far, ${tests} tests reach it`);
  }
  save("verdicts.json", verdicts);
}

/**
 * Puts test files of a folder together into one that has each as a suite, since a process for each takes longer than its
 * tests. Returns what each is made of.
 */
function bundle(files: readonly string[], scopesOf: (file: string) => readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const key = `${dirname(file)} ${scopesOf(file).join()}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const bundles = new Map<string, string[]>();
  for (const group of groups.values()) {
    while (group.length > 0) {
      const parts = group.splice(0, bundled);
      const name = join(dirname(parts[0] as string), `together-${bundles.size}.test.ts`);
      const suites = parts.map((part) => {
        const base = basename(part);
        return `describe(${JSON.stringify(base)}, async () => void (await import("./${base}")));\n`;
      });
      writeFileSync(join(tree, name), `import { describe } from "vitest";\n${suites.join("")}`);
      bundles.set(name, parts);
    }
  }
  return bundles;
}

/** Names test files as they are now. */
function keyOf(parts: readonly string[]): string {
  return `${parts.join()} ${hash(parts.map(read).join())}`;
}

/** Returns what earlier runs have learned of test files as they are now. */
function recall(key: string): Swept {
  const state: Swept = {
    milliseconds: new Map(),
    reaches: new Map(),
    met: new Map(),
    passing: new Set(),
    loaded: new Set(),
    finished: new Set(),
  };
  const before = reach.files[key];
  if (before === undefined) return state;
  const { seen, loaded, tests } = before;
  const later = all.filter((mutant) => (indexes.get(nameNow(mutant)) ?? seen) >= seen).map(({ id }) => id);
  const idsOf = (found: readonly number[]): number[] =>
    found.map((index) => idsByIndex.get(index)).filter((id) => id !== undefined);
  for (const id of idsOf(loaded)) state.loaded.add(id);
  for (const [test, { milliseconds, passes, reaches, met }] of Object.entries(tests)) {
    state.milliseconds.set(test, milliseconds);
    if (passes) state.passing.add(test);
    state.reaches.set(test, [...idsOf(reaches), ...later]);
    state.met.set(test, new Set(idsOf(met)));
  }
  return state;
}

function remember(key: string, { milliseconds, reaches, met, passing, loaded }: Swept): void {
  const indexesOf = (ids: Iterable<number>): number[] =>
    [...ids].map((id) => indexes.get(nameNow(all[id - 1] as Found)) as number);
  const tests: Record<string, KnownTest> = {};
  for (const [test, ids] of reaches) {
    const taken = milliseconds.get(test) as number;
    tests[test] = {
      milliseconds: taken,
      passes: passing.has(test),
      reaches: indexesOf(ids),
      met: indexesOf(met.get(test) ?? []),
    };
  }
  reach.files[key] = { seen: reach.names.length, loaded: indexesOf(loaded), tests };
}

/** Runs what is left, one by one. */
async function runAll(): Promise<void> {
  const kills = countKills();
  const ran = options.quick ? `quick ${testsHash}` : testsHash;
  let done = 0;
  for (const mutant of chosen) {
    done++;
    if (!isOpen(mutant, ran)) continue;
    const start = performance.now();
    if (start > end) return;
    await pause();
    const result = await runOne(mutant, kills);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    verdicts[mutant.name] = { ...result, source: mutant.source, tests: ran };
    save("verdicts.json", verdicts);
    const at = `${done}/${chosen.length} ${mutant.file}:${mutant.line} ${mutant.key} (${seconds} s)`;
    if (result.verdict === "survived") console.log(`${at}: SURVIVED`);
    else console.log(`${at}: ${result.verdict} by ${result.by}`);
  }
}

/** Waits while there is a file `pause`. */
async function pause(): Promise<void> {
  while (existsSync(join(work, "pause"))) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** The folder, or the pattern's beginning, of the tests that are made for a mutant's folder. */
function ownTests({ scope }: Found): string {
  return ((scopes[scope] as string[])[0] as string).split("*")[0] as string;
}

/** How many mutants of each source file each test file has killed. */
function countKills(): Map<string, number> {
  const kills = new Map<string, number>();
  for (const mutant of all) {
    const before = verdicts[mutant.name];
    if (before !== undefined) count(kills, mutant.file, before);
  }
  return kills;
}

function count(kills: Map<string, number>, file: string, result: Verdict): void {
  if (result.verdict === "survived") return;
  const key = `${file} ${result.by.split(":")[0]}`;
  kills.set(key, (kills.get(key) ?? 0) + 1);
}

/** Runs the tests that reach a mutant: the fast ones in one process, then each slow one by itself. */
async function runOne(mutant: Found, kills: Map<string, number>): Promise<Verdict> {
  const suite = testsOf([mutant]);
  const own = ownTests(mutant);
  const time = (file: string): number => (known.tests[file] as TestFile).milliseconds;
  const value = (file: string): number => (kills.get(`${mutant.file} ${file}`) ?? 0) + (file.startsWith(own) ? 1 : 0);
  const reaching = Object.entries(known.tests)
    .filter(([file, { passes, reaches }]) => {
      const changed = known.sources[mutant.file] !== contents.get(mutant.file);
      return passes && (changed || reaches.includes(mutant.name)) && existsSync(join(tree, file));
    })
    .map(([file]) => file)
    .filter((file) => suite.has(file))
    .sort((a, b) => value(b) - value(a) || time(a) - time(b));
  let spent = 0;
  const alone = reaching
    .filter((file) => !sharesProcess(file))
    .filter((file) => !options.quick || kills.has(`${mutant.file} ${file}`) || (spent += time(file)) <= quick);
  // What survived has survived the fast ones already: they come behind those that may well kill it.
  const first = options.survivors ? alone.filter((file) => kills.has(`${mutant.file} ${file}`)) : [];
  const last = alone.filter((file) => !first.includes(file));
  const runs = [...first.map((file) => [file]), reaching.filter(sharesProcess), ...last.map((file) => [file])];
  for (const run of runs) {
    if (run.length === 0) continue;
    const usual = run.reduce((sum, file) => sum + time(file), 0);
    const testTimeout = isFast(run[0] as string) ? 3000 : 3 * usual + 10_000;
    const result = await tests.run(run, { GOCSP_MUTANT: String(mutant.id) }, testTimeout);
    if (result.verdict === "survived") continue;
    count(kills, mutant.file, result);
    return result;
  }
  return { verdict: "survived" };
}

/** The mutants that are known to be harmless, with the reason: they are not run. See mutate/justified.md. */
function readJustified(): Set<string> {
  const found = new Set<string>();
  const names = new Set(all.map((mutant) => mutant.name));
  const file = "scripts/mutate/justified.md";
  if (!existsSync(join(root, file))) return found;
  for (const [, name, reason] of read(file).matchAll(/^- `(src\/.*?)`: (.*)$/gm)) {
    if (!names.has(name as string)) console.log(`${file}: there is no such mutant any more: ${name}`);
    if (reason !== "") found.add(name as string);
  }
  return found;
}

/** What is known, as a table of the folders and a list of the survivors. */
function record(): string {
  const lines = [
    "| Code | Mutants | Run | Killed | Timed out | Justified | Survived |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ];
  const survivors: string[] = [];
  for (const scope of Object.keys(scopes)) {
    const own = selected.filter((mutant) => mutant.scope === scope);
    if (own.length === 0) continue;
    const count = { killed: 0, "timed out": 0, survived: 0, justified: 0 };
    for (const mutant of own) {
      const result = verdicts[mutant.name];
      if (justified.has(mutant.name)) {
        count.justified++;
      } else if (result !== undefined) {
        count[result.verdict]++;
        if (result.verdict === "survived") survivors.push(`- ${mutant.file}:${mutant.line} \`${mutant.key}\``);
      }
    }
    const run = count.killed + count["timed out"] + count.survived + count.justified;
    lines.push(
      `| ${scope} | ${own.length} | ${run} | ${count.killed} | ${count["timed out"]} | ${count.justified} | ${count.survived} |`,
    );
  }
  return `${[...lines, "", ...survivors].join("\n")}\n`;
}
