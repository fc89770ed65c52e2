// Whether cost per operation stays flat from ten to a million: npm run bench:scale [-- --quick]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/project.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { pinned, runCommand } from "./harness/process.ts";
import { stage } from "./harness/stage.ts";
import { median, shown } from "./harness/stats.ts";
import { scalePlot, type Line } from "./scaleplot.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const sizes = values.quick ? [10, 1000, 100_000] : [10, 100, 1000, 10_000, 100_000, 1_000_000];
const rounds = values.quick ? 1 : 3;

const folder = stage(join(root, "dist"), false);
const probe = [process.execPath, "--no-warnings", "--expose-gc", "--max-old-space-size=8192"];
probe.push(join(folder, "probes", "scale.js"));
const lines: Line[] = [];
for (const what of measure<string[]>([...probe, "--list"])) {
  const times = sizes.map((n) => {
    const samples = Array.from({ length: rounds }, () => measure<{ perOp: number }>([...probe, what, String(n)]).perOp);
    console.error(`${what}: ${n}: ${shown(median(samples))} ns`);
    return Number(median(samples).toPrecision(4));
  });
  lines.push({ what, times });
}

const results = join(root, "bench", "results");
mkdirSync(results, { recursive: true });
const versions = { node: nodeVersion(process.execPath) };
const date = new Date().toISOString().slice(0, 10);
const result = { date, commit: commit(), machine: machine(), versions, sizes, lines };
writeFileSync(join(results, "scale.json"), `${JSON.stringify(result, undefined, 2)}\n`);
writeFileSync(join(results, "scale.svg"), scalePlot(sizes, lines));
const markdown = `${[
  `| ns per operation, with n = | ${sizes.map((n) => n.toLocaleString("en-US")).join(" | ")} |`,
  `|---|${sizes.map(() => "--:|").join("")}`,
  ...lines.map(({ what, times }) => `| ${what} | ${times.map(shown).join(" | ")} |`),
].join("\n")}\n`;
writeFileSync(join(results, "scale.md"), markdown);
console.log(`\n${markdown}`);

function measure<T>(command: readonly string[]): T {
  const child = runCommand(pinned(command), process.env);
  if (child.status !== 0) throw new Error(`${command.slice(-2).join(" ")}: ${child.stderr}`);
  return JSON.parse(child.stdout) as T;
}
