// Puts the main lines of bench/results/sql-speed.json into the README; bench/sql-speed.ts does that at its end:
// node bench/sql-readme.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { shown } from "./harness/stats.ts";
import { putTable } from "./harness/tables.ts";

interface Line {
  readonly group: string;
  readonly name: string;
  readonly target?: number;
  readonly micros: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number | null>>;
  readonly cpu: Readonly<Record<string, number | null>>;
}

/** The library that each group is compared with. */
const libraries: Readonly<Record<string, string>> = {
  "SQLite, a file": "node:sqlite",
  PostgreSQL: "pg",
  MariaDB: "mysql2",
};

/** What says no more than the lines beside it. */
const left = /^(SELECT 1|the same)/;

const { lines, load, rounds } = JSON.parse(readFileSync(join(root, "bench", "results", "sql-speed.json"), "utf8")) as {
  lines: readonly Line[];
  load: readonly number[];
  rounds: number;
};
const rows = lines.flatMap(({ group, name, target, micros, ratios, cpu }) => {
  const library = libraries[group];
  if (library === undefined || left.test(name)) return [];
  const [ratio, spent] = [ratios[library] ?? NaN, cpu[library] ?? NaN];
  const goal = target === undefined ? "" : ratio <= target ? `${target}` : `**${target}**`;
  const cells = [group, name, shown(micros["gocsp"] ?? NaN), library, shown(micros[library] ?? NaN)];
  return [`| ${[...cells, ratio.toFixed(2), spent.toFixed(2), goal].join(" | ")} |`];
});
const table = [
  "| database | workload | ours, us | library | it, us | ours / it | cpu | target |",
  "|---|---|--:|---|--:|--:|--:|--:|",
  ...rows,
  "",
  `Medians of ${rounds} rounds, in which both run right after each other; "cpu" is the ratio of the time on a core. The machine was shared (load ${load[0]?.toFixed(1) ?? ""}). A target in bold was missed.`,
].join("\n");

putTable("README.md", "sql", table);
