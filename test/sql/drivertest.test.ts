import { conformance, type Options } from "gocsp/sql/drivertest";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import type { Fake } from "./fake/fake.ts";
import { fakeAway, seed, words } from "./fake/words.ts";

expectNoGoroutinesLeft();

console.log(`drivertest: seed ${seed}`);

describe.each([0, 1, 3])("a driver that is right, %i turns away from its server,", (latency) => {
  const checks = conformance({ ...words, connector: () => fakeAway(latency) });
  test.each(checks)("$name", ({ run }) => run());
});

test("a driver that is right, and knows no names, refuses names if it does not know them", async () => {
  const { named: _, ...others } = words;
  const connector = (): Fake => {
    const fake = fakeAway(0);
    fake.names = false;
    return fake;
  };
  const check = conformance({ ...others, connector }).find(({ name }) => name.startsWith("refuses names"));
  await check?.run();
  expect(check).toBeDefined();
});

test("the options that are left out are not checked", () => {
  const { named: _, slowStatement: _1, types: _2, ...others } = words;
  const few = conformance({ ...others, types: { integer: "integer", text: "text" }, connector: () => fakeAway(0) });
  const names = few.map(({ name }) => name);
  expect(names).toContain("keeps texts, and NULL, as they are");
  expect(names).not.toContain("keeps bytes, and NULL, as they are");
  expect(names).not.toContain("takes arguments by their names");
  expect(names).not.toContain("stops a statement without rows when its context is canceled");
});

describe("the options", () => {
  const connector = (): Fake => fakeAway(0);
  test.each([
    [undefined, "drivertest: the option connector must be a function, got undefined"],
    [{ ...words, connector: 5 }, "drivertest: the option connector must be a function, got 5"],
    [{ ...words, connector, types: undefined }, "drivertest: the option types must be an object, got undefined"],
    [{ ...words, connector, slowQuery: 5 }, "drivertest: the option slowQuery must be a string, got 5"],
    [{ ...words, connector, series: "x" }, 'drivertest: the option series must be a function, got "x"'],
  ])("%# are refused", (options, message) => {
    expect(() => conformance(options as unknown as Options)).toThrow(new TypeError(message));
  });
});
