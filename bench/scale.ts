// Whether cost per operation stays flat from ten to a million, beside Go: npm run bench:scale [-- --quick]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/project.ts";
import { buildGo } from "./harness/go.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { pinned, runProbe } from "./harness/process.ts";
import { stage } from "./harness/stage.ts";
import { median, shown } from "./harness/stats.ts";
import { scalePlot, type Line } from "./scaleplot.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const sizes = values.quick ? [10, 1000, 100_000] : [10, 100, 1000, 10_000, 100_000, 1_000_000];
const rounds = values.quick ? 1 : 3;
/**
 * The size with which the last one is compared. Below it, the start and the end of a run are a large part of the time.
 */
const small = 1000;
const largest = sizes.at(-1) ?? small;

const folder = stage(join(root, "dist"), false);
const probe = [process.execPath, "--no-warnings", "--expose-gc", "--max-old-space-size=8192"];
probe.push(join(folder, "probes", "scale.js"));
const program = buildGo();
if (typeof program === "string") console.error(program);

interface Measured {
  readonly perOp: number;
  /** The longest time without a turn of the event loop, in milliseconds; for operations that are one large step. */
  readonly blocked?: number;
}

const lines: Line[] = [];
const longest: { what: string; milliseconds: number }[] = [];
for (const what of measured<string[]>([...probe, "--list"])) {
  const times: number[] = [];
  const inGo: number[] = [];
  const blocks: number[] = [];
  for (const n of sizes) {
    const [ours, gos]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const { perOp, blocked } = measured<Measured>([...probe, what, String(n)]);
      ours.push(perOp);
      if (n === largest && blocked !== undefined) blocks.push(blocked);
      if (typeof program !== "string")
        gos.push(measured<Measured>([program.path, "-scale", what, "-n", String(n)]).perOp);
    }
    times.push(rounded(ours));
    if (gos.length > 0) inGo.push(rounded(gos));
    console.error(
      `${what}: ${n}: ${shown(median(ours))} ns${gos.length > 0 ? `, in Go ${shown(median(gos))} ns` : ""}`,
    );
  }
  lines.push({ what, times, go: inGo.length > 0 ? inGo : undefined });
  if (blocks.length > 0) longest.push({ what, milliseconds: Number(median(blocks).toPrecision(3)) });
}

const results = join(root, "bench", "results");
mkdirSync(results, { recursive: true });
const versions = { node: nodeVersion(process.execPath), go: typeof program === "string" ? undefined : program.version };
const date = new Date().toISOString().slice(0, 10);
const result = { date, commit: commit(), machine: machine(), versions, sizes, lines, longest };
writeFileSync(join(results, "scale.json"), `${JSON.stringify(result, undefined, 2)}\n`);
writeFileSync(join(results, "scale.svg"), scalePlot(sizes, lines));
const markdown = table();
writeFileSync(join(results, "scale.md"), markdown);
console.log(`\n${markdown}`);

function table(): string {
  const numbers = [...sizes.map(whole), `${whole(largest)} / ${whole(small)}`];
  const rows = lines.flatMap(({ what, times, go }) =>
    go === undefined ? [row(what, times)] : [row(what, times), row(`${what}, in Go`, go)],
  );
  return `${[
    `| ns per operation, with n = | ${numbers.join(" | ")} |`,
    `|---|${numbers.map(() => "--:|").join("")}`,
    ...rows,
    "",
    ...longest.map(
      ({ what, milliseconds }) =>
        `- ${what}, ${whole(largest)} of them: the event loop turns after ${milliseconds} ms at the latest.`,
    ),
    "",
    `The last column is the time with n = ${whole(largest)} over the time with n = ${whole(small)}: 1.0 is flat.`,
  ].join("\n")}\n`;
}

function row(what: string, times: readonly number[]): string {
  const growth = (times.at(-1) ?? NaN) / (times[sizes.indexOf(small)] ?? NaN);
  return `| ${what} | ${[...times.map(shown), growth.toFixed(1)].join(" | ")} |`;
}

function whole(n: number): string {
  return n.toLocaleString("en-US");
}

function rounded(samples: readonly number[]): number {
  return Number(median(samples).toPrecision(4));
}

/** Limits Go's cores; has no effect on Node. */
function measured<T>(command: readonly string[]): T {
  return runProbe<T>(pinned(command), { ...process.env, GOMAXPROCS: "1" });
}
