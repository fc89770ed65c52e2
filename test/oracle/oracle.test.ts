/**
 * The library's standard is Go itself: random programs are written in both languages, run, and compared.
 *
 * Without Go, the recorded programs are compared with their recorded outcomes. With Go, random programs run as well; if
 * one fails, its seed is printed. Set the seed to repeat a failure, or the number of programs for a longer run:
 *
 *     ORACLE_SEED=4711 ORACLE_PROGRAMS=1000 npm run test:unit -- test/oracle
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { run, temporaryFolder } from "../../scripts/project.ts";
import { goProblem } from "../examples/programs.ts";
import { runFile } from "../runtime/run.ts";
import { generate } from "./generate.ts";
import { buildGo, type Outcome, recorded, recordedSeeds, runGo } from "./go.ts";
import { contradiction } from "./ours.ts";
import { type Program, smaller, write } from "./program.ts";

const missing = goProblem();
const firstSeed = Number(process.env["ORACLE_SEED"] ?? Date.now() % 1e9);
const seeds = Array.from({ length: Number(process.env["ORACLE_PROGRAMS"] ?? 120) }, (_, i) => firstSeed + i);

/** Fails for the first of these programs that has another outcome here than in Go. */
async function compare(seeds: readonly number[], outcomes: readonly Outcome[]): Promise<void> {
  for (const [i, seed] of seeds.entries()) {
    const program = generate(seed);
    const wanted = outcomes[i] as Outcome;
    const got = await contradiction(program, wanted);
    if (got === undefined) continue;
    const found = report(program, wanted, got);
    expect.fail(`seed ${seed}: ${missing === undefined ? await smallest(program, found) : found}`);
  }
}

/** Removes parts of a program as long as the outcomes differ, and reports the smallest program found. */
async function smallest(program: Program, found: string): Promise<string> {
  const candidates = smaller(program);
  const outcomes = runGo(buildGo(candidates));
  for (const [i, candidate] of candidates.entries()) {
    const wanted = outcomes[i] as Outcome;
    const got = await contradiction(candidate, wanted);
    if (got !== undefined) return smallest(candidate, report(candidate, wanted, got));
  }
  return found;
}

function report(program: Program, wanted: Outcome, got: Outcome): string {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(got)])].sort();
  const differences = names
    .filter((name) => !isDeepStrictEqual(wanted[name], got[name]))
    .map((name) => `${name} in Go: ${JSON.stringify(wanted[name])}\n${name} here:  ${JSON.stringify(got[name])}`);
  return `${program.style}\n${write(program, "ts")}\n${differences.join("\n")}`;
}

describe("random programs have the outcome that is on record", () => {
  const outcomes = readFileSync(recorded, "utf8").trimEnd().split("\n");
  const batch = 25;
  for (let first = 0; first < recordedSeeds.length; first += batch) {
    const some = recordedSeeds.slice(first, first + batch);
    test(`seeds ${some[0]} to ${some.at(-1)}`, async () => {
      await compare(
        some,
        outcomes.slice(first, first + batch).map((line) => JSON.parse(line) as Outcome),
      );
    });
  }
});

describe.skipIf(missing !== undefined)(
  `random programs end as in Go${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    const programs = seeds.map(generate);
    let executable = "";
    let outcomes: Outcome[] = [];

    beforeAll(() => {
      executable = buildGo(programs);
      outcomes = runGo(executable);
    }, 600_000);

    test(`seeds from ${firstSeed} on`, { timeout: 600_000 }, async () => {
      await compare(seeds, outcomes);
    });

    test("also as processes of their own, with the same report", async () => {
      const folder = temporaryFolder();
      for (const death of ["return", "deadlock", "panic"]) {
        const some = [...seeds.keys()].filter((i) => deathOf(programs[i] as Program, outcomes[i] as Outcome) === death);
        for (const i of some.slice(0, 3)) {
          const path = join(folder, `${i}.js`);
          writeFileSync(path, write(programs[i] as Program, "ts"));
          const theirs = run(executable, [String(i)]);
          const ours = await runFile(fileURLToPath(new URL("alone.ts", import.meta.url)), [path], []);
          expect(reported(ours), `seed ${seeds[i]}`).toEqual(reported(theirs));
        }
      }
    });
  },
);

/** Returns how a program ends that runs alone, if that does not depend on the schedule. */
function deathOf({ style }: Program, outcome: Outcome): "return" | "deadlock" | "panic" | undefined {
  if (style === "conducted") return undefined;
  const panicked = Object.keys(outcome).filter((name) => outcome[name]?.at(-1)?.includes(": panic: "));
  const end = outcome["main"]?.at(-1) ?? "";
  const mainWaits = end.startsWith("[");
  if (panicked.length === 0) return mainWaits ? "deadlock" : end.endsWith(": returned") ? "return" : undefined;
  return panicked.length === 1 && (mainWaits || panicked[0] === "main") ? "panic" : undefined;
}

/** Returns the exit status, the first line of the report, and what each goroutine waits for. */
function reported({ code, stderr }: { code: number | null; stderr: string }): unknown {
  const states = [...stderr.matchAll(/^goroutine \d+ \[(.+)\]:$/gm)].map(([, state]) => state as string);
  // Go's WaitGroup.Go recovers panics and repeats them with a note in the report.
  const title = stderr.split("\n", 1).map((line) => line.replace(/ \[recovered.*\]$/, ""));
  return { code, title, states: states.sort() };
}
