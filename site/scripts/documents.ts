/** The documents of the repository that become pages: the guides, and what the benchmarks have measured. */

import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./engine.ts";

export interface Document {
  readonly page: string;
  readonly title: string;
  /** Its path in the repository. */
  readonly path: string;
}

const order = ["porting", "cancel-real-work", "databases", "testing", "exploring", "tracing", "topics", "agents"];

function rank(page: string): number {
  const at = order.indexOf(page);
  return at < 0 ? order.length : at;
}

function documents(folder: string, titleOf: (page: string, text: string) => string): Document[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".md"))
    .map((file) => {
      const page = basename(file, ".md");
      return { page, title: titleOf(page, readFileSync(join(root, folder, file), "utf8")), path: `${folder}/${file}` };
    });
}

function heading(text: string): string | undefined {
  return /^# (.+)$/m.exec(text)?.[1];
}

export const guides: readonly Document[] = documents("docs", (page, text) => heading(text) ?? page).toSorted(
  (a, b) => rank(a.page) - rank(b.page) || a.page.localeCompare(b.page),
);

/** What has no heading of its own. */
const titles: Readonly<Record<string, string>> = {
  fairness: "Fairness: what else runs meanwhile",
  floor: "The floor: what promises cost",
  memory: "Memory",
  mixed: "Mixed workloads",
  scale: "Scale: a hundred thousand goroutines",
  service: "A service under load",
  sql: "Databases",
  "sql-floor": "The floor of databases: what no driver can avoid",
  "sql-speed": "Databases, driver by driver",
  topic: "Topics",
  variants: "Variants",
  world: "The world outside",
  recorder: "The flight recorder",
};

export const benchmarks: readonly Document[] = documents(
  "bench/results",
  (page, text) => heading(text) ?? titles[page] ?? page.replace(/^node-(\d+)$/, "Node $1 against Go"),
).toSorted(
  (a, b) => Number(b.page.startsWith("node-")) - Number(a.page.startsWith("node-")) || a.page.localeCompare(b.page),
);
