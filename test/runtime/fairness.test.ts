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
  test("let timers, deadlines, files, servers and immediates run [J12] [T36] [Z3] [G23]", async () => {
    const { code, stdout, stderr } = await run("fairness.ts", [form]);
    expect([stdout.trimEnd().split("\n").toSorted(), stderr]).toEqual([everything, ""]);
    expect(code).toBe(0);
  });
});

test.concurrent("goroutines that never stop let a host turn that stops its clock while code runs [J12]", async () => {
  const { stdout } = await run("stopped-clock.mjs");
  expect(stdout).toBe("the event loop has turned\n");
});

const slowing = ["ping-pong", "gosched", "selector", "for await"];

describe.concurrent.each(slowing)("goroutines whose steps become slow (%s)", (form) => {
  test("let the event loop turn after a step or two, once the runtime has noticed [J12]", async () => {
    const { code, stdout, stderr } = await run("slowing.ts", [form]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThanOrEqual(4);
  });
});

const batches = [
  "start",
  "close",
  "close under selects",
  "cancel",
  "functions of a context",
  "send",
  "sleep",
  "afterFunc",
];

describe.concurrent.each(batches)("a batch of goroutines that resume at the same moment (%s)", (form) => {
  test("lets timers fire before all of them have run [J12]", async () => {
    expect(await run("batches.ts", [form])).toEqual({ code: 0, stdout: "in between\n", stderr: "" });
  });
});

const bursts = {
  "in one step": "a turn",
  "between two parks": "no turn",
  "between two operations": "no turn",
  "after a turn that was owed": "no turn",
};

describe.concurrent.each(Object.entries(bursts))("many wakes (%s)", (form, turns) => {
  test(`owe ${turns}, when the clock owes none [J12]`, async () => {
    expect(await run("bursts.mjs", [form])).toEqual({ code: 0, stdout: `${turns}\n`, stderr: "" });
  });
});

const tries = [
  "Chan.trySend",
  "Chan.tryReceive",
  "Selector.trySelect",
  "Mutex.tryLock",
  "RWMutex.tryLock",
  "RWMutex.tryRLock",
  "Weighted.tryAcquire",
];

describe.concurrent.each(tries)("tries that take long (%s)", (form) => {
  test("count as operations: soon after a millisecond the event loop turns [J12]", async () => {
    const { code, stdout, stderr } = await run("tries.mjs", [form]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(Number(stdout)).toBeLessThanOrEqual(4);
  });
});
