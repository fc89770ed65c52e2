import * as sql from "gocsp/sql";
import { describe } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { Fake, type Features } from "./fake/fake.ts";
import { type LateEngine, lateDeadlineTests } from "./late.ts";

expectNothingLeft();

/** An engine on the fake driver. */
function fakeEngine(features: Partial<Features>, latency: number): LateEngine {
  let fake = new Fake(features);
  fake.data.set("late", new Map());
  return {
    db: () => {
      const { data } = fake;
      fake = new Fake(features);
      fake.latency = latency;
      fake.data = data;
      return sql.open(fake);
    },
    rows: "SERIES 7",
    insert: "INSERT INTO late (id, value) VALUES (?, 0)",
    stored: async () => [...(fake.data.get("late") ?? new Map<number, unknown>()).keys()],
  };
}

describe.each([
  ["all features", {}, 0],
  ["latency", {}, 2],
  ["prepared statements only", { query: false, exec: false, ping: false }, 0],
  ["a driver that cannot tell its state", { resetSession: false, isValid: false }, 0],
] as const)("the fake driver with %s [Q26]", (_, features, latency) => {
  const engine = fakeEngine(features, latency);
  lateDeadlineTests(() => engine);
});
