import { conformance, type Check, type Options } from "gocsp/sql/drivertest";
import { describe, expect, test } from "vitest";
import { flaws } from "./fake/flaws/flaws.ts";
import { fakeAway, seed, words } from "./fake/words.ts";

console.log(`drivertest: seed ${seed}`);

const { named: _, ...nameless } = words;

/** Returns the checks, those for drivers that know no names included. */
function checksWith(connector: Options["connector"], patience: number): Check[] {
  const checks = conformance({ ...words, connector, patience });
  const names = new Set(checks.map(({ name }) => name));
  return [...checks, ...conformance({ ...nameless, connector, patience }).filter(({ name }) => !names.has(name))];
}

// These drivers hang, and leave goroutines behind.
describe("a driver is found to be wrong:", () => {
  test.each(flaws)("$flaw", async ({ spoil, check, message }) => {
    const connector = (): ReturnType<typeof fakeAway> => {
      const fake = fakeAway(1);
      spoil(fake);
      return fake;
    };
    // A hang is told from slowness by patience alone: only where one is expected may it be short.
    const patience = message.source.includes("hangs") ? 500 : 20_000;
    const found = checksWith(connector, patience).filter(({ name }) => name === check);
    expect(found.length, `the check "${check}"`).toBe(1);
    await expect(found[0]?.run()).rejects.toThrow(message);
  });

  test("every check can fail", () => {
    const names = checksWith(() => fakeAway(0), 500).map(({ name }) => name);
    const covered = new Set(flaws.map(({ check }) => check));
    expect(names.filter((name) => !covered.has(name))).toEqual([]);
    console.log(`drivertest: ${names.length} checks, ${flaws.length} flaws`);
  });
});
