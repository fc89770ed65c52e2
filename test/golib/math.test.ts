import * as golib from "gocsp/golib";
import * as bits from "gocsp/golib/bits";
import * as math from "gocsp/golib/math";
import { PCG, Rand } from "gocsp/golib/rand";
import { describe } from "vitest";
import { recorded, replay } from "./replay.ts";

/** The functions whose results may differ in the last digits. */
const rounded = [
  "cbrt",
  "exp",
  "expm1",
  "exp2",
  "log",
  "log2",
  "log10",
  "log1p",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "acosh",
  "atanh",
  "pow",
  "pow10",
  "hypot",
  "atan2",
] as const;

type Functions = Record<string, (...args: never[]) => unknown>;
const library: Functions = { ...golib, ...math, ...bits } as unknown as Functions;
const names = [...new Set(recorded("math.jsonl").map(({ name }) => name))];

describe("math", () => {
  replay(
    "math.jsonl",
    "[B8]",
    Object.fromEntries(names.map((name) => [name, (...args: never[]) => library[name]?.(...args)])),
    { several: ["modf", "frexp"], inexact: rounded },
  );
});

describe("rand", () => {
  replay("rand.jsonl", "[B8]", {
    PCG: (seed1: number, seed2: number, steps: [name: string, operand: number][]) => {
      const rand = new Rand(new PCG(seed1, seed2)) as unknown as Record<string, (n: number) => unknown>;
      return steps.map(([name, operand]) => rand[name]?.(operand));
    },
  });
});
