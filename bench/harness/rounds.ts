// The rounds: every contestant of a workload is measured once in each, right after the others, in random order. What the
// machine does meanwhile affects all of them, and cancels out in the ratios of one round.
import { plain, type Workload } from "../workloads.ts";
import type { Contestant } from "./process.ts";
import { median, medianDeviation, shuffled } from "./stats.ts";

/** A contestant in one form of one workload. */
export interface Cell {
  readonly workload: Workload;
  readonly contestant: Contestant;
  readonly form: string;
}

/** The times of a cell: the median of each round in nanoseconds per operation, and their summary. */
export interface Row {
  readonly workload: string;
  readonly subject: string;
  readonly form: string;
  readonly rounds: readonly number[];
  readonly median: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

export interface Plan {
  readonly rounds: number;
  /** Milliseconds of warming up, and of measuring, in each process. */
  readonly budget: number;
  /** The part of a fixed number of operations that is done. */
  readonly share: number;
  readonly mixed: boolean;
}

/** Measures all cells. A failed one is reported and left out; a wrong result ends the run. */
export function measureRounds(cells: readonly Cell[], plan: Plan): Row[] {
  const times = new Map<Cell, number[]>(cells.map((cell) => [cell, []]));
  const start = performance.now();
  let done = 0;
  for (let round = 0; round < plan.rounds; round++) {
    for (const group of groups(cells)) {
      progress(done, cells.length * plan.rounds, start, `round ${round + 1}, ${group[0]?.workload.name ?? ""}`);
      for (const cell of shuffled(group)) {
        done++;
        if (!times.has(cell)) continue;
        try {
          times.get(cell)?.push(measureCell(cell, plan));
        } catch (error) {
          if (error instanceof WrongResult) throw error;
          times.delete(cell);
          console.error(`\n${error instanceof Error ? error.message : String(error)}`);
        }
      }
    }
  }
  progress(done, done, start, "done\n");
  return [...times].map(([cell, rounds]) => row(cell, rounds));
}

class WrongResult extends Error {}

function measureCell({ workload, contestant, form }: Cell, { budget, share, mixed }: Plan): number {
  const fixed = workload.fixed === undefined ? 0 : workload.fixed * share;
  const { n, check, samples } = contestant.measure(workload.name, form, { budget, fixed, mixed });
  if (check !== workload.check(n)) {
    throw new WrongResult(`${contestant.name}, ${workload.name}: got ${check}, want ${workload.check(n)} for n = ${n}`);
  }
  return median(samples);
}

function row({ workload, contestant, form }: Cell, rounds: readonly number[]): Row {
  return {
    workload: workload.name,
    subject: contestant.name,
    form,
    rounds: rounds.map((value) => Number(value.toPrecision(5))),
    median: Number(median(rounds).toPrecision(5)),
    deviation: Number(medianDeviation(rounds).toPrecision(3)),
    min: Number(Math.min(...rounds).toPrecision(5)),
    max: Number(Math.max(...rounds).toPrecision(5)),
  };
}

function groups(cells: readonly Cell[]): readonly Cell[][] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const group = groups.get(cell.workload.name);
    if (group === undefined) groups.set(cell.workload.name, [cell]);
    else group.push(cell);
  }
  return [...groups.values()];
}

/** Shows the progress: in place on a terminal, a line for each workload elsewhere. */
function progress(done: number, all: number, start: number, what: string): void {
  const seconds = (performance.now() - start) / 1000;
  const left = done === 0 ? "" : `, ${Math.round((seconds / done) * (all - done))} s left`;
  const line = `${String(Math.floor((100 * done) / Math.max(1, all))).padStart(3)} %${left}  ${what}`;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
  else process.stderr.write(`${line.trimEnd()}\n`);
}

/** The name of a cell in a table. */
export function label(subject: string, form: string): string {
  return form === plain ? subject : `${subject} (${form})`;
}
