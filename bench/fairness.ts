// The event loop under an endless ping-pong, and what the guard costs: npm run bench:fairness [-- --quick]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { root, temporaryFolder } from "../scripts/project.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { nodeContestant, pinned, runCommand } from "./harness/process.ts";
import { measureRounds, type Plan } from "./harness/rounds.ts";
import { stage } from "./harness/stage.ts";
import { pairedRatio, quantile } from "./harness/stats.ts";
import { findWorkload } from "./workloads.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const duration = values.quick ? 1000 : 5000;
/** After this time without an answer it counts as never. */
const patience = duration + 2000;

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const subjects = [
  "idle",
  "gocsp/await",
  "gocsp/try",
  "gocsp/select",
  "ts-chan",
  "thi.ng-csp",
  "easyts",
  "effect",
  "effection",
];
const staged = stage(join(root, "dist"), true);
const lines: { subject: string; timer: Latency | "never"; http: Latency | "never" }[] = [];
for (const subject of subjects) {
  const [timer, http] = [timerLateness(subject), await httpLatency(subject)];
  lines.push({ subject, timer, http });
  console.error(`${subject}: timer ${shownLatency(timer)}, HTTP ${shownLatency(http)}`);
}
const guard = guardCost();

const folder = join(root, "bench", "results");
mkdirSync(folder, { recursive: true });
const versions = { node: nodeVersion(process.execPath) };
const result = {
  date: new Date().toISOString().slice(0, 10),
  commit: commit(),
  machine: machine(),
  versions,
  lines,
  guard,
};
writeFileSync(join(folder, "fairness.json"), `${JSON.stringify(result, undefined, 2)}\n`);
const markdown = table();
writeFileSync(join(folder, "fairness.md"), markdown);
console.log(`\n${markdown}`);

function timerLateness(subject: string): Latency | "never" {
  const probe = join(staged, "probes", "fairness.js");
  const command = pinned([process.execPath, "--no-warnings", probe, "timer", subject, String(duration)]);
  const child = runCommand(["timeout", String(patience / 1000), ...command], process.env);
  return child.status === 0 ? latency(JSON.parse(child.stdout) as number[]) : "never";
}

async function httpLatency(subject: string): Promise<Latency | "never"> {
  const probe = join(staged, "probes", "fairness.js");
  const [program = "", ...args] = pinned([process.execPath, "--no-warnings", probe, "http", subject]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    await get(agent, port);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const times: number[] = [];
    for (const end = performance.now() + duration; performance.now() < end;) {
      const start = performance.now();
      await get(agent, port);
      times.push(performance.now() - start);
    }
    return latency(times);
  } catch {
    return "never";
  } finally {
    agent.destroy();
    child.kill("SIGKILL");
  }
}

function get(agent: Agent, port: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, agent, host: "127.0.0.1", timeout: patience }, (response) => {
      response.resume();
      response.on("end", resolve);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject);
    sent.end();
  });
}

function latency(times: readonly number[]): Latency {
  // Node rounds the remaining time of a timer to whole milliseconds, so some fire slightly early.
  return { p50: Math.max(0, quantile(times, 0.5)), p99: Math.max(0, quantile(times, 0.99)) };
}

interface Cost {
  readonly workload: string;
  readonly form: string;
  readonly turns: number;
  readonly all: number;
}

/** Measures the library beside copies of it: one that never takes a turn, and one that does not even count. */
function guardCost(): readonly Cost[] {
  const variants = {
    guarded: staged,
    "without turns": patched(/const quantum = 1;/, "const quantum = Infinity;"),
    unguarded: patched(/return --credit < 0 && look\(\);/, "return false;"),
  };
  const forms = [
    ["pingpong", "await"],
    ["stream0", "await"],
    ["stream128", "await"],
    ["stream128", "try"],
    ["select-blocked", "object"],
    ["select-ready", "try"],
  ] as const;
  const cells = forms.flatMap(([workload, form]) =>
    Object.entries(variants).map(([name, folder]) => ({
      workload: findWorkload(workload),
      form,
      contestant: nodeContestant(name, "gocsp", folder, process.execPath),
    })),
  );
  const plan: Plan = { rounds: values.quick ? 3 : 15, budget: values.quick ? 60 : 200, share: 1, mixed: false };
  const rows = measureRounds(cells, plan);
  return forms.map(([workload, form]) => {
    const rounds = (name: string): readonly number[] =>
      rows.find((row) => row.workload === workload && row.form === form && row.subject === name)?.rounds ?? [];
    const guarded = rounds("guarded");
    const turns = pairedRatio(guarded, rounds("without turns"));
    return { workload, form, turns, all: pairedRatio(guarded, rounds("unguarded")) };
  });
}

function patched(pattern: RegExp, replacement: string): string {
  const folder = join(temporaryFolder(), "dist");
  cpSync(join(root, "dist"), folder, { recursive: true });
  const file = join(folder, "runtime", "turn.js");
  const code = readFileSync(file, "utf8");
  if (!pattern.test(code)) throw new Error(`runtime/turn.js no longer contains ${String(pattern)}`);
  writeFileSync(file, code.replace(pattern, replacement));
  return stage(folder, false);
}

function table(): string {
  const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`;
  return `${[
    "| endless ping-pong | 50 ms timer late by: p50, p99 | HTTP request: p50, p99 |",
    "|---|---|---|",
    ...lines.map(({ subject, timer, http }) => `| ${subject} | ${shownLatency(timer)} | ${shownLatency(http)} |`),
    "",
    "| cost of the guard | of its turns | of all of it |",
    "|---|--:|--:|",
    ...guard.map(({ workload, form, turns, all }) => `| ${workload} (${form}) | ${percent(turns)} | ${percent(all)} |`),
  ].join("\n")}\n`;
}

function shownLatency(latency: Latency | "never"): string {
  return latency === "never" ? "never" : `${latency.p50.toFixed(2)} ms, ${latency.p99.toFixed(2)} ms`;
}
