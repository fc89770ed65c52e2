// Starts measuring processes, each on one core where the system lets us choose it.
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { availableParallelism } from "node:os";
import { plain } from "../workloads.ts";
import type { Measured } from "./measure.ts";

/** The last core: systems tend to handle interrupts on the first. */
const core = availableParallelism() - 1;

export const canPin: boolean = spawnSync("taskset", ["-c", String(core), "true"]).status === 0;

/** Puts a command on one core. */
export function pinned(command: readonly string[]): readonly string[] {
  return canPin ? ["taskset", "-c", String(core), ...command] : command;
}

/** How long and how much to measure. */
export interface Effort {
  /** Milliseconds of warming up, and of measuring. */
  readonly budget: number;
  /** The number of operations of workloads that have a fixed one; 0 for the others. */
  readonly fixed: number;
  /** Runs all other workloads of the subject first. */
  readonly mixed: boolean;
}

/** A subject whose times are measured. */
export interface Contestant {
  readonly name: string;
  measure(workload: string, form: string, effort: Effort): Measured;
}

/** A library in a stage. */
export function nodeContestant(name: string, subject: string, stage: string, node: string): Contestant {
  return {
    name,
    measure(workload, form, { budget, fixed, mixed }) {
      const key = form === plain ? workload : `${workload}/${form}`;
      const args = [`${stage}/harness/measure.js`, "--subject", subject, "--workload", key];
      args.push("--budget", String(budget), "--fixed", String(fixed));
      if (mixed) args.push("--mixed");
      return output(name, workload, pinned([node, "--no-warnings", ...args]), process.env);
    },
  };
}

/** The Go program, on one core or on all. */
export function goContestant(name: string, program: string, onOneCore: boolean): Contestant {
  const { GOMAXPROCS: _, ...env } = process.env;
  return {
    name,
    measure(workload, _form, { budget, fixed }) {
      const command = [program, "-workload", workload, "-budget", `${budget}ms`, "-fixed", String(fixed)];
      if (!onOneCore) return output(name, workload, command, env);
      return output(name, workload, pinned(command), { ...env, GOMAXPROCS: "1" });
    },
  };
}

const timeout = 120_000;

function output(name: string, workload: string, command: readonly string[], env: NodeJS.ProcessEnv): Measured {
  const child = runCommand(command, env);
  if (child.status !== 0) {
    const why = child.signal === "SIGTERM" ? "took more than two minutes" : child.stderr.slice(0, 2000);
    throw new Error(`${name}, ${workload}: ${why}`);
  }
  return JSON.parse(child.stdout) as Measured;
}

/** Runs a command that prints JSON, and returns that. */
export function runProbe<T>(command: readonly string[], env: NodeJS.ProcessEnv = process.env): T {
  const child = runCommand(command, env);
  if (child.status !== 0) throw new Error(`${command.slice(-2).join(" ")}: ${child.stderr}`);
  return JSON.parse(child.stdout) as T;
}

/** Runs a command to its end. */
export function runCommand(command: readonly string[], env: NodeJS.ProcessEnv): SpawnSyncReturns<string> {
  const [program = "", ...args] = command;
  const child = spawnSync(program, args, { env, encoding: "utf8", timeout, maxBuffer: 1 << 26 });
  if (child.error !== undefined && child.signal === null) throw child.error;
  return child;
}
