// Makes the Markdown table of a result: node bench/table.ts bench/results/<name>.json
import { readFileSync } from "node:fs";
import { compare, type Comparison, type Result } from "./harness/result.ts";
import { shown } from "./harness/stats.ts";
import { ours } from "./harness/subjects.ts";
import { findWorkload, plain } from "./workloads.ts";

export function table(result: Result): string {
  const lines = [
    "| workload | ours: form | ours, ns | Go, 1 core | ours / Go | Go, all cores | best rival | times faster |",
    "|---|---|--:|--:|--:|--:|---|--:|",
    ...compare(result).map(tableLine),
  ];
  return `${lines.join("\n")}\n\n${conditions(result)}\n`;
}

function tableLine(line: Comparison): string {
  const { row, go, goAll, ratio, rival, lead } = line;
  const { title, per } = findWorkload(row.workload);
  const cells = [
    `${title}, per ${per}`,
    row.form === plain ? "" : row.form,
    `${shown(row.median)} ± ${shown(row.deviation)}`,
    go === undefined ? "" : shown(go.median),
    marked(shown(ratio), ratio > 1),
    goAll === undefined ? "" : shown(goAll.median),
    rival === undefined ? "" : `${rival.subject} ${shown(rival.median)}`,
    marked(shown(lead), lead < 1),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A ratio that says that ours is slower is in bold. */
function marked(text: string, slower: boolean): string {
  return slower && text !== "" ? `**${text}**` : text;
}

function conditions({ machine, versions, commit, date, plan, pinned, rows }: Result): string {
  const taking = new Set(rows.map((row) => row.subject));
  const used = Object.entries(versions).filter(([name]) => name === "node" || name === "go" || taking.has(name));
  const { cpu, cores, memory, system } = machine;
  return (
    `${cpu}, ${cores} cores, ${memory}, ${system}; ${used.map(([name, version]) => `${name} ${version}`).join(", ")}; ` +
    `${ours} at ${commit}, ${date}. Nanoseconds, medians of ${plan.rounds} rounds ± their median deviation, ` +
    `${pinned ? "one pinned core" : "not pinned"}; ratios are medians of the rounds' ratios.`
  );
}

if (import.meta.main) {
  const [file = "bench/results/latest.json"] = process.argv.slice(2);
  console.log(table(JSON.parse(readFileSync(file, "utf8")) as Result));
}
