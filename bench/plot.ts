// Makes the plot of a result: node bench/plot.ts bench/results/<name>.json > plot.svg
//
// A line for each workload; the position is the time relative to Go on one core, on a logarithmic scale. Left is faster.
import { readFileSync } from "node:fs";
import { goAll, goOne, type Result } from "./harness/result.ts";
import { label, type Row } from "./harness/rounds.ts";
import { pairedRatio, shown } from "./harness/stats.ts";
import { ours } from "./harness/subjects.ts";
import { workloads } from "./workloads.ts";

const left = 250;
const width = 640;
const lineHeight = 24;
const top = 76;

/** Ratios outside of this are drawn at the edge. */
const smallest = 0.02;
const largest = 100;

const colours: Readonly<Record<string, string>> = {
  [ours]: "#0969da",
  [goOne]: "#57606a",
  [goAll]: "#afb8c1",
  "ts-chan": "#bc4c00",
  "thi.ng-csp": "#1a7f37",
  easyts: "#8250df",
  effect: "#cf222e",
  effection: "#bf8700",
  "async-mutex": "#0a7f8c",
  "p-limit": "#e377c2",
  "p-queue": "#7f4f24",
};

export function plot(result: Result): string {
  const lines = workloads.filter((w) => result.rows.some((row) => row.workload === w.name && row.subject === goOne));
  const height = top + lines.length * lineHeight + 30;
  const subjects = Object.keys(colours).filter((name) => result.rows.some((row) => row.subject === name));
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 30} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(12, 22, "Time per operation, relative to Go on one core (left is faster, logarithmic)", "start", "#1f2328"),
    ...subjects.map((name, i) => legend(name, subjects.slice(0, i))),
    ...[0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].map((ratio) => gridLine(ratio, height)),
    ...lines.flatMap(({ name, title }, i) => workloadLine(result, name, title, top + i * lineHeight + 14)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function workloadLine({ rows }: Result, name: string, title: string, y: number): string[] {
  const here = rows.filter((row) => row.workload === name);
  const go = here.find((row) => row.subject === goOne);
  if (go === undefined) return [];
  // Ours last, so that nothing hides it.
  const drawn = here.toSorted((a, b) => Number(a.subject === ours) - Number(b.subject === ours));
  return [
    `<line x1="${left}" y1="${y}" x2="${left + width}" y2="${y}" stroke="#eaeef2"/>`,
    text(left - 10, y + 4, title, "end", "#1f2328"),
    ...drawn.map((row) => mark(row, go, y)),
  ];
}

function mark(row: Row, go: Row, y: number): string {
  const ratio = pairedRatio(row.rounds, go.rounds);
  const what = `<title>${label(row.subject, row.form)}: ${shown(row.median)} ns, ${shown(ratio)} x Go</title>`;
  const x = position(ratio);
  const colour = colours[row.subject] ?? "#000000";
  if (row.subject === ours) {
    return `<rect x="${x - 5}" y="${y - 7}" width="10" height="14" rx="2" fill="${colour}" fill-opacity="0.85">${what}</rect>`;
  }
  return `<circle cx="${x}" cy="${y}" r="5" fill="${colour}" fill-opacity="0.8">${what}</circle>`;
}

/** An entry of the legend behind those `before` it. */
function legend(name: string, before: readonly string[]): string {
  const x = 16 + before.reduce((sum, { length }) => sum + 28 + 6.4 * length, 0);
  return `<circle cx="${x}" cy="42" r="5" fill="${colours[name] ?? "#000000"}"/>${text(x + 9, 46, name, "start", "#1f2328")}`;
}

function gridLine(ratio: number, height: number): string {
  const x = position(ratio);
  const stroke = ratio === 1 ? "#57606a" : "#eaeef2";
  const line = `<line x1="${x}" y1="${top}" x2="${x}" y2="${height - 26}" stroke="${stroke}"/>`;
  return (
    line + text(x, height - 10, `${ratio}`, "middle", "#57606a") + text(x, top - 6, `${ratio}`, "middle", "#57606a")
  );
}

function position(ratio: number): number {
  const share = Math.log(Math.min(Math.max(ratio, smallest), largest) / smallest) / Math.log(largest / smallest);
  return Math.round((left + share * width) * 10) / 10;
}

function text(x: number, y: number, content: string, anchor: string, fill: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${content}</text>`;
}

if (import.meta.main) {
  const [file = "bench/results/latest.json"] = process.argv.slice(2);
  process.stdout.write(plot(JSON.parse(readFileSync(file, "utf8")) as Result));
}
