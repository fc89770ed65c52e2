import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";

/** A line of a recorded file: what Go's function returned for these arguments. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly results: readonly unknown[];
}

/** A recorded panic. */
class Panicked {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Reads a file that the program in testdata/record has written. */
export function recorded(file: string): Call[] {
  const text = readFileSync(new URL(`testdata/${file}`, import.meta.url), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [name, args, results] = JSON.parse(line) as [string, unknown[], unknown[]];
      return { name, args: args.map(unwrap), results: results.map(unwrap) };
    });
}

/** Unwraps values that JSON cannot hold. An error is represented by its text. */
export function unwrap(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object") return value;
  const [[kind, content] = []] = Object.entries(value as Record<string, unknown>);
  const text = String(content);
  switch (kind) {
    case "f":
      return Number(text.replace("Inf", "Infinity"));
    case "i":
      return BigInt(text);
    case "b":
      return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    case "e":
      return new Error(text);
    case "p":
      return new Panicked(text);
    default:
      return value;
  }
}

/** Returns the form to compare: errors as their texts, bigints as the numbers that they round to. */
function comparable(value: unknown): unknown {
  if (value instanceof Error) return `error: ${value.message}`;
  if (value instanceof Panicked) return `panic: ${value.text}`;
  if (typeof value === "bigint") return Number(value);
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(comparable);
  return value;
}

type Implementation = (...args: never[]) => unknown;

/**
 * Makes a test for each function of a recorded file, which calls ours with the same arguments. A function that returns
 * several results returns an array.
 */
export function replay(
  file: string,
  id: string,
  implementations: Record<string, Implementation>,
  several: readonly string[] = [],
): void {
  const calls = Map.groupBy(recorded(file), ({ name }) => name);
  test(`${file} has calls of every function, and there is one here for each`, () => {
    expect([...calls.keys()].filter((name) => !(name in implementations))).toEqual([]);
    expect(Object.keys(implementations).filter((name) => !calls.has(name))).toEqual([]);
  });
  for (const [name, list] of calls) {
    test(`${name} does what Go does in ${list.length} calls ${id}`, () => {
      const implementation = implementations[name];
      if (implementation === undefined) throw new Error(`there is no ${name}`);
      const wrong: object[] = [];
      for (const { args, results } of list) {
        const go = results.map(comparable);
        const found = outcome(implementation, args);
        const here = (several.includes(name) && Array.isArray(found) ? found : [found]).map(comparable);
        if (!isDeepStrictEqual(here, go)) wrong.push({ call: `${name}(${args.map(show).join(", ")})`, here, go });
      }
      expect(wrong.slice(0, 20)).toEqual([]);
    });
  }
}

function outcome(implementation: Implementation, args: readonly unknown[]): unknown {
  try {
    return implementation(...(args as never[]));
  } catch (error) {
    return new Panicked((error as Error).message);
  }
}

function show(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
}
