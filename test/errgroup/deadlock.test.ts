import { describe, expect, test } from "vitest";
import { goroutines } from "../runtime/report.ts";
import { place, run } from "../runtime/run.ts";

const program = "../../errgroup/programs/deadlocks.ts";
const at = (marker: string, text?: string): string => place(program, marker, text);

/** State, innermost place and place of the start of each goroutine in the report of a scenario. */
async function report(scenario: string): Promise<unknown> {
  const { code, stderr } = await run(program, [scenario]);
  expect(code).toBe(2);
  return goroutines(stderr).map(({ state, frames, started }) => [state, frames[0]?.split(" ").at(-1), started]);
}

describe.concurrent("the report of a deadlock names states and places", () => {
  test("in a group [G18] [G19]", async () => {
    expect(await report("group")).toEqual([
      ["sync.WaitGroup.Wait", at("group.wait"), undefined],
      ["chan receive", at("member"), at("started by go", "go(")],
      ["chan receive", at("member"), at("started by tryGo", "tryGo(")],
    ]);
  });

  test("in a group that is full [G18] [G19]", async () => {
    expect(await report("limit")).toEqual([["chan send", at("group.go"), undefined]]);
  });

  test("at a semaphore [G18] [G19]", async () => {
    expect(await report("semaphore")).toEqual([
      ["semacquire", at("acquire"), undefined],
      ["semacquire", at("too many"), at("go", "go(")],
    ]);
  });

  test("in a call that waits for itself [G18] [G19]", async () => {
    expect(await report("singleflight")).toEqual([
      ["sync.WaitGroup.Wait", at("do"), undefined],
      ["sync.WaitGroup.Wait", at("inner do"), at("do", '("key"')],
    ]);
  });
});
