// Shared by the tests of the translator: the paths of its programs, and how to run it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../../scripts/project.ts";
import { names } from "../examples/programs.ts";

/** Programs that show one feature of Go each, with their translations and what Go prints. */
export const testdata: string = join(root, "port", "testdata");

export const features: readonly string[] = readdirSync(testdata)
  .filter((name) => name.endsWith(".go"))
  .map((name) => name.slice(0, -3));

/** Those that are translated with `--throw`. */
export const throwing: readonly string[] = readdirSync(join(testdata, "throw"))
  .filter((name) => name.endsWith(".go"))
  .map((name) => `throw/${name.slice(0, -3)}`);

/** The example programs that need packages without a counterpart in translated code. */
const withoutCounterpart = new Set(
  names.filter((name) =>
    readdirSync(join(root, "examples", name))
      .filter((file) => file.endsWith(".go"))
      .some((file) =>
        /"(database\/sql|os\/exec|path\/filepath)"/.test(readFileSync(join(root, "examples", name, file), "utf8")),
      ),
  ),
);

// It compares deadlines in nanoseconds; deadlines of contexts have milliseconds here.
withoutCounterpart.add("deadlines");

/** The example programs that are translated, all in one run. */
export const examples: readonly string[] = names.filter((name) => !withoutCounterpart.has(name));

/** The folder for the output of tests: inside the package, so that `gocsp` resolves. */
export const outputs: string = join(root, "port", ".out");

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command `gocsp`. */
export function gocsp(args: readonly string[], cwd: string = root, env: NodeJS.ProcessEnv = process.env): Run {
  const child = spawnSync(process.execPath, [join(root, "dist", "port", "port.js"), ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

function translate(args: readonly string[], cwd: string): void {
  const result = gocsp(["port", "--quiet", ...args], cwd);
  if (result.status !== 0) throw new Error(`gocsp port ${args.join(" ")}: ${result.stderr}${result.stdout}`);
}

/** Translates all programs of the features and examples into a folder. */
export function translateAll(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of features) translate(["-o", folder, `./${name}.go`], testdata);
  for (const name of throwing) translate(["--throw", "-o", join(folder, "throw"), `./${name}.go`], testdata);
  translate(["-o", join(folder, "examples"), ...examples.map((name) => `./${name}`)], join(root, "examples"));
}

/** All TypeScript files below a folder, with their texts. */
export function textsOf(folder: string): Record<string, string> {
  const texts: Record<string, string> = {};
  if (!existsSync(folder)) return texts;
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (path.endsWith(".ts")) texts[relative(folder, join(folder, path))] = readFileSync(join(folder, path), "utf8");
  }
  return texts;
}
