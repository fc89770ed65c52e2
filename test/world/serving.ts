/** Servers whose clients leave: what they run, and what is expected of them. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { type Program, until } from "../guide/program.ts";

/**
 * A module to import before a program: tells of each query when it begins and ends. After so many queries as `AFTER` says,
 * the query of docs/frameworks.md becomes one that never ends by itself.
 */
export const watch = `
import { tracingChannel } from "node:diagnostics_channel";
import { writeSync } from "node:fs";
const { start, asyncEnd } = tracingChannel("gocsp:sql.query");
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
let left = Number(process.env.AFTER ?? 1);
if (left === 0) process.env.QUERY = endless;
start.subscribe(({ ctx }) => writeSync(1, ctx.deadline() === undefined ? "begins\\n" : "begins, with a deadline\\n"));
asyncEnd.subscribe(({ error }) => {
  writeSync(1, "ends: " + (error?.message ?? "done") + "\\n");
  if (--left === 0) process.env.QUERY = endless;
});
`;

/** The environment of a program that is watched by the module `watch.mjs` beside it. */
export function watched(folder: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, "watch.mjs")).href}`, ...env };
}

/** Waits until a program has told of so many queries, and returns the lines. */
export async function lines({ printed }: Pick<Program, "printed">, count: number): Promise<string[]> {
  const told = async (): Promise<string[]> =>
    printed()
      .split("\n")
      .filter((line) => /^(?:begins|ends|asked|left)/.test(line));
  return until(told, (lines) => lines.length >= count);
}

/** Asks a server for the number of albums, and leaves it at the second time, when the query does not end. */
export async function answersAndStops(program: Program, path: string): Promise<void> {
  try {
    expect(await (await fetch(program.url + path)).text()).toContain("42");
    expect(await lines(program, 2)).toEqual(["begins", "ends: done"]);
    const socket = await program.ask(path);
    expect(await lines(program, 3)).toEqual(["begins", "ends: done", "begins"]);
    socket.destroy();
    expect(await lines(program, 4)).toEqual(["begins", "ends: done", "begins", "ends: context canceled"]);
  } finally {
    await program.stop("SIGKILL");
  }
}
