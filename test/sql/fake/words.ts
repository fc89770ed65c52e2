import type { Options } from "gocsp/sql/drivertest";
import { Fake } from "./fake.ts";

export const seed: number = Math.floor(Math.random() * 2 ** 32);

/** What the suite for drivers has to know of the fake one. */
export const words: Omit<Options, "connector"> = {
  types: {
    integer: "integer",
    text: "text",
    bigint: "bigint",
    float: "float",
    bool: "bool",
    bytes: "bytes",
    time: "time",
  },
  named: (name) => `:${name}`,
  slowQuery: "SLOW",
  slowStatement: "SLOW",
  series: (n) => `SERIES ${n}`,
  seed,
};

/** Returns a fake driver that is so many turns of the event loop away from its server. */
export function fakeAway(latency: number): Fake {
  const fake = new Fake();
  fake.latency = latency;
  fake.batch = 64;
  return fake;
}
