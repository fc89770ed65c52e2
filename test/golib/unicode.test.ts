import * as unicode from "gocsp/golib/unicode";
import { describe, expect, test } from "vitest";
import { recorded } from "./replay.ts";

const calls = new Map(recorded("unicode.jsonl").map(({ name, results }) => [name, results[0]]));

/** Expands the ends of runs to the code points in them. */
function members(ends: readonly number[]): Set<number> {
  const set = new Set<number>();
  for (let i = 0; i < ends.length; i += 2) for (let c = ends[i] as number; c < (ends[i + 1] as number); c++) set.add(c);
  return set;
}

/** Characters that are newer than Go's Unicode may be of any class here, and Unicode 16 changed the case of one. */
const assigned = members(calls.get("assigned") as number[]);
assigned.delete(0x295);

describe("unicode", () => {
  const classes = unicode as unknown as Record<string, (rune: number) => boolean>;
  test.each([...calls.keys()].filter((name) => name.startsWith("is")))(
    "%s says the same of all characters [B4]",
    (name) => {
      const wanted = members(calls.get(name) as number[]);
      const wrong: string[] = [];
      for (const c of assigned)
        if ((classes[name] as (rune: number) => boolean)(c) !== wanted.has(c)) wrong.push(c.toString(16));
      expect(wrong).toEqual([]);
    },
  );

  const cases = unicode as unknown as Record<string, (rune: number) => number>;
  test.each(["toUpper", "toLower", "toTitle"])("%s converts all characters alike [B4]", (name) => {
    const wanted = new Map(calls.get(name) as [number, number][]);
    const wrong: string[] = [];
    for (const c of assigned) {
      const to = (cases[name] as (rune: number) => number)(c);
      // A newer Unicode may have added an upper case for a letter.
      if (to !== (wanted.get(c) ?? c) && assigned.has(to)) wrong.push(`${c.toString(16)} to ${to.toString(16)}`);
    }
    expect(wrong).toEqual([]);
  });
});
