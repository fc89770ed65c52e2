// Shared by the test programs: the repository's path, running programs, and the package as a user installs it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("..", import.meta.url));

export interface Result {
  /** The exit code; null when a signal ended the program, as the time limit does. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs a program to its end, at most for a minute unless told otherwise. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string = root,
  timeout: number = 60_000,
  env: NodeJS.ProcessEnv = process.env,
): Result {
  const start = performance.now();
  const child = spawnSync(program, args, { cwd, timeout, env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (child.error !== undefined && child.signal === null) throw child.error;
  const { status: code, stdout, stderr } = child;
  return { code, stdout, stderr, milliseconds: performance.now() - start };
}

/** Runs a program that has to succeed, and returns what it printed. */
export function mustRun(
  program: string,
  args: readonly string[],
  cwd: string = root,
  timeout: number = 300_000,
): string {
  const result = run(program, args, cwd, timeout);
  if (result.code !== 0) {
    throw new Error(`${program} ${args.join(" ")}: exit ${result.code}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}

/** Runs npm itself. Inside an npm script that is the very npm that started it, on every platform. */
export function npm(args: readonly string[], cwd: string = root): string {
  const cli = process.env["npm_execpath"];
  return cli === undefined ? mustRun("npm", args, cwd) : mustRun(process.execPath, [cli, ...args], cwd);
}

/**
 * Installs a folder's own locked dependencies, unless exactly these are there already. Several programs may ask at the same
 * time: one installs, and the others wait.
 */
export function installOnce(folder: string): void {
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  const marker = join(folder, "node_modules", ".installed-lock.json");
  const isInstalled = (): boolean => existsSync(marker) && readFileSync(marker, "utf8") === lock;
  if (isInstalled()) return;
  alone(join(folder, ".installing"), () => {
    if (isInstalled()) return;
    npm(["ci", "--prefer-offline", "--no-fund", "--no-audit"], folder);
    writeFileSync(marker, lock);
  });
}

/** Calls `f` while no other process does with the same file, which has the number of the process while it lasts. */
function alone(file: string, f: () => void): void {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isOver(file)) rmSync(file, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  try {
    f();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Tells whether the process that has made this file has ended without removing it. */
function isOver(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    // Written a moment after the file was made.
    return pid !== 0 && !process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** The folders to remove when the program ends. */
const temporary: string[] = [];

/** A new empty folder outside the repository, removed again when the program ends. */
export function temporaryFolder(): string {
  if (temporary.length === 0) {
    process.on("exit", () => temporary.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  }
  const folder = mkdtempSync(join(tmpdir(), "gocsp-"));
  temporary.push(folder);
  return folder;
}

export interface Consumer {
  readonly folder: string;
  readonly tarball: string;
}

/**
 * Packs the package as npm would publish it, and installs that tarball into a new project, with its dependencies from
 * this installation: no registry is asked, and npm's cache does not matter.
 */
export function packAndInstall(): Consumer {
  const folder = temporaryFolder();
  npm(["pack", "--pack-destination", folder]);
  const [tarball] = readdirSync(folder).map((name) => join(folder, name));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  npm(["pack", "--pack-destination", folder, ...dependencies()]);
  const tarballs = readdirSync(folder).map((name) => join(folder, name));
  const project = join(folder, "consumer");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  npm(["install", "--offline", "--no-fund", "--no-audit", ...tarballs], project);
  return { folder: project, tarball };
}

/** Returns the folders of all that the published package depends on. */
function dependencies(): string[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const kept = Object.entries(lock.packages).filter(([path, of]) => path !== "" && !(of.dev ?? of.optional ?? of.peer));
  return kept.map(([path]) => join(root, path));
}

/** The entry of a package in the lockfile: its platforms. */
interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
}
