// What the engine itself costs, to judge the other figures by: npm run bench:floor
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { machine, nodeVersion } from "./harness/machine.ts";
import { pinned, runProbe } from "./harness/process.ts";

const probe = [process.execPath, "--no-warnings", join(import.meta.dirname, "probes", "floor.ts")];
const { times } = runProbe<{ times: [what: string, nanoseconds: number][] }>(pinned(probe));
const { cpu, cores, memory, system } = machine();
const markdown = `${[
  "| what native promises cost, without any channel | ns |",
  "|---|--:|",
  ...times.map(([what, nanoseconds]) => `| ${what} | ${nanoseconds.toFixed(0)} |`),
  "",
  `${cpu}, ${cores} cores, ${memory}, ${system}; node ${nodeVersion(process.execPath)}, one pinned core, the best of 7.`,
].join("\n")}\n`;
const folder = join(root, "bench", "results");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "floor.md"), markdown);
console.log(markdown);
