// The benchmark: npm run bench -- [workloads…] [--against go,ts-chan] [--rounds 5] [--quick] [--mixed] [--node path] [--name latest]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/project.ts";
import { buildGo } from "./harness/go.ts";
import { commit, machine, nodeVersion, rivalVersions } from "./harness/machine.ts";
import { canPin, type Contestant, goContestant, nodeContestant } from "./harness/process.ts";
import { goAll, goOne, type Result } from "./harness/result.ts";
import { type Cell, measureRounds, type Plan } from "./harness/rounds.ts";
import { stage } from "./harness/stage.ts";
import { type Entry, entriesOf, goEntries, ours, rivals } from "./harness/subjects.ts";
import { plot } from "./plot.ts";
import { table } from "./table.ts";
import { findWorkload, type Workload, workloads } from "./workloads.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: "string" },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    mixed: { type: "boolean", default: false },
    node: { type: "string", default: process.execPath },
    name: { type: "string", default: "latest" },
  },
});

const plan: Plan = {
  rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
  budget: values.quick ? 100 : 280,
  share: values.quick ? 1 / 4 : 1,
  mixed: values.mixed,
};
if (!Number.isInteger(plan.rounds) || plan.rounds < 1)
  throw new Error(`--rounds must be a number, got ${values.rounds}`);

const chosen = positionals.length === 0 ? workloads : positionals.map(findWorkload);
const against =
  values.against === undefined ? ["go", ...rivals] : values.against.split(",").filter((name) => name !== "");
for (const name of against) {
  if (name !== "go" && !rivals.includes(name)) throw new Error(`no such rival: ${name} (of: go, ${rivals.join(", ")})`);
}

const versions: Record<string, string> = { node: nodeVersion(values.node), ...rivalVersions() };
const cells = await contest();
const rows = measureRounds(cells, plan);
const result: Result = {
  name: values.name,
  date: new Date().toISOString().slice(0, 10),
  commit: commit(),
  machine: machine(),
  pinned: canPin,
  versions,
  plan,
  rows,
};

const folder = join(root, "bench", "results");
mkdirSync(folder, { recursive: true });
const markdown = table(result);
writeFileSync(join(folder, `${values.name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
writeFileSync(join(folder, `${values.name}.md`), markdown);
writeFileSync(join(folder, `${values.name}.svg`), plot(result));
console.log(`\n${markdown}\nWritten: bench/results/${values.name}.json, .md and .svg`);

/** Returns all subjects for each workload that they can do, in the order of the workloads. */
async function contest(): Promise<readonly Cell[]> {
  const others = against.filter((name) => name !== "go");
  const folder = stage(join(root, "dist"), others.length > 0);
  const found: Cell[] = [];
  const enter = (contestant: Contestant, entries: readonly Entry[]): void => {
    for (const workload of chosen) found.push(...cellsOf(contestant, entries, workload));
  };
  for (const name of [ours, ...others]) {
    enter(nodeContestant(name, name, folder, values.node), await entriesOf(folder, name));
  }
  if (against.includes("go")) {
    const program = buildGo();
    if (typeof program === "string") {
      console.error(program);
    } else {
      versions["go"] = program.version;
      enter(goContestant(goOne, program.path, true), goEntries());
      enter(goContestant(goAll, program.path, false), goEntries());
    }
  }
  return chosen.flatMap((workload) => found.filter((cell) => cell.workload === workload));
}

function cellsOf(contestant: Contestant, entries: readonly Entry[], workload: Workload): Cell[] {
  return entries
    .filter((entry) => entry.workload === workload.name)
    .map(({ form }) => ({ workload, contestant, form }));
}
