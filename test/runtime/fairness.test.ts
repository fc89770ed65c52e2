import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

const forms = [
  "plain",
  "buffered",
  "try first",
  "select",
  "selector",
  "for await",
  "with a context",
  "spawn chain",
  "spawn pairs",
  "gosched",
  "default",
  "sleep of no time",
  "timers of no time",
  "closed channel",
  "failing sends",
  "failing receives",
  "failing sleeps",
  "failing selects",
  "new contexts",
  "slow turns",
  "slow starts",
  "a thousand pairs",
];

const everything = ["after", "afterFunc", "deadline", "file", "http", "setImmediate", "setTimeout", "sleep", "ticker"];

describe.concurrent.each(forms)("goroutines that never stop (%s)", (form) => {
  test("let timers, deadlines, files, servers and immediates happen [J12] [T36] [Z3] [G23]", async () => {
    const { code, stdout, stderr } = await run("fairness.ts", [form]);
    expect([stdout.trimEnd().split("\n").toSorted(), stderr]).toEqual([everything, ""]);
    expect(code).toBe(0);
  });
});
