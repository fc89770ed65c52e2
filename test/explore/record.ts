// Writes bench/results/explore.md anew: how soon each planted bug is found, and that the repaired programs are clean.
// node test/explore/record.ts [seeds] [schedules of each repaired program], after npm run build.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { gosched } from "gocsp";
import { explore, ExploreError, type ExploreOptions, Session } from "gocsp/explore";
import * as synctest from "gocsp/synctest";
import type { Bug } from "./corpus/bug.ts";
import { corpus, optionsOf } from "./corpus/corpus.ts";

const seeds = Number(process.argv[2] ?? 20);
const schedules = Number(process.argv[3] ?? 10_000);
const limit = 5000;
const strategies = ["random", "pct:3", "bounded:99", "mixed"] as const;

interface Rate {
  schedules: number;
  steps: number;
  /** Of the processor's time, which other programs on the machine disturb least. */
  milliseconds: number;
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const found: Rate = { schedules: 0, steps: 0, milliseconds: 0 };
const clean: Rate = { schedules: 0, steps: 0, milliseconds: 0 };

/** Returns after how many schedules the bug was found with each seed; Infinity for not at all. */
async function search(bug: Bug, strategy: ExploreOptions["strategy"]): Promise<number[]> {
  const runs: number[] = [];
  // Not a matter of chance.
  const wanted = strategy?.startsWith("bounded") === true ? 1 : seeds;
  for (let seed = 1; seed <= wanted; seed++) {
    const start = processorTime();
    const options = { ...optionsOf(bug), strategy, runs: limit, seed } as ExploreOptions;
    const error: unknown = await explore(() => bug.program(false), options).catch((error: unknown) => error);
    found.milliseconds += processorTime() - start;
    if (error instanceof ExploreError && error.kind === bug.kind) runs.push(error.run);
    else if (error instanceof Error) throw error;
    else runs.push(Infinity);
    found.schedules += Math.min(runs.at(-1) ?? 0, limit);
  }
  return runs.sort((a, b) => a - b);
}

function cell(runs: readonly number[]): string {
  const missed = runs.filter((run) => run === Infinity).length;
  const middle = runs[runs.length >> 1];
  if (missed === runs.length) return "not found";
  const most = missed === 0 ? String(runs.at(-1)) : `${missed} of ${runs.length} missed`;
  return runs.length === 1 ? String(middle) : `${middle === Infinity ? "-" : middle} (${most})`;
}

async function failsAlone(bug: Bug): Promise<boolean> {
  if (bug.kind === "livelock") return false;
  for (let i = 0; i < 20; i++) {
    try {
      await synctest.test(() => bug.program(false));
    } catch {
      return true;
    }
  }
  return false;
}

/** Returns how many milliseconds it takes to go one step back from a position. */
async function timeBack(position: number): Promise<number> {
  const session = new Session(
    async () => {
      for (let n = 0; n <= position; n++) await gosched();
    },
    { maxSteps: 2 * position },
  );
  await session.start();
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    await session.goTo(position);
    const start = performance.now();
    await session.back();
    times.push(performance.now() - start);
  }
  await session.stop();
  return times.sort((a, b) => a - b)[2] as number;
}

const back: (readonly [number, number])[] = [];
for (const at of [100, 5000]) back.push([at, await timeBack(at)]);
const rows: string[] = [];
let hidden = 0;
let missed = 0;
for (const bug of corpus) {
  const cells: string[] = [];
  for (const strategy of strategies) {
    const runs = await search(bug, strategy);
    if (strategy === "mixed") missed += runs.filter((run) => run === Infinity).length;
    cells.push(cell(runs));
  }
  const start = processorTime();
  const { runs, steps, exhausted } = await explore(() => bug.program(true), {
    ...optionsOf(bug),
    runs: schedules,
    seed: 7,
  });
  clean.milliseconds += processorTime() - start;
  clean.schedules += runs;
  clean.steps += steps;
  const alone = await failsAlone(bug);
  if (!alone) hidden++;
  rows.push(
    `| ${bug.name} | ${bug.kind} | ${alone ? "yes" : "no"} | ${cells.join(" | ")} | ${runs}${exhausted ? ", all" : ""} |`,
  );
}

const perSecond = ({ schedules, milliseconds }: Rate): string =>
  Math.round((schedules / milliseconds) * 1000).toLocaleString("en");
const count = (n: number): string => n.toLocaleString("en");
writeFileSync(
  new URL("../../bench/results/explore.md", import.meta.url),
  `# Planted bugs

After how many schedules each bug of \`test/explore/corpus\` is found: the median and, in brackets, the maximum of ${seeds} seeds,
up to ${count(limit)} schedules each. *Alone*: whether it shows in any of 20 runs without an exploration, in \`synctest.test\`.
*Repaired*: under how many schedules the program without the bug ran without a failure; "all" if there are no others.

${corpus.length} bugs, ${hidden} of which do not show alone. \`mixed\` missed ${missed} of ${corpus.length * seeds} searches. The repaired programs ran
${count(clean.schedules)} schedules, ${count(clean.steps)} steps, without a failure: ${perSecond(clean)} schedules and
${count(Math.round((clean.steps / clean.milliseconds) * 1000))} steps in a second of processor time. The searches, with shrinking and transcripts, ran ${perSecond(found)} schedules in one.

A session goes one step back in ${back.map(([at, ms]) => `${ms.toFixed(1)} ms at step ${count(at)}`).join(" and ")}, with lines.

Node ${process.versions.node}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores under a load of ${loadavg()[0]?.toFixed(1)}; written by \`node test/explore/record.ts ${seeds} ${schedules}\`.

| bug | kind | alone | ${strategies.join(" | ").replace("bounded:99", "bounded")} | repaired |
| --- | --- | --- | --: | --: | --: | --: | --: |
${rows.join("\n")}
`,
);
