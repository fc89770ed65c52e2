/** Runs programs with Go. */

import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun, temporaryFolder } from "../../scripts/project.ts";
import { type Program, write } from "./program.ts";

/** The record of each goroutine, and how it ended. */
export type Outcome = Record<string, string[]>;

/** The programs with recorded outcomes, one per line, written by `record.ts`. */
export const recordedSeeds: readonly number[] = Array.from({ length: 200 }, (_, i) => i + 1);
export const recorded: URL = new URL("testdata/recorded.txt", import.meta.url);

/** Builds all programs into one executable, and returns its path. */
export function buildGo(programs: readonly Program[]): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "go.mod"), "module oracle\n\ngo 1.26\n");
  copyFileSync(new URL("testdata/harness.go", import.meta.url), join(folder, "harness.go"));
  writeFileSync(join(folder, "programs.go"), emitGo(programs));
  // Optimizing takes longer than all the programs.
  mustRun("go", ["build", "-buildvcs=false", "-gcflags=-N -l", "-o", "oracle", "."], folder);
  return join(folder, "oracle");
}

export function runGo(executable: string): Outcome[] {
  const lines = mustRun(executable, []).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Outcome);
}

function emitGo(programs: readonly Program[]): string {
  // One function per program, which the compiler compiles in parallel.
  const functions = programs.map((program, i) => write(program, "go").replace("func", `func program${i}`));
  return `package main

import (
  "context"
  "errors"
  "runtime"
  "time"
)

var _, _, _, _ = context.Canceled, errors.New, runtime.Gosched, time.Hour

var programs = []func(*program, *goroutine){${programs.map((_, i) => `program${i}`).join(", ")}}

${functions.join("\n\n")}
`;
}
