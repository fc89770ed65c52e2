// What two mistakes would cost while no hooks are attached: npm run bench:mistakes writes bench/results/mistakes.md.
//
// Each mistake is made again in a copy of the compiled library, and measured in the same rounds as the library itself.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, temporaryFolder } from "../scripts/project.ts";
import { machine, nodeVersion } from "./harness/machine.ts";
import { nodeContestant } from "./harness/process.ts";
import { type Cell, label, measureRounds } from "./harness/rounds.ts";
import { stage } from "./harness/stage.ts";
import { pairedRatio, shown } from "./harness/stats.ts";
import { entriesOf, ours } from "./harness/subjects.ts";
import { findWorkload } from "./workloads.ts";

interface Mistake {
  readonly what: string;
  readonly workloads: readonly string[];
  readonly edits: readonly (readonly [file: string, from: string, to: string])[];
}

const mistakes: readonly Mistake[] = [
  {
    what: "`if (hooks !== undefined)` in `take`, `put` and `choose`, instead of a subclass for channels that tell",
    workloads: ["select-ready", "stream128"],
    edits: [
      ["chan/channel.js", "    take() {\n", "    take() {\n        if (hooks !== undefined) hooks.receive?.(this);\n"],
      [
        "chan/channel.js",
        "    put(value) {\n",
        "    put(value) {\n        if (hooks !== undefined) hooks.send?.(this, value);\n",
      ],
      [
        "select/selection.js",
        "    choose() {\n",
        "    choose() {\n        if (hooks !== undefined) hooks.select?.(this, this.slots, 0);\n",
      ],
    ],
  },
  {
    what: "a closure over parameters in `afterTurn` and in `start`, instead of one in a function of its own",
    workloads: ["spawn", "spawn-park"],
    edits: [
      [
        "runtime/turn.js",
        "if (hooks?.schedule !== undefined && isScheduled(resume, result, operation))",
        "if (hooks?.schedule !== undefined && hooks.schedule(() => resume(result), operation) === true)",
      ],
      [
        "runtime/goroutine.js",
        "if (hooks !== undefined && isScheduled(goroutine.id, begin))",
        "if (hooks !== undefined && hooks.schedule?.(bound(() => begin(goroutine.id > 0)), goroutine.id) === true)",
      ],
    ],
  },
];

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "15" }, budget: { type: "string", default: "200" } },
});
const plan = { rounds: Number(values.rounds), budget: Number(values.budget), share: 1, mixed: false };
const dist = join(root, "dist");
const folder = stage(dist, false);

/** Stages a copy of the library in which a mistake has been made again. */
function stageWith({ edits }: Mistake): string {
  const copy = join(temporaryFolder(), "dist");
  cpSync(dist, copy, { recursive: true });
  for (const [file, from, to] of edits) {
    const path = join(copy, file);
    const source = readFileSync(path, "utf8");
    if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, source.replace(from, to));
  }
  return stage(copy, false);
}

const lines: string[] = [];
for (const mistake of mistakes) {
  const cells: Cell[] = [];
  for (const [name, where] of [
    ["right", folder],
    ["mistaken", stageWith(mistake)],
  ] as const) {
    for (const { workload, form } of await entriesOf(where, ours)) {
      if (!mistake.workloads.includes(workload)) continue;
      const contestant = nodeContestant(name, ours, where, process.execPath);
      cells.push({ workload: findWorkload(workload), form, contestant });
    }
  }
  const rows = measureRounds(cells, plan);
  lines.push(
    `\n${mistake.what}:\n`,
    "| workload | right, ns | mistaken, ns | ratio | of the rounds |",
    "| --- | --: | --: | --: | --: |",
  );
  for (const wrong of rows.filter(({ subject }) => subject === "mistaken")) {
    const right = rows.find(
      ({ subject, workload, form }) => subject === "right" && workload === wrong.workload && form === wrong.form,
    );
    if (right === undefined) continue;
    const least = Math.min(...wrong.rounds) / Math.min(...right.rounds);
    const ratios = `${least.toFixed(3)} | ${pairedRatio(wrong.rounds, right.rounds).toFixed(3)}`;
    const name = label(wrong.workload, wrong.form);
    lines.push(`| ${name} | ${shown(Math.min(...right.rounds))} | ${shown(Math.min(...wrong.rounds))} | ${ratios} |`);
  }
}
const { cpu, cores, system } = machine();
const markdown = `# What two mistakes would cost

While no hooks are attached; made again in a copy of the library. Nanoseconds an operation, the least of ${plan.rounds} rounds in
which both run right after each other, and the ratio of these; *of the rounds*: the median of the rounds' ratios.
${lines.join("\n")}

${cpu}, ${cores} cores, ${system}; Node ${nodeVersion(process.execPath)}; \`npm run bench:mistakes\`
`;
writeFileSync(join(root, "bench/results/mistakes.md"), markdown);
console.log(markdown);
