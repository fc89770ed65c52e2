import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a process has said and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when the output has this in it. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Starts one of the programs of this folder. */
export function start(program: string, ...args: string[]): Running {
  const path = fileURLToPath(new URL(`programs/${program}.ts`, import.meta.url));
  return watch(spawn(process.execPath, [path, ...args]));
}

/** Runs a script in a process of its own, in which `DatabaseSync` is Node's SQLite and `path` is given. */
export async function native(path: string, script: string): Promise<string> {
  const source = `const { DatabaseSync } = require("node:sqlite"); const path = ${JSON.stringify(path)};
    const say = (value) => console.log(JSON.stringify(value));
    try { const db = new DatabaseSync(path); ${script}; db.close(); } catch (error) { console.log(error.message); }`;
  const { output } = await watch(spawn(process.execPath, ["--no-warnings", "-e", source])).ended;
  return output.trim();
}

function watch(child: ChildProcess): Running {
  let output = "";
  let errors = "";
  const waiting = new Set<() => void>();
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    for (const look of waiting) look();
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
    output,
    errors,
  }));
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (output.includes(text) && resolve());
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`it never said ${text}: ${output} ${errors}`)));
    });
  return { child, says, ended };
}

/** Runs one of the programs to its end. */
export function run(program: string, ...args: string[]): Promise<Ended> {
  return start(program, ...args).ended;
}
