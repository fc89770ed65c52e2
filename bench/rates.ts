/**
 * How fast explorations and bubbles are on every runtime: `npm run bench:rates` writes
 * `bench/results/rates.md`.
 */

import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { installOnce, root, run } from "../scripts/project.ts";
import { findChromium, runInChromium } from "../test/runtimes/browser.ts";
import { stage } from "./harness/stage.ts";

interface Rates {
  readonly schedules: number;
  readonly steps: number;
  readonly bubble: number;
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

function parse(printed: string): Rates {
  const line = printed.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(printed);
  return JSON.parse(line) as Rates;
}

const rounds = Number(process.argv[2] ?? 3);
const measured = new Map<string, Rates[]>();
const chromium = findChromium();
for (let round = 0; round < rounds; round++) {
  for (const [name, [program, ...args]] of Object.entries(programs)) {
    const { stdout, stderr } = run(program, [...args, probe], folder, 300_000);
    measured.set(name, [...(measured.get(name) ?? []), parse(stdout + stderr)]);
  }
  if (chromium === undefined) continue;
  const rates = parse(await runInChromium(chromium, folder, probe));
  measured.set("Chromium, a page", [...(measured.get("Chromium, a page") ?? []), rates]);
}

/** The best of the rounds: other programs on the machine can only slow it down. */
function best(all: readonly Rates[], key: keyof Rates): number {
  const values = all.map((rates) => rates[key]);
  return Math.max(...values);
}

const thousands = (n: number): string => `${Math.round(n / 1000).toLocaleString("en")} k`;
const rows = [...measured].map(([name, all]) => {
  const rate = (key: keyof Rates): string => thousands(best(all, key));
  return `| ${name} | ${rate("schedules")} | ${rate("steps")} | ${rate("bubble")} |`;
});
writeFileSync(
  join(root, "bench/results/rates.md"),
  `# How fast explorations and bubbles are

*Schedules*: of two goroutines that take a lock and give way once, per second. *Steps*: of a ping-pong under one schedule, per
second: each resumes one goroutine and lets the microtasks run out. *Operations in a bubble*: the same ping-pong in
\`synctest.test\`.

Seconds of processor time, in Chromium of the clock. The best of ${rounds} processes, each the median of three.

| runtime | schedules/s | steps/s | operations/s in a bubble |
| --- | --: | --: | --: |
${rows.join("\n")}

Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores under a load of ${loadavg()[0]?.toFixed(1)}; \`npm run bench:rates\`
`,
);
console.log(rows.join("\n"));
