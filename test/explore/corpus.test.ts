import { explore, ExploreError, replay } from "gocsp/explore";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { corpus, optionsOf } from "./corpus/corpus.ts";

expectNoGoroutinesLeft();

/** How many schedules each repaired program runs under: 10,000 in the record of bench/results/explore.md. */
const schedules = Number(process.env["EXPLORE_SCHEDULES"] ?? 500);
const seeds = [1, 2, 3];

describe("explore finds, with every seed, that", () => {
  test.each(corpus)("$name [O16]", async (bug) => {
    for (const seed of seeds) {
      const program = (): Promise<void> => bug.program(false);
      const options = { ...optionsOf(bug), runs: 5000, seed };
      const error: unknown = await explore(program, options).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(ExploreError);
      const { kind, token } = error as ExploreError;
      expect(kind).toBe(bug.kind);
      const again: unknown = await replay(token, program, optionsOf(bug)).catch((error: unknown) => error);
      expect((again as ExploreError).kind).toBe(bug.kind);
    }
  });
});

describe("explore finds nothing where it is repaired that", () => {
  test.each(corpus)("$name [O17]", async (bug) => {
    const result = await explore(() => bug.program(true), { ...optionsOf(bug), runs: schedules, seed: 7 });
    expect(result.exhausted || result.runs === schedules).toBe(true);
  });
});

test("the corpus has the bugs that were asked for, each once", () => {
  expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  expect(corpus.length).toBeGreaterThanOrEqual(46);
});
