import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

// For the tests that import this file: their processes wait for each other, and each is slow on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

/** How a program ended, and what it printed. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const timeLimit = 60_000;
/** Each worker of vitest runs this many processes at once. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs a program of the folder `programs`, which imports the built package, in a process of its own. */
export function run(program: string, args: string[] = [], flags: string[] = []): Promise<Ended> {
  return runFile(pathOf(program), args, flags);
}

export async function runFile(path: string, args: string[], flags: string[] = []): Promise<Ended> {
  if (running === atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await runNow(path, args, flags);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

function runNow(path: string, args: string[], flags: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [...flags, path, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
    timeout: timeLimit,
    killSignal: "SIGKILL",
  });
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      ended.code = code;
      resolve(ended);
    });
  });
}

function pathOf(program: string): string {
  return fileURLToPath(new URL(`programs/${program}`, import.meta.url));
}

/**
 * Returns the place of a line of a program, as the reports print it: the line that ends in the comment `// @marker`, and
 * in it the column of `text`.
 */
export function place(program: string, marker: string, text: string = "await "): string {
  const lines = readFileSync(pathOf(program), "utf8").split("\n");
  const line = lines.findIndex((line) => line.endsWith(`// @${marker}`));
  const column = lines[line]?.indexOf(text) ?? -1;
  if (column < 0) throw new Error(`${program} has no line with ${text} and the marker @${marker}`);
  return `${pathOf(program)}:${line + 1}:${column + 1}`;
}
