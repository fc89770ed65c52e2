// What makes the same operations slower: npm run bench:variants
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { pinned, runProbe } from "./harness/process.ts";
import { stage } from "./harness/stage.ts";
import { shown } from "./harness/stats.ts";

const folder = stage(join(root, "dist"), false);
const probe = [process.execPath, "--no-warnings", join(folder, "probes", "variants.js")];
const lines: string[] = [];
for (const [index, name] of runProbe<string[]>([...probe, "--list"]).entries()) {
  const { perOp } = runProbe<{ perOp: number }>(pinned([...probe, String(index)]));
  lines.push(`| ${name} | ${shown(perOp)} |`);
  console.error(`${name}: ${shown(perOp)} ns`);
}
const { cpu, cores, memory, system } = machine();
const markdown = `${[
  "| variant | ns per operation |",
  "|---|--:|",
  ...lines,
  "",
  `${cpu}, ${cores} cores, ${memory}, ${system}; node ${nodeVersion(process.execPath)}; gocsp at ${commit()}. One pinned core, medians of 15.`,
].join("\n")}\n`;
const results = join(root, "bench", "results");
mkdirSync(results, { recursive: true });
writeFileSync(join(results, "variants.md"), markdown);
console.log(`\n${markdown}`);
