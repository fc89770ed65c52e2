/**
 * How fast explorations and bubbles are on every runtime, and whether each finds the planted bugs by the same schedules:
 * `npm run bench:rates` writes `bench/results/rates.md`.
 */

import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { installOnce, root, run } from "../scripts/project.ts";
import { findChromium, runInChromium } from "../test/runtimes/browser.ts";
import { stage } from "./harness/stage.ts";

interface Rates {
  readonly schedules: number;
  readonly steps: number;
  readonly bubble: number;
}

/** What test/explore/portable.ts prints. */
interface Suite {
  /** For each planted bug, after how many schedules it was found, what it is, and its token. */
  readonly tokens: readonly string[];
  readonly searched: number;
  readonly schedules: number;
  readonly steps: number;
}

const folder = stage(join(root, "dist"), false);
const runtimes = join(root, "test/runtimes");
installOnce(runtimes);
const modules = join(runtimes, "node_modules");
const probe = join("probes", "rates.js");
const deno = ["run", "--quiet", "--no-lock", "--node-modules-dir=manual", "--allow-all"];
const programs: Record<string, [program: string, ...args: string[]]> = {
  "Node 26": [process.execPath],
  "Node 24": [join(modules, "node24/bin/node")],
  "Node 22": [join(modules, "node22/bin/node")],
  "Node 20": [join(modules, "node20/bin/node")],
  "Bun 1.4": [join(modules, "bun/bin/bun.exe")],
  "Deno 2.9": [join(modules, "deno/deno"), ...deno],
};

function parse<T>(printed: string): T {
  const line = printed.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(printed);
  return JSON.parse(line) as T;
}

// Not every runtime of these knows "using".
await build({
  root: join(root, "test/explore"),
  configFile: false,
  logLevel: "error",
  build: {
    outDir: join(folder, "suite"),
    emptyOutDir: true,
    target: "es2022",
    minify: false,
    rolldownOptions: {
      input: join(root, "test/explore/portable.ts"),
      external: /^gocsp/,
      output: { entryFileNames: "portable.js" },
    },
  },
});
const portable = join("suite", "portable.js");

const rounds = Number(process.argv[2] ?? 3);
const measured = new Map<string, Rates[]>();
const suites = new Map<string, Suite[]>();
function keep<T>(all: Map<string, T[]>, name: string, found: T): void {
  all.set(name, [...(all.get(name) ?? []), found]);
}
const chromium = findChromium();
for (let round = 0; round < rounds; round++) {
  for (const [name, [program, ...args]] of Object.entries(programs)) {
    const printedBy = (script: string): string => {
      const { stdout, stderr } = run(program, [...args, script], folder, 300_000);
      return stdout + stderr;
    };
    keep(measured, name, parse<Rates>(printedBy(probe)));
    keep(suites, name, parse<Suite>(printedBy(portable)));
  }
  if (chromium === undefined) continue;
  keep(measured, "Chromium, a page", parse<Rates>(await runInChromium(chromium, folder, probe)));
  keep(suites, "Chromium, a page", parse<Suite>(await runInChromium(chromium, folder, portable)));
}

/** The best of the rounds: other programs on the machine can only slow it down. */
function best<Key extends string>(all: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return Math.max(...all.map((rates) => rates[key]));
}

const thousands = (n: number): string => `${Math.round(n / 1000).toLocaleString("en")} k`;
const reference = suites.get("Node 26")?.[0] as Suite;
const rows = [...measured].map(([name, all]) => {
  const suite = suites.get(name) ?? [];
  const same = reference.tokens.filter((token) => suite.every(({ tokens }) => tokens.includes(token)));
  for (const token of suite[0]?.tokens ?? []) if (!same.includes(token)) console.error(`${name}: ${token}`);
  const rate = (key: keyof Rates): string => thousands(best(all, key));
  const whole = (key: "schedules" | "steps"): string => thousands(best(suite, key));
  return `| ${name} | ${rate("schedules")} | ${rate("steps")} | ${rate("bubble")} | ${whole("schedules")} | ${whole("steps")} | ${same.length} |`;
});
writeFileSync(
  join(root, "bench/results/rates.md"),
  `# How fast explorations and bubbles are

*Schedules*: of two goroutines that take a lock and give way once, per second. *Steps*: of a ping-pong under one schedule, per
second: each resumes one goroutine and lets the microtasks run out. *Operations in a bubble*: the same ping-pong in
\`synctest.test\`. *The suite*: the repaired programs of all planted bugs, 200 schedules of each. *The same*: of how many of
the ${reference.tokens.length} planted bugs the number of the schedule that finds it and its token are those of Node 26, with seed 1; there that takes
${reference.searched.toLocaleString("en")} schedules. Two of them, rejected promises that nobody handles, show only where the host tells whose a
promise is: in Node and Deno.

Seconds of processor time, in Chromium of the clock. The best of ${rounds} processes, each the median of three.

| runtime | schedules/s | steps/s | operations/s in a bubble | the suite: schedules/s | steps/s | the same |
| --- | --: | --: | --: | --: | --: | --: |
${rows.join("\n")}

Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores under a load of ${loadavg()[0]?.toFixed(1)}; \`npm run bench:rates\`
`,
);
console.log(rows.join("\n"));
