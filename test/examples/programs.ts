// The example programs: where they are, what they must print, and how they are run in both languages.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/project.ts";

export const folder: string = join(root, "examples");

/** Folders that hold no program in both languages: processes which talk, and the programs of the site's lessons and levels. */
const others = new Set(["thumbnails", "lessons", "levels"]);

/** The folders below `examples`, each a program in Go and in TypeScript. */
export const names: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((name) => !others.has(name));

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status; null when the time limit ended the program. */
  readonly status: number | null;
}

/** What a program must print. One that ends with a panic or a deadlock has the beginning of its stderr on record. */
export interface Expected {
  readonly stdout: string;
  readonly stderr: RegExp;
  readonly status: 0 | 2;
}

export function expected(name: string): Expected {
  const stdout = readFileSync(join(folder, name, "output.txt"), "utf8");
  const report = join(folder, name, "stderr.txt");
  if (!existsSync(report)) return { stdout, stderr: /^$/, status: 0 };
  return { stdout, stderr: new RegExp(`^${RegExp.escape(readFileSync(report, "utf8"))}`), status: 2 };
}

/** Says why the TypeScript programs cannot run; undefined if they can. */
export function nodeProblem(): string | undefined {
  if (!process.features.typescript) return "Node cannot run TypeScript: use the npm scripts, they bring their own Node";
  if (!existsSync(join(root, "dist", "index.js"))) return "dist is missing: run `npm run build` first";
  return undefined;
}

/** Says why the Go programs cannot run; undefined if they can. */
export function goProblem(): string | undefined {
  const [, wanted] = /^go (1\.\d+)/m.exec(readFileSync(join(folder, "go.mod"), "utf8")) ?? [];
  const version = spawnSync("go", ["env", "GOVERSION"], { cwd: root, env: goEnvironment(), encoding: "utf8" });
  const [, found] = /^go1\.(\d+)/.exec(version.stdout ?? "") ?? [];
  return Number(found) >= Number(wanted?.slice(2)) ? undefined : `no Go ${wanted} on the PATH`;
}

/** Builds all Go programs of a folder at once, which is much faster than one after the other. */
export function buildGo(target: string, from: string = folder, programs: readonly string[] = names): void {
  const packages = programs.map((name) => `./${name}`);
  const build = spawnSync("go", ["build", "-buildvcs=false", "-o", `${target}/`, ...packages], {
    cwd: from,
    env: goEnvironment(),
    encoding: "utf8",
  });
  if (build.status !== 0) throw new Error(`go build: exit ${build.status}\n${build.stderr}`);
}

/** The installed Go, which must not download another version of itself. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOTOOLCHAIN: "local" };
}

/** Runs a program to its end, as soon as a processor is free for it. */
export async function run(program: string, ...args: string[]): Promise<Result> {
  await enter();
  try {
    return await start(program, args);
  } finally {
    leave();
  }
}

let free = availableParallelism();
const waiting: (() => void)[] = [];

async function enter(): Promise<void> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

function leave(): void {
  const next = waiting.shift();
  if (next === undefined) free++;
  else next();
}

function start(program: string, args: string[]): Promise<Result> {
  // The programs must not inherit the test runner's colors and options.
  const { FORCE_COLOR: _color, NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn(program, args, { env, timeout: 30_000, stdio: ["ignore", "pipe", "pipe"] });
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (printed[stream] += text));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ ...printed, status }));
  });
}
