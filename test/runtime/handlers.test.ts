import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

/** Runs the program and returns its status, the lines that it printed, and the first line of its report. */
async function outcome(...args: string[]): Promise<[number | null, string[], string]> {
  const { code, stdout, stderr } = await run("handlers.mjs", args);
  return [code, stdout.trimEnd().split("\n"), stderr.split("\n", 1).join()];
}

const on = "goroutines go on";

describe.concurrent("an uncaughtExceptionMonitor", () => {
  test("sees a panic before the process ends with Go's report [G29]", async () => {
    expect(await outcome("monitor", "panic")).toEqual([2, ["monitor boom uncaughtException"], "panic: boom"]);
  });

  test("sees the panic of main [G29]", async () => {
    expect(await outcome("monitor", "main panics")).toEqual([2, ["monitor main's uncaughtException"], "panic: main's"]);
  });

  test("sees a fatal error, which no catch block does [G29] [J8]", async () => {
    const text = "sync: unlock of unlocked mutex";
    expect(await outcome("monitor", "fatal")).toEqual([
      2,
      [`monitor ${text} uncaughtException`],
      `fatal error: ${text}`,
    ]);
  });

  test("sees the first of two panics, which ends the process [G29]", async () => {
    expect(await outcome("monitor", "two panics")).toEqual([2, ["monitor first uncaughtException"], "panic: first"]);
  });
});

describe.concurrent("a handler of uncaught errors", () => {
  test.each(["handler", "capture"])("(%s) gets the panic, with the report, and decides [G29]", async (watcher) => {
    const [code, lines, report] = await outcome(watcher, "panic");
    expect([code, lines.at(0)?.startsWith(`${watcher} boom`), lines.at(-1), report]).toEqual([
      0,
      true,
      on,
      "panic: boom",
    ]);
  });

  test("gets both of two panics [G29]", async () => {
    const [code, lines] = await outcome("handler", "two panics");
    expect([code, lines]).toEqual([0, ["handler first uncaughtException", "handler second uncaughtException", on]]);
  });

  test("may end the process later, as crash reporters do [G29]", async () => {
    const [code, lines, report] = await outcome("reporter", "panic");
    expect([code, lines.at(-1), report]).toEqual([1, "sent boom", "panic: boom"]);
  });

  test("gets a fatal error as well, which is also thrown [G29] [J8]", async () => {
    const text = "sync: unlock of unlocked mutex";
    const [code, lines, report] = await outcome("handler", "fatal");
    expect([code, report]).toEqual([0, `fatal error: ${text}`]);
    expect(lines).toEqual([`caught ${text}`, `handler ${text} uncaughtException`, on]);
  });

  test("follows the monitor, which the host calls then [G29]", async () => {
    const [, lines] = await outcome("monitor", "handler", "panic");
    expect(lines).toEqual(["monitor boom uncaughtException", "handler boom uncaughtException", on]);
  });

  test("loses no timeout that fires before it has decided [G29]", async () => {
    const [code, lines, report] = await outcome("handler", "a panic with fake timers");
    expect([code, lines.slice(1), report]).toEqual([0, ["woken by after", on], "panic: boom"]);
  });

  test("does not keep the program alive when main has returned [G29] [G5]", async () => {
    expect(await outcome("handler", "main returns")).toEqual([0, [""], ""]);
  });
});

describe("where process.exit has been replaced nothing stays frozen", () => {
  test.each([
    ["panic", ["exit(2)", on], "panic: boom"],
    ["fatal", ["exit(2)", "caught sync: unlock of unlocked mutex", on], "fatal error: sync: unlock of unlocked mutex"],
    ["main returns", ["exit()", on], ""],
    ["main panics", ["exit(2)", on], "panic: main's"],
  ])("after %s [G30]", async (mishap, lines, report) => {
    expect(await outcome("replaced exit", mishap)).toEqual([0, lines, report]);
    expect(await outcome("replaced exit", "handler", mishap)).toEqual([0, lines, report]);
    expect(await outcome("throwing exit", mishap)).toEqual([
      0,
      lines.filter((line) => !line.startsWith("exit")),
      report,
    ]);
  });

  test("and main may run again after the first has returned [G30] [J9]", async () => {
    expect(await outcome("replaced exit", "main twice")).toEqual([0, ["exit()", "main again", "exit()", on], ""]);
  });
});

test.concurrent("what a listener of the exit event throws is not swallowed [G28]", async () => {
  const { code, stderr } = await run("handlers.mjs", ["exit listener", "main returns"]);
  expect(code).not.toBe(0);
  expect(stderr).toContain("in the exit listener");
});
