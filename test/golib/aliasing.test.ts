import { append, cap, copy, makeBytes, Slice, slice } from "gocsp/golib";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";

type List = Slice<number> | Uint8Array;
type Step = [name: string, from: number, to: number, ...operands: number[]];

const make = {
  Slice: (length: number, capacity: number): List => Slice.make(length, capacity, 0),
  bytes: (length: number, capacity: number): List => makeBytes(length, capacity),
};

/** Runs a generated program over slices that share memory: returns what the slices hold after each step. */
function run(kind: keyof typeof make, [length, capacity]: [number, number], steps: readonly Step[]): string[] {
  const vars: List[] = [make[kind](length, capacity), make[kind](2, 2), make[kind](0, 0)];
  let next = 1;
  return steps.map(([name, from, to, ...operands]) => {
    let panic = "";
    try {
      carryOut(name, from, to, operands);
    } catch (error) {
      panic = `${(error as Error).message}: `;
    }
    return panic + vars.map((list) => `[${[...list].join(" ")}]/${cap(list)}`).join(" ");
  });

  function carryOut(name: string, from: number, to: number, operands: number[]): void {
    const list = vars[from] as List;
    const [first = 0] = operands;
    switch (name) {
      case "append": {
        const values = Array.from({ length: first }, () => next++);
        vars[to] = append(list as Slice<number>, ...values);
        break;
      }
      case "slice":
      case "slice3":
        vars[to] = slice(list as Slice<number>, ...operands);
        break;
      case "set":
        next++;
        if (list instanceof Slice) list.set(first, next - 1);
        else if (first < 0 || first >= list.length) {
          const tail = first < 0 ? "" : ` with length ${list.length}`;
          throw new Error(`runtime error: index out of range [${first}]${tail}`);
        } else list[first] = next - 1;
        break;
      case "copy":
        copy(vars[to] as Slice<number>, list as Slice<number>);
        break;
      default:
        throw new Error(`no step ${name}`);
    }
  }
}

describe("slices that share memory", () => {
  replay("aliasing.jsonl", "[B7]", {
    Slice: (made: [number, number], steps: Step[]) => run("Slice", made, steps),
    bytes: (made: [number, number], steps: Step[]) => run("bytes", made, steps),
  });

  test("append to an array never writes where another array can see it [B7]", () => {
    const list = [1, 2, 3];
    const part = slice(list, 0, 1);
    const [one, two] = [append(part, 8), append(part, 9)];
    expect([list, part, one, two]).toEqual([[1, 2, 3], [1], [1, 8], [1, 9]]);
  });

  test("append to bytes that were not made here never writes behind them [B7]", () => {
    const pooled = Buffer.from("abc");
    const before = Buffer.from(pooled.buffer, pooled.byteOffset, 4).toString("hex");
    append(pooled, 1);
    expect(Buffer.from(pooled.buffer, pooled.byteOffset, 4).toString("hex")).toBe(before);
  });
});
