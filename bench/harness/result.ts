// The result of a run of run.ts: what is written as JSON, and the ratios that table and plot are made of.
import type { Machine } from "./machine.ts";
import type { Plan, Row } from "./rounds.ts";
import { pairedRatio } from "./stats.ts";
import { ours } from "./subjects.ts";

export interface Result {
  readonly name: string;
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly pinned: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly plan: Plan;
  readonly rows: readonly Row[];
}

export const goOne = "Go, 1 core";
export const goAll = "Go, all cores";

/** One line of the table: a form of ours beside Go and the best rival. */
export interface Comparison {
  readonly row: Row;
  readonly go: Row | undefined;
  readonly goAll: Row | undefined;
  /** Ours over Go's on one core. */
  readonly ratio: number;
  readonly rival: Row | undefined;
  /** The best rival's over ours: how many times faster we are. */
  readonly lead: number;
}

export function compare(result: Result): readonly Comparison[] {
  return result.rows.filter((row) => row.subject === ours).map((row) => compareRow(row, result));
}

function compareRow(row: Row, { rows }: Result): Comparison {
  const others = rows.filter((other) => other.workload === row.workload && other.subject !== ours);
  const go = others.find((other) => other.subject === goOne);
  const rivals = others.filter((other) => other.subject !== goOne && other.subject !== goAll);
  const rival = rivals.sort((a, b) => a.median - b.median)[0];
  return {
    row,
    go,
    goAll: others.find((other) => other.subject === goAll),
    ratio: go === undefined ? NaN : pairedRatio(row.rounds, go.rounds),
    rival,
    lead: rival === undefined ? NaN : pairedRatio(rival.rounds, row.rounds),
  };
}
