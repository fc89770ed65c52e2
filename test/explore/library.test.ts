import { readdirSync } from "node:fs";
import { explore } from "gocsp/explore";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { library } from "./library/library.ts";

expectNoGoroutinesLeft();

/** Over all programs. `EXPLORE_LIBRARY=1000000` looks longer. */
const schedules = Number(process.env["EXPLORE_LIBRARY"] ?? 20_000);
const seed = Number(process.env["EXPLORE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const runs = Math.ceil(schedules / library.length);

describe("under every schedule", () => {
  test.each(library)(
    "$name [O19]",
    async ({ run, slow }) => {
      const result = await explore(run, { runs, seed, ...(slow === undefined ? {} : { slow }) });
      expect(result.exhausted || result.runs === runs).toBe(true);
    },
    schedules > 20_000 ? 3_600_000 : undefined,
  );
});

/** The folders of `src` without a program here, and why. */
const exempt: Record<string, string> = {
  conductor: "runs the programs",
  diagnostics: "publishes, and keeps nothing",
  errors: "keeps nothing",
  explore: "runs the programs",
  golib: "its types are used by one goroutine at a time, as Go's are, or stand on sync",
  lint: "does not run with a program",
  port: "does not run with a program",
  pprof: "reads what the runtime keeps",
  runtime: "every program is one of it: those named go, chan, select, sync",
  synctest: "its bubbles take turns; test/synctest",
  trace: "watches, and decides nothing",
};

test("every package with shared state is explored [O19]", () => {
  const explored = new Set(library.map(({ name }) => name.slice(0, name.indexOf(":"))));
  const folders = readdirSync(new URL("../../src", import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  for (const folder of folders) expect([folder, explored.has(folder) !== folder in exempt]).toEqual([folder, true]);
});
