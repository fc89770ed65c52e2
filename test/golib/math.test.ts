import * as golib from "gocsp/golib";
import * as bits from "gocsp/golib/bits";
import * as math from "gocsp/golib/math";
import { PCG, Rand } from "gocsp/golib/rand";
import { describe, expect, test } from "vitest";
import { recorded, replay } from "./replay.ts";

/** The functions whose results are exact; others may differ in the last digits. */
const exact = [
  "abs",
  "ceil",
  "floor",
  "trunc",
  "round",
  "roundToEven",
  "sqrt",
  "max",
  "min",
  "dim",
  "mod",
  "remainder",
  "copysign",
  "modf",
  "frexp",
  "ldexp",
  "signbit",
  "isInf",
  "float32bits",
] as const;
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
const library: Functions = { ...math, ...bits, ...golib } as unknown as Functions;
const calls = Map.groupBy(recorded("math.jsonl"), ({ name }) => name);
const inexact: ReadonlySet<string> = new Set(rounded);

describe("math", () => {
  replay(
    "math.jsonl",
    "[B8]",
    Object.fromEntries(
      [...calls.keys()].map((name) => [
        name,
        (...args: never[]) => {
          const found = library[name]?.(...args);
          return inexact.has(name) ? nearTo(found as number, name, args) : found;
        },
      ]),
    ),
    ["modf", "frexp"],
  );

  /** Returns Go's result if ours differs from it only in the last digits. */
  function nearTo(found: number, name: string, args: readonly unknown[]): number {
    const same = calls.get(name)?.find((call) => call.args.every((arg, i) => Object.is(arg, args[i])));
    const wanted = same?.results[0] as number;
    return Math.abs(found - wanted) <= Math.abs(wanted) * 2 ** -44 ? wanted : found;
  }

  test("all functions of the two lists were recorded [B8]", () => {
    expect([...exact, ...rounded].filter((name) => !calls.has(name))).toEqual([]);
  });
});

describe("rand", () => {
  test("a PCG gives the numbers that Go's gives [B8]", () => {
    for (const { args, results } of recorded("rand.jsonl")) {
      const [seed1, seed2] = args as [number, number];
      const rand = new Rand(new PCG(seed1, seed2)) as unknown as Record<string, (n: number) => unknown>;
      for (const [name, operand, wanted] of results[0] as [string, number, unknown][]) {
        const found = rand[name]?.(operand);
        expect(found, `${name}(${operand})`).toEqual(typeof wanted === "bigint" ? Number(wanted) : wanted);
      }
    }
  });
});
