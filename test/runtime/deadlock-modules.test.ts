import { describe, expect, test } from "vitest";
import { goroutines } from "./report.ts";
import { place, run } from "./run.ts";

const at = (marker: string, text?: string): string => place("await.ts", marker, text);

const forms: [form: string, state: string, text?: string][] = [
  ["receive", "chan receive"],
  ["send", "chan send"],
  ["select", "select"],
  ["no cases", "select (no cases)"],
  ["nil", "chan receive (nil chan)"],
  ["for await", "chan receive", "n of"],
  ["context", "select"],
  ["timer", "chan receive"],
];

describe.concurrent.each(forms)("a module that waits at its top level: %s", (form, state, text) => {
  test("is goroutine 1 of the report, status 2 [G18] [G28] [J10]", async () => {
    const { code, stdout, stderr } = await run("await.ts", [form]);
    expect([code, stdout, goroutines(stderr)]).toEqual([
      2,
      "",
      [{ id: 1, state, frames: [`main ${at(form, text)}`], started: undefined }],
    ]);
  });
});

describe.concurrent("a module that waits at its top level", () => {
  test("is reported with the functions that it called [G18]", async () => {
    const { code, stderr } = await run("await.ts", ["call"]);
    expect([code, goroutines(stderr)[0]?.frames]).toEqual([2, [`nested ${at("nested")}`, `main ${at("call")}`]]);
  });

  test("is reported with all that it waits for [G18]", async () => {
    const { code, stderr } = await run("await.ts", ["all"]);
    const found = goroutines(stderr);
    expect([code, found.length]).toEqual([2, 2]);
    for (const { id, state, frames } of found) {
      expect([id, state, frames.at(-1)]).toEqual([1, "chan receive", `main ${at("all")}`]);
    }
  });

  test.each(["receive", "call"])("is reported with the other goroutines: %s [G18]", async (form) => {
    const { code, stderr } = await run("await.ts", [form, "with others"]);
    expect([code, goroutines(stderr).slice(1)]).toEqual([
      2,
      [{ id: 2, state: "chan send", frames: [`other ${at("other")}`], started: at("go other", "go(") }],
    ]);
  });

  test("is reported also when it waits for a foreign promise", async () => {
    const { code, stderr } = await run("await.ts", ["host promise", "with others"]);
    const found = goroutines(stderr);
    expect([code, found.map(({ id }) => id)]).toEqual([2, [1, 2]]);
  });

  test("may be JavaScript [G28]", async () => {
    const { code, stderr } = await run("plain.mjs", ["await"]);
    expect([code, goroutines(stderr)]).toEqual([
      2,
      [{ id: 1, state: "chan receive", frames: [`main ${place("plain.mjs", "await")}`], started: undefined }],
    ]);
  });
});

describe.concurrent("in a worker thread", () => {
  test.each([
    ["await.ts", "receive", at("receive")],
    ["deadlocks.ts", "ended", place("deadlocks.ts", "only main")],
  ])("a deadlock is reported and ends the worker alone: %s [G18] [G28]", async (program, scenario, where) => {
    const { code, stdout, stderr } = await run("worker.ts", [program, scenario]);
    const found = goroutines(stderr);
    expect(found.map(({ state }) => state)).toEqual(["chan receive"]);
    expect(found[0]?.frames[0]).toMatch(new RegExp(`${where.replace(/[.\\]/g, "\\$&")}$`));
    expect([code, stdout]).toEqual([0, "the worker has ended with 2\n"]);
  });

  test("all goroutines have their places [G18]", async () => {
    const { stderr } = await run("worker.ts", ["await.ts", "receive", "with others"]);
    expect(goroutines(stderr).map(({ state, frames }) => [state, frames])).toEqual([
      ["chan receive", [`main ${at("receive")}`]],
      ["chan send", [`other ${at("other")}`]],
    ]);
  });

  test("a panic ends the worker alone, and the parent gets the error as an event [G7] [G29]", async () => {
    const { code, stdout, stderr } = await run("worker.ts", ["panics.ts", "inMain"]);
    expect(stderr).toMatch(/^panic: in main\n\ngoroutine 1 \[running\]:\ninMain\(\.\.\.\)\n/);
    expect([code, stdout]).toEqual([0, "the worker has failed: in main\nthe worker has ended with 1\n"]);
  });
});

test.concurrent("a program of the old module system works and is reported as well [G18] [G28]", async () => {
  const { code, stdout, stderr } = await run("required.cjs");
  expect([code, stdout, goroutines(stderr)[0]?.frames]).toEqual([
    2,
    "received\n",
    [`start ${place("required.cjs", "receive")}`],
  ]);
});
