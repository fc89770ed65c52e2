import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

/** How a program ended, and what it printed. */
export interface Ended {
  code: number | null;
  /** The signal that killed it. */
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs a scenario of programs/signals.ts, which imports the built package; sends it a signal once it prints `ready`. */
export function run(scenario: string, whenReady?: NodeJS.Signals): Promise<Ended> {
  const program = fileURLToPath(new URL("programs/signals.ts", import.meta.url));
  const child = spawn(process.execPath, [program, scenario], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  const ended: Ended = { code: null, signal: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (whenReady !== undefined && ended.stdout === "" && text.startsWith("ready\n")) child.kill(whenReady);
    ended.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(Object.assign(ended, { code, signal })));
  });
}
