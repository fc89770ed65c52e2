/** `gocsp port --verify`: runs the tests of Go packages with Go and as translated, and compares them. */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The outcome of a test; `missing` if it did not run to its end. */
export type Outcome = "pass" | "fail" | "skip" | "missing";

/** A test or subtest, in both languages. */
export interface Verdict {
  readonly package: string;
  readonly test: string;
  readonly go: Outcome;
  readonly here: Outcome;
}

/** The output of the translator with `--json`. */
export interface Summary {
  readonly files: number;
  readonly statements: number;
  readonly marked: number;
  readonly mechanical: number;
  readonly marks: readonly { readonly kind: string; readonly file: string; readonly line: number }[] | null;
  /** The test files, each with its Go package. */
  readonly tests: readonly { readonly package: string; readonly file: string }[] | null;
}

interface Event {
  readonly Package?: string;
  readonly Test?: string;
  readonly Action: string;
}

/** The time limit of Go's tests, and of each test file here. */
const limit = 120_000;

/**
 * Runs the tests of packages in both languages.
 *
 * @param folder The folder of the Go packages.
 * @param out The folder of their translation.
 */
export async function verify(
  patterns: readonly string[],
  folder: string,
  out: string,
  summary: Summary,
): Promise<Verdict[]> {
  const go = await goTests(patterns, folder);
  const here = await testsHere(out, summary);
  const verdicts: Verdict[] = [];
  for (const [key, outcome] of go) {
    const [name = "", test = ""] = key.split(" ");
    verdicts.push({ package: name, test, go: outcome, here: here.get(key) ?? "missing" });
  }
  return verdicts;
}

/** Only functions named Test have a counterpart here: benchmarks, examples and fuzz tests do not. */
const isTest = /^Test/;

function note(outcomes: Map<string, Outcome>, name: string, event: Event): void {
  if (event.Test === undefined || !isTest.test(event.Test)) return;
  if (event.Action === "run") outcomes.set(`${name} ${event.Test}`, "missing");
  if (event.Action === "pass" || event.Action === "fail" || event.Action === "skip") {
    outcomes.set(`${name} ${event.Test}`, event.Action);
  }
}

async function goTests(patterns: readonly string[], folder: string): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  await lines(
    "go",
    ["test", "-count=1", "-vet=off", "-timeout=100s", "-json", ...patterns],
    folder,
    process.env,
    (event) => {
      note(outcomes, event.Package ?? "", event);
    },
  );
  return outcomes;
}

async function testsHere(out: string, summary: Summary): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const queue = [...(summary.tests ?? [])];
  const env = { ...process.env, GOTEST_JSON: "1" };
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const name = next.package.replace(/_test$/, "");
      await lines(process.execPath, ["--test-force-exit", join(out, next.file)], out, env, (event) =>
        note(outcomes, name, event),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), queue.length) }, worker));
  return outcomes;
}

/** Runs a program, and passes on each line of its output that is an event. The rest of the output is ignored. */
function lines(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  take: (event: Event) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "ignore"], timeout: limit });
    child.once("error", reject);
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Runners may print a prefix before the event.
      const start = line.indexOf('{"');
      if (start < 0) return;
      try {
        take(JSON.parse(line.slice(start)) as Event);
      } catch {
        // The output of a test may look like an event.
      }
    });
    child.once("close", () => resolve());
  });
}

/** Prints the outcomes side by side, and a summary. Returns whether every test that passes in Go passes here. */
export function report(verdicts: readonly Verdict[], print: (line: string) => void): boolean {
  const wide = Math.max(4, ...verdicts.map(({ test }) => test.length));
  let current = "";
  for (const { package: name, test, go, here } of verdicts) {
    if (name !== current) print(`\n${name}\n  ${"test".padEnd(wide)}  Go       here`);
    current = name;
    print(`  ${test.padEnd(wide)}  ${go.padEnd(7)}  ${here}${go === here ? "" : "  <-"}`);
  }
  const passed = verdicts.filter(({ go }) => go === "pass");
  const same = passed.filter(({ here }) => here === "pass");
  print(`\n${same.length} of ${passed.length} tests that pass in Go pass here`);
  return same.length === passed.length;
}
