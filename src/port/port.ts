#!/usr/bin/env node
/**
 * The command `gocsp`: `gocsp port ./pkg…` translates Go packages to TypeScript.
 *
 * The translator is a Go program, because only Go's type checker can tell which functions wait. The package contains
 * its sources; they are built with the user's `go` command, once per version, into Go's build cache.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { report, type Summary, verify } from "./verify.ts";

/** The package's own folder. This file is dist/port/port.js in it. */
const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const sources = join(home, "port");

const usage = `usage: gocsp port [flags] packages

Translates Go packages to TypeScript. gocsp port --help tells the flags.
`;

/** Ends the command with one sentence that describes the problem. */
class CommandError extends Error {}

/** Returns the folder for translators in Go's build cache; throws if there is no Go, or one that is too old. */
function goCache(): string {
  const wanted = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(sources, "go.mod"), "utf8"));
  const needs = `gocsp port needs Go ${wanted?.[1]}.${wanted?.[2]} or newer`;
  const asked = spawnSync("go", ["env", "GOVERSION", "GOCACHE"], { encoding: "utf8", cwd: sources });
  if (asked.error !== undefined) throw new CommandError(`${needs}: there is no go command (see https://go.dev/dl/)`);
  const [version = "", cache = ""] = asked.stdout.trim().split("\n");
  if (asked.status !== 0) throw new CommandError(`${needs}: ${asked.stderr.trim().split("\n").at(-1)}`);
  const have = /^go(\d+)\.(\d+)/.exec(version);
  if (have !== null && wanted !== null) {
    const [major, minor] = [Number(have[1]), Number(have[2])];
    if (major < Number(wanted[1]) || (major === Number(wanted[1]) && minor < Number(wanted[2]))) {
      throw new CommandError(`${needs}: this is ${version}`);
    }
  }
  return join(cache, "gocsp-port");
}

/** Returns the path of the translator, and builds it first if there is none for these sources. */
function translator(): string {
  const folder = goCache();
  const hash = createHash("sha256");
  for (const name of readdirSync(sources).sort()) {
    if (/\.go$|^go\.|\.json$/.test(name)) hash.update(name).update(readFileSync(join(sources, name)));
  }
  const program = join(folder, `port-${hash.digest("hex").slice(0, 16)}${process.platform === "win32" ? ".exe" : ""}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const fresh = `${program}.${process.pid}`;
  if (!process.argv.includes("--quiet")) {
    process.stderr.write("gocsp port: building the translator, once for this version\n");
  }
  // Without optimizations it is built in half the time, and most of its own time is spent in Go's library.
  const flags = ["-ldflags=-s -w", "-gcflags=-N -l"];
  const built = spawnSync("go", ["build", ...flags, "-o", fresh, "."], {
    encoding: "utf8",
    cwd: sources,
    env: { ...process.env, GOFLAGS: "", GOWORK: "off" },
  });
  if (built.status !== 0) throw new CommandError(`gocsp port: the translator does not build:\n${built.stderr.trim()}`);
  renameSync(fresh, program);
  return program;
}

/** Translates packages with their tests, and runs the tests in both languages. */
async function verifyPackages(flags: readonly string[]): Promise<number> {
  const program = translator();
  const translated = spawnSync(program, [...flags, "--tests", "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 26,
  });
  if (translated.status !== 0) return translated.status ?? 1;
  const summary = JSON.parse(translated.stdout) as Summary & Asked;
  const verdicts = await verify(summary.patterns, summary.dir, summary.out, summary);
  if (flags.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ ...summary, verdicts })}\n`);
    return 0;
  }
  return report(verdicts, (line) => process.stdout.write(`${line}\n`)) ? 0 : 1;
}

/** The arguments of the translator, with absolute paths. */
interface Asked {
  readonly patterns: readonly string[];
  readonly dir: string;
  readonly out: string;
}

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command !== "port") {
    const asksForHelp = command === undefined || command === "help" || command === "--help" || command === "-h";
    process[asksForHelp && command !== undefined ? "stdout" : "stderr"].write(
      asksForHelp ? usage : `gocsp: unknown command ${command}\n${usage}`,
    );
    return asksForHelp && command !== undefined ? 0 : 2;
  }
  try {
    if (rest.includes("--verify")) return await verifyPackages(rest.filter((flag) => flag !== "--verify"));
    const run = spawnSync(translator(), rest, { stdio: "inherit" });
    return run.status ?? 1;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
