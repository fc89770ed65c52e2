import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

const lost: [what: string, printed?: string][] = [
  ["after"],
  ["newTimer"],
  ["newTicker"],
  ["tick"],
  ["withTimeout"],
  ["withDeadline"],
  ["the channel of a deadline"],
  ["an after that lost its select", "ch\n"],
  ["an after that lost a select which was ready at once", "sent\n"],
  ["a deadline that lost a receive", "value\n"],
  ["a sleep whose context ended", "context canceled\n"],
  ["a stopped afterFunc"],
  ["a stopped timer with a goroutine"],
  ["a stopped ticker with a goroutine"],
  ["a ticker that nobody reads any more"],
  ["a timer that fired and was reset"],
  ["a deadline that was canceled under a goroutine"],
  ["a stopped function of a deadline"],
];

describe.concurrent.each(lost)("%s", (what, printed = "") => {
  test("does not delay the end of the program [T18] [G21]", async () => {
    expect(await run("lifetimes.ts", [what])).toEqual({ code: 0, stdout: printed, stderr: "" });
  });
});

const held = [
  "sleep",
  "sleep with a context",
  "a receive from a timer",
  "a receive from a ticker",
  "a loop over ticks",
  "a select with after",
  "afterFunc",
  "an afterFunc that was reset",
  "a wait for a deadline",
  "a receive with a deadline",
  "a function of a deadline",
  "a wait for a child of a deadline",
  "a timer that is reset under a goroutine",
];

describe.concurrent.each(held)("%s", (what) => {
  test("keeps the program alive until it fires, and no longer [T18] [G20]", async () => {
    expect(await run("lifetimes.ts", [what, "60"])).toEqual({ code: 0, stdout: "fired\n", stderr: "" });
  });

  test("keeps the program alive for a month [T2] [T18] [Z10]", async () => {
    expect(await run("lifetimes.ts", [what, "2592000000"])).toEqual({ code: 0, stdout: "still alive\n", stderr: "" });
  });
});

test.concurrent.each(["sleep", "a receive from a timer", "afterFunc", "a wait for a deadline"])(
  "%s keeps the program alive for ever, if that is its duration [T2] [T18]",
  async (what) => {
    expect(await run("lifetimes.ts", [what, "Infinity"])).toEqual({ code: 0, stdout: "still alive\n", stderr: "" });
  },
);

test.concurrent("timers that the program has dropped are collected, unless something waits for them [T18]", async () => {
  const { code, stdout } = await run("collected.mjs", [], ["--expose-gc"]);
  expect([code, stdout.trimEnd().split("\n")]).toEqual([
    0,
    [
      "a timer: collected",
      "an expired timer: collected",
      "a ticker: collected",
      "the channel of after: collected",
      "the channel of tick: collected",
      "a stopped afterFunc: collected",
      "a pending afterFunc: alive",
      "a timer with a goroutine: alive",
      "an after that lost its select: collected",
      "an after that lost its select while it waited: collected",
    ],
  ]);
});
