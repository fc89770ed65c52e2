// What a change does to the times: npm run bench:compare -- BASE [workloads…] [--rounds 7]
//
// Builds the commit BASE and the working tree, and measures both in the same rounds. Not for CI: on a busy machine
// it is sometimes wrong.
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { mustRun, root, run, temporaryFolder } from "../scripts/project.ts";
import { nodeContestant } from "./harness/process.ts";
import { label, measureRounds, type Row } from "./harness/rounds.ts";
import { stage } from "./harness/stage.ts";
import { median, medianDeviation, shown } from "./harness/stats.ts";
import { entriesOf, ours } from "./harness/subjects.ts";
import { findWorkload, workloads } from "./workloads.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "7" }, quick: { type: "boolean", default: false } },
});
const [base, ...named] = positionals;
if (base === undefined) throw new Error("usage: npm run bench:compare -- BASE [workloads…] [--rounds 7] [--quick]");
const chosen = named.length === 0 ? workloads : named.map(findWorkload);

/** A workload has moved if its time has changed by more than this, and by more than its noise. */
const threshold = 0.03;

const stages = { base: stage(buildBase(base), false), head: stage(buildHead(), false) };
const cells = [];
for (const [name, folder] of Object.entries(stages)) {
  for (const { workload, form } of await entriesOf(folder, ours)) {
    const found = chosen.find((candidate) => candidate.name === workload);
    if (found === undefined) continue;
    cells.push({ workload: found, form, contestant: nodeContestant(name, ours, folder, process.execPath) });
  }
}
cells.sort((a, b) => chosen.indexOf(a.workload) - chosen.indexOf(b.workload));
const plan = { rounds: Number(values.rounds), budget: values.quick ? 60 : 200, share: 1 / 2, mixed: false };
console.log(report(measureRounds(cells, plan)));

function buildBase(commit: string): string {
  const folder = join(temporaryFolder(), "base");
  mustRun("git", ["worktree", "add", "--detach", folder, commit]);
  process.on("exit", () => run("git", ["worktree", "remove", "--force", folder]));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  return build(folder);
}

function buildHead(): string {
  return build(root);
}

/** Compiles a working tree into a folder of its own, so that no `dist` is touched. */
function build(folder: string): string {
  const dist = join(temporaryFolder(), "dist");
  mkdirSync(dist);
  mustRun(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.build.json", "--outDir", dist], folder);
  return dist;
}

function report(rows: readonly Row[]): string {
  const lines = ["| workload | base, ns | head, ns | head / base | |", "|---|--:|--:|--:|---|"];
  for (const head of rows.filter((row) => row.subject === "head")) {
    const before = rows.find(
      (row) => row.subject === "base" && row.workload === head.workload && row.form === head.form,
    );
    if (before === undefined) continue;
    const { change, noise } = difference(before, head);
    const moved = Math.abs(change - 1) > Math.max(threshold, noise);
    const verdict = moved ? (change > 1 ? "**slower**" : "faster") : `within ±${(noise * 100).toFixed(0)} %`;
    const name = label(head.workload, head.form);
    lines.push(`| ${name} | ${shown(before.median)} | ${shown(head.median)} | ${change.toFixed(3)} | ${verdict} |`);
  }
  return `\n${lines.join("\n")}\n`;
}

/** The median ratio of the rounds, and three times the standard error that the spread of the ratios suggests. */
function difference(base: Row, head: Row): { change: number; noise: number } {
  const ratios = head.rounds.map((value, round) => value / (base.rounds[round] ?? NaN));
  const deviation = 1.4826 * medianDeviation(ratios);
  return { change: median(ratios), noise: (3 * 1.25 * deviation) / Math.sqrt(ratios.length) };
}
