// Runs one smoke suite on every runtime, against the package as packed and installed; and, where there are processes,
// the programs that show how a process ends.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { add, check, finish, skip } from "../../scripts/checks.ts";
import { installOnce, packAndInstall, type Result, root, run, temporaryFolder } from "../../scripts/project.ts";
import { bundle, findChromium, runInChromium } from "./browser.ts";

interface Runtime {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Whether the exit status tells that a top-level await was left pending, so that its deadlock can be reported. */
  readonly tellsTopLevelAwait: boolean;
}

const here = import.meta.dirname;
const modules = join(here, "node_modules");
const suffix = process.platform === "win32" ? ".exe" : "";
const node = (alias: string): string => join(modules, alias, "bin", `node${suffix}`);

// Deno's servers warn of the way in which they abort signals, unless an option selects the other way. SQLite is
// read from a file. Commands are looked for in PATH, and whether they may be run depends on the user.
const denoAllows = [
  "--allow-net=127.0.0.1",
  "--unstable-no-legacy-abort",
  "--allow-read",
  "--allow-run",
  "--allow-env",
  "--allow-sys=uid,gid",
];

// By path, not through .bin: three of them are called node there.
const runtimes: readonly Runtime[] = [
  { name: "Node 20", program: node("node20"), args: [], tellsTopLevelAwait: true },
  { name: "Node 22", program: node("node22"), args: [], tellsTopLevelAwait: true },
  { name: "Node 24", program: node("node24"), args: [], tellsTopLevelAwait: true },
  { name: "Node 26", program: process.execPath, args: [], tellsTopLevelAwait: true },
  { name: "Bun 1.4", program: join(modules, "bun", "bin", "bun.exe"), args: [], tellsTopLevelAwait: false },
  {
    name: "Deno 2.9",
    program: join(modules, "deno", `deno${suffix}`),
    args: ["run", "--quiet", "--no-lock", "--no-prompt", "--node-modules-dir=manual", ...denoAllows],
    tellsTopLevelAwait: false,
  },
];

/** Returns the suite of a runtime, and the command of its test runner. */
function testRunner(name: string): [suite: string, ...args: string[]] {
  if (name.startsWith("Bun")) return ["bun", "test"];
  if (name.startsWith("Deno")) return ["deno", "test", "--no-check", "--no-lock", "--allow-all"];
  return ["node", "--test-reporter=tap"];
}

installOnce(here);
const { folder } = packAndInstall();
for (const name of ["smoke.mjs", "smoke", "programs"]) {
  cpSync(join(here, name), join(folder, name), { recursive: true });
}
cpSync(join(here, "../runners/suites"), join(folder, "suites"), { recursive: true });

/** Installs the engine of the embedded database beside the package, as a user does. */
function installSqlite(): void {
  const name = join("node_modules", "@sqlite.org");
  cpSync(join(root, name), join(folder, name), { recursive: true });
}

function expect(result: Result, code: number, ...texts: string[]): void {
  const printed = `exit ${result.code} after ${Math.round(result.milliseconds)} ms\n${result.stdout}${result.stderr}`;
  if (result.code !== code) throw new Error(`want exit ${code}, got ${printed}`);
  for (const text of texts) {
    if (!`${result.stdout}${result.stderr}`.includes(text)) throw new Error(`want ${text}, got ${printed}`);
  }
}

/** Counts the checks of a smoke run, and shows only what went wrong. */
function countSmoke(name: string, printed: string): void {
  const lines = printed.trim().split("\n");
  const wrong = lines.filter((line) => !line.startsWith("ok ") && !line.startsWith("{"));
  const last = lines.find((line) => line.startsWith("{"));
  if (last === undefined)
    throw new Error(`the suite did not end: ${lines.length - wrong.length} checks passed, then\n${wrong.join("\n")}`);
  const { passed, failed } = JSON.parse(last) as { passed: number; failed: number };
  if (passed === 0) throw new Error("the suite ran no check");
  add(passed, failed);
  console.log(`      ${name}: ${passed} of ${passed + failed} checks passed`);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

for (const { name, program, args } of runtimes) {
  await check(`${name}: a driver without its engine says what to install`, () => {
    const wanted = ["postgres", "mysql", "sqlite"].map((driver) => `gocsp/sql/${driver} needs the package`);
    expect(run(program, [...args, "programs/missing-driver.mjs"], folder, 20_000), 0, ...wanted, "run npm install pg");
  });
}

installSqlite();
for (const { name, program, args, tellsTopLevelAwait } of runtimes) {
  // A program that hangs must not use up the time of the others.
  const start = (file: string): Result => run(program, [...args, file], folder, 20_000);
  await check(`${name}: version`, () => {
    const [, kind, version] = /^(\w+) ([\d.]+)$/.exec(name) ?? [];
    expect(run(program, ["--version"]), 0, kind === "Deno" ? `deno ${version}` : `${version}.`);
  });
  await check(`${name}: smoke suite`, () => {
    const result = start("smoke.mjs");
    countSmoke(name, result.stdout + result.stderr);
    expect(result, 0);
  });
  await check(`${name}: the program ends when main returns`, () => {
    const result = start("programs/returns.mjs");
    expect(result, 0, "main returns");
    if (result.milliseconds > 5000) throw new Error(`after ${result.milliseconds} ms`);
  });
  await check(`${name}: a panic in a goroutine ends the program`, () => {
    expect(start("programs/panics.mjs"), 2, "panic: assignment to entry in nil map", "goroutine ");
  });
  await check(`${name}: a handler of uncaught errors gets a panic, and the program goes on`, () => {
    expect(start("programs/handled.mjs"), 0, "panic: boom", "monitor boom", "handler boom", "goroutines go on");
  });
  await check(`${name}: its test runner fails the tests that panic, and runs the others`, () => {
    const [runner, ...rest] = testRunner(name);
    const result = run(program, [...rest, `./suites/${runner}.test.mjs`], folder, 60_000);
    expect(result, 1, "panic: at once", "panic: later", "fatal error: sync: unlock of unlocked mutex");
    const printed = stripVTControlCharacters(`${result.stdout}${result.stderr}`);
    // Bun and node:test print the outcome before the name, Deno after it.
    const lines = printed.match(
      /^(?=.*(?:passes|panic|fatal) )(?:not ok|ok|\((?:pass|fail)\)) .*|^.* \.\.\. (?:ok|FAILED).*/gm,
    );
    const wrong = lines?.filter((line) => /passes /.test(line) === /not ok|fail|FAILED/.test(line));
    if (lines?.length !== 9 || wrong?.length !== 0) throw new Error(`${wrong?.join("\n")}\n\n${printed}`);
  });
  await check(`${name}: a signal ends a context`, () => {
    expect(start("programs/signals.mjs"), 0, "terminated signal received");
  });
  await check(`${name}: a deadlock in main is reported`, () => {
    expect(start("programs/deadlock.mjs"), 2, "fatal error: all goroutines are asleep - deadlock!");
  });
  await check(`${name}: a lost timeout does not delay the exit`, () => {
    const result = start("programs/lost-after.mjs");
    expect(result, 0, "value");
    if (result.milliseconds > 3000) throw new Error(`after ${result.milliseconds} ms`);
  });
  await check(`${name}: a goroutine that waits for time is not abandoned`, () => {
    expect(start("programs/waits.mjs"), 0, "late");
  });
  if (name.startsWith("Node")) {
    // Node 20's engine keeps the result of a promise while its resolve function is reachable.
    await check(`${name}: a select that has waited lets go of what it received`, () => {
      expect(run(program, ["--expose-gc", "programs/selects-let-go.mjs"], folder, 20_000), 0, "0 values are kept");
    });
  }
  if (name !== "Node 20") {
    await check(`${name}: a file of SQLite is stored, and no other program gets it meanwhile`, () => {
      const file = join(temporaryFolder(), "shop.db");
      // Deno does not take single rights beside all of them.
      const rights = name.startsWith("Deno")
        ? [...args.filter((one) => !one.startsWith("--allow-")), "--allow-all"]
        : args;
      const result = run(program, [...rights, "programs/sqlite-file.mjs", file, process.execPath], folder, 20_000);
      expect(result, 0, "1000 rows, stopped, other: database is locked, then 1000 rows");
    });
  }
  await check(`${name}: functions run in the asynchronous context in which they were handed over`, () => {
    expect(start("programs/async-contexts.mjs"), 0, "450 calls, 0 foreign stores");
  });
  if (tellsTopLevelAwait) {
    await check(`${name}: a deadlock at a top-level await is reported`, () => {
      expect(start("programs/module-deadlock.mjs"), 2, "fatal error: all goroutines are asleep - deadlock!");
    });
  }
}

await check("Deno: JSR would take the package", () => {
  const sources = join(temporaryFolder(), "sources");
  for (const name of ["src", "skills", "jsr.json", "README.md", "CHANGELOG.md", "LICENSE", "llms.txt"]) {
    cpSync(join(root, name), join(sources, name), { recursive: true });
  }
  const { program } = runtimes.at(-1) as Runtime;
  expect(run(program, ["publish", "--dry-run", "--allow-dirty"], sources, 300_000), 0, "Dry run complete");
});

await check("npx jsr publish --dry-run is clean", () => {
  // jsr would download its own Deno.
  process.env["DENO_BIN_PATH"] = (runtimes.at(-1) as Runtime).program;
  const result = run(process.execPath, [
    join(modules, "jsr", "dist", "bin.js"),
    "publish",
    "--dry-run",
    "--allow-dirty",
  ]);
  expect(result, 0, "Dry run complete");
  const lines = stripVTControlCharacters(`${result.stdout}${result.stderr}`).split("\n");
  // Node complains of how jsr starts Deno. The files of the package are listed, some of which have such names.
  const ours = lines.filter((line) => /warn|error/i.test(line) && !/DEP0190|^\s+file:|trace-deprecation/.test(line));
  if (ours.length > 0) throw new Error(ours.join("\n"));
});

const chromium = findChromium();
if (chromium !== undefined) {
  await check("Chromium: smoke suite", async () =>
    countSmoke("Chromium", await runInChromium(chromium, folder, "smoke.mjs")),
  );
  await check("Chromium: smoke suite, bundled without the reports of a process", async () => {
    const { path, text } = await bundle(folder);
    if (text.includes("all goroutines are asleep - deadlock!"))
      throw new Error("the report of deadlocks is in the bundle");
    countSmoke("Chromium, bundled", await runInChromium(chromium, folder, path));
  });
} else if (process.env["CI"] === undefined) {
  skip("Chromium: smoke suite", "no chromium in PATH");
} else {
  await check("Chromium: smoke suite", () => {
    throw new Error("no chromium in PATH; in CI it is never skipped");
  });
}

finish();
