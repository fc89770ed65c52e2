/**
 * Compares functions with what Go's return for generated arguments, which testdata/record writes. The recorded calls are
 * compared everywhere. With Go, calls that another seed generates are compared as well; if one differs, its seed is
 * printed. Set the seed to repeat a failure, or the number of seeds for a longer run:
 *
 *     GOLIB_SEED=4711 GOLIB_SEEDS=100 npm run test:unit -- test/golib
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { mustRun, temporaryFolder } from "../../scripts/project.ts";
import { goProblem } from "../examples/programs.ts";

const missing = goProblem();
const firstSeed = Number(process.env["GOLIB_SEED"] ?? 1 + (Date.now() % 1e9));
const seeds = Array.from({ length: Number(process.env["GOLIB_SEEDS"] ?? 1) }, (_, i) => firstSeed + i);

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
  return parse(readFileSync(new URL(`testdata/${file}`, import.meta.url), "utf8"));
}

/** Runs that program again, for other arguments than the recorded ones. */
function generated(file: string, seed: number): Call[] {
  const folder = temporaryFolder();
  const recorder = fileURLToPath(new URL("testdata/record", import.meta.url));
  mustRun("go", ["run", ".", "-seed", String(seed), folder, file], recorder);
  return parse(readFileSync(join(folder, file), "utf8"));
}

function parse(text: string): Call[] {
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

/** Returns the form to compare: errors and panics as their texts. */
function comparable(value: unknown): unknown {
  if (value instanceof Error) return `error: ${value.message}`;
  if (value instanceof Panicked) return `panic: ${value.text}`;
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(comparable);
  return value;
}

/** Compares results. A bigint here must be Go's integer exactly; a number is what that integer rounds to. */
function isSame(here: unknown, go: unknown): boolean {
  if (typeof here === "bigint" && typeof go === "number") return Number.isInteger(go) && here === BigInt(go);
  if (typeof here === "number" && typeof go === "bigint") return here === Number(go);
  // A nil slice is undefined.
  if (here === undefined && go instanceof Uint8Array) return go.length === 0;
  if (Array.isArray(here) && Array.isArray(go)) {
    return here.length === go.length && here.every((value, i) => isSame(value, go[i]));
  }
  return isDeepStrictEqual(here, go);
}

/** Makes what carries out the recorded steps on an object: returns what each of its methods returns. */
export function stepsOn(
  make: (...made: never[]) => object,
  rest: (object: never) => unknown[] = () => [],
): (...args: never[]) => Promise<unknown[]> {
  return async (...args) => {
    const made = args.slice(0, -1);
    const object = make(...made) as Record<string, (...args: unknown[]) => unknown>;
    const found: unknown[] = [];
    for (const [name, ...operands] of args.at(-1) as unknown as [string, ...unknown[]][]) {
      found.push(await step(object, name, operands));
    }
    return [...found, ...rest(object as never)];
  };
}

interface Reader {
  read(p: Uint8Array): unknown;
}

async function step(
  object: Record<string, (...args: unknown[]) => unknown>,
  name: string,
  operands: unknown[],
): Promise<unknown[]> {
  try {
    if (name === "read") {
      const p = new Uint8Array(operands[0] as number);
      const [n, err] = (await (object as unknown as Reader).read(p)) as [number, Error | undefined];
      return [p.slice(0, n), err];
    }
    const found = await object[name]?.(...operands);
    // What the steps write later must not change what they returned before.
    return (Array.isArray(found) ? found : [found]).map((value) =>
      value instanceof Uint8Array ? Uint8Array.from(value) : value,
    );
  } catch (error) {
    return [new Panicked((error as Error).message)];
  }
}

type Implementation = (...args: never[]) => unknown;

interface Options {
  /** The functions with several results, which an array holds. */
  readonly several?: readonly string[];
  /** The functions whose results may differ from Go's in the last digits. */
  readonly inexact?: readonly string[];
}

/** Makes a test for each function of a recorded file, which calls ours with the same arguments. */
export function replay(
  file: string,
  id: string,
  implementations: Record<string, Implementation>,
  { several = [], inexact = [] }: Options = {},
): void {
  const calls = Map.groupBy(recorded(file), ({ name }) => name);
  test(`${file} has calls of every function, and there is one here for each`, () => {
    expect([...calls.keys()].filter((name) => !(name in implementations))).toEqual([]);
    expect(Object.keys(implementations).filter((name) => !calls.has(name))).toEqual([]);
  });
  for (const [name, list] of calls) {
    test(`${name} does what Go does in ${list.length} calls ${id}`, async () => {
      expect(await differences(list)).toEqual([]);
    });
  }
  test.skipIf(missing !== undefined)(
    `the functions of ${file} do what Go does in calls that are generated now ${id}`,
    { timeout: 300_000 },
    async () => {
      for (const seed of seeds) {
        expect(await differences(generated(file, seed)), `GOLIB_SEED=${seed}`).toEqual([]);
      }
    },
  );

  /** Returns the first calls whose results are not Go's. */
  async function differences(list: readonly Call[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const { name, args, results } of list) {
      const go = results.map(comparable);
      const call = `${name}(${args.map(show).join(", ")})`;
      const found = await outcome(implementations[name], args);
      const here = (several.includes(name) && Array.isArray(found) ? found : [found]).map(comparable);
      const same = inexact.includes(name) ? isNear(here[0], go[0], angleError(name, args)) : isSame(here, go);
      if (!same) wrong.push(`${call} = ${here.map(show).join(", ")}, and ${go.map(show).join(", ")} in Go`);
      if (wrong.length === 20) break;
    }
    return wrong;
  }
}

async function outcome(implementation: Implementation | undefined, args: readonly unknown[]): Promise<unknown> {
  try {
    return await implementation?.(...(args as never[]));
  } catch (error) {
    return new Panicked((error as Error).message);
  }
}

function isNear(here: unknown, go: unknown, angle: number): boolean {
  if (typeof here !== "number" || typeof go !== "number") return false;
  // An angle that is off by so much changes a sine and a cosine by as much, and a tangent by 1 + tan² times that.
  const turned = angle === 0 ? 0 : angle * (1 + go ** 2);
  return Object.is(here, go) || Math.abs(here - go) <= Math.abs(go) * 2 ** -44 + turned;
}

/**
 * Returns how far Go's angle may be off: from 2^29 on, Go keeps a fixed number of bits of what is left after the whole
 * turns, so that an angle near a zero has few correct digits. The angle here has all of them.
 */
function angleError(name: string, [x]: readonly unknown[]): number {
  return ["sin", "cos", "tan"].includes(name) && Math.abs(x as number) >= 2 ** 29 ? 2 ** -52 : 0;
}

function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `[${[...value].map((byte) => byte.toString(16)).join(" ")}]`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
