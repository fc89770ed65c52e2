// Runs everything that CI runs, cheap steps first, and stops at the first step that fails.
// With arguments, only the steps that they name: node scripts/test.ts lint types.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { summary, type Counts } from "./checks.ts";
import { root, temporaryFolder } from "./project.ts";

interface Step {
  readonly title: string;
  readonly script: string;
  /** Where the number of tests comes from: none (the step is one test), vitest's JSON report, or checks.ts. */
  readonly counter: "one" | "vitest" | "checks";
}

// Build comes before everything that runs or measures dist; unit tests that start programs do.
const steps: readonly Step[] = [
  { title: "format", script: "format:check", counter: "one" },
  { title: "lint", script: "lint", counter: "one" },
  { title: "types", script: "types", counter: "one" },
  { title: "build", script: "build", counter: "one" },
  { title: "unit", script: "test:unit", counter: "vitest" },
  { title: "size", script: "test:size", counter: "one" },
  { title: "package", script: "test:package", counter: "checks" },
  { title: "runtimes", script: "test:runtimes", counter: "checks" },
  { title: "site", script: "test:site", counter: "checks" },
];

const report = join(temporaryFolder(), "counts.json");
const total: Counts = { passed: 0, failed: 0, skipped: 0 };

function runStep(step: Step): Counts {
  rmSync(report, { force: true });
  const args = ["run", "--silent", step.script];
  if (step.counter === "vitest") {
    args.push("--", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`);
  }
  const status = npm(args, { GOCSP_COUNTS: report });
  const counts = step.counter === "one" ? { passed: 1, failed: 0, skipped: 0 } : readCounts(step.counter);
  if (status === 0) return counts;
  // A step can fail beside its tests (a crash, an unhandled error): that is one failure more, and never a pass.
  if (step.counter === "one") counts.passed = 0;
  if (counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Runs npm, the one that runs this if there is one, and returns its status. */
function npm(args: readonly string[], env: Readonly<Record<string, string>> = {}): number | null {
  const cli = process.env["npm_execpath"];
  const [program, ...prefix] = cli === undefined ? ["npm"] : [process.execPath, cli];
  return spawnSync(program, [...prefix, ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  }).status;
}

function readCounts(counter: "vitest" | "checks"): Counts {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const json: unknown = JSON.parse(readFileSync(report, "utf8"));
  if (counter === "checks") return json as Counts;
  const vitest = json as Record<"numPassedTests" | "numFailedTests" | "numPendingTests" | "numTodoTests", number>;
  const skipped = vitest.numPendingTests + vitest.numTodoTests;
  return { passed: vitest.numPassedTests, failed: vitest.numFailedTests, skipped };
}

const named = process.argv.slice(2);
const unknown = named.filter((name) => !steps.some((step) => step.title === name));
if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(", ")}`);

// The linter checks the site's sources, too, with the types of the packages that those use.
if (!existsSync(join(root, "site", "node_modules", "vitepress")) && npm(["ci", "--prefix", "site"]) !== 0)
  process.exit(1);

for (const step of steps) {
  if (named.length > 0 && !named.includes(step.title)) continue;
  console.log(`\n=== ${step.title} (npm run ${step.script})`);
  const start = performance.now();
  const { passed, failed, skipped } = runStep(step);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`=== ${step.title}: ${failed === 0 ? "ok" : "FAILED"} in ${seconds} s`);
  if (failed > 0) break;
}

console.log(`\n${summary(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
