/**
 * What an event costs: recorded, shown in a browser's developer tools, and there while they record. `npm run bench:events`
 * writes `bench/results/events.md`.
 */

import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { installOnce, root, run } from "../scripts/project.ts";
import { findChromium, runInChromium } from "../test/runtimes/browser.ts";
import { stage } from "./harness/stage.ts";

type Costs = Record<string, number>;

const folder = stage(join(root, "dist"), false);
const runtimes = join(root, "test/runtimes");
installOnce(runtimes);
const modules = join(runtimes, "node_modules");
const probe = join("probes", "events.js");

function parse(printed: string): Costs {
  const line = printed.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(printed);
  return JSON.parse(line) as Costs;
}

function inNode(program: string): Costs {
  const { stdout, stderr } = run(program, [probe], folder, 300_000);
  return parse(stdout + stderr);
}

const rounds = Number(process.argv[2] ?? 3);
const places: Record<string, () => Promise<Costs> | Costs> = {
  "Node 26": () => inNode(process.execPath),
  "Node 24": () => inNode(join(modules, "node24/bin/node")),
  "Node 22": () => inNode(join(modules, "node22/bin/node")),
};
const chromium = findChromium();
let shown = 0;
if (chromium !== undefined) {
  places["Chromium"] = async () => parse(await runInChromium(chromium, folder, probe));
  places["Chromium, recording"] = async () =>
    parse(
      await runInChromium(chromium, folder, probe, (recorded) => {
        shown = recorded.split('"name":"TimeStamp"').length - 1;
      }),
    );
}
const measured = new Map<string, Costs[]>();
for (let round = 0; round < rounds; round++) {
  for (const [name, measure] of Object.entries(places)) {
    measured.set(name, [...(measured.get(name) ?? []), await measure()]);
    console.log(name, measured.get(name)?.at(-1));
  }
}

/** The least of the rounds: other programs on the machine can only slow it down. */
function cell(all: readonly Costs[], what: string): string {
  const values = all.flatMap((costs) => costs[what] ?? []);
  return values.length === 0 ? "" : Math.round(Math.min(...values)).toLocaleString("en");
}

const names = Object.keys(measured.get("Node 26")?.[0] ?? {});
const table = [
  `| ns | ${[...measured.keys()].join(" | ")} |`,
  `| --- |${" --: |".repeat(measured.size)}`,
  ...names.map((what) => `| ${what} | ${[...measured.values()].map((all) => cell(all, what)).join(" | ")} |`),
];
writeFileSync(
  join(root, "bench/results/events.md"),
  `# What an event costs

*Recorded*: what each event of a ping-pong adds to it while a flight recorder runs; an operation of it makes two to four. *In
a bubble*: the same under a conductor. *With its line*: the stack is captured, and formatted only when it is read.

\`console.timeStamp\` with a start, an end, a track and a group is what \`trace.devtools\` shows waits with; \`performance.measure\`
with the same in its detail shows the same slice, at the price in the last row. *A wait*: what a park and its wake add to a
ping-pong. *Recording*: while the browser records a trace; ${shown.toLocaleString("en")} of the slices were in the last one.

${table.join("\n")}

The least of ${rounds} processes, in each the least of 15 rounds. Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores under a load of ${loadavg()[0]?.toFixed(1)}; \`npm run bench:events\`
`,
);
console.log(table.join("\n"));
