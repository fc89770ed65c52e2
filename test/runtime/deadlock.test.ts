import { describe, expect, test } from "vitest";
import { goroutines } from "./report.ts";
import { place, run } from "./run.ts";

const at = (marker: string, text?: string): string => place("deadlocks.ts", marker, text);

describe.concurrent("when everything sleeps while main waits", () => {
  test("the program ends with Go's words, status 2, and each goroutine's state and place [G18] [G19] [J10]", async () => {
    const { code, stdout, stderr } = await run("deadlocks.ts", ["states"]);
    const states: [marker: string, state: string, text?: string][] = [
      ["main", "chan receive"],
      ["chan receive", "chan receive"],
      ["chan receive, ok", "chan receive"],
      ["chan send", "chan send"],
      ["chan receive (nil chan)", "chan receive (nil chan)"],
      ["chan send (nil chan)", "chan send (nil chan)"],
      ["select", "select"],
      ["select, nil channels", "select"],
      ["select (no cases)", "select (no cases)"],
      ["selector", "select"],
      ["receive(ctx)", "select"],
      ["send(ctx)", "select"],
      ["done", "chan receive"],
      ["for await", "chan receive", "_ of"],
      ["range(ctx)", "select", "_ of"],
    ];
    const wanted = states.map(([marker, state, text]) => ({ state, place: at(marker, text) }));
    const found = goroutines(stderr).map(({ state, frames }) => ({ state, place: frames.at(-1)?.split(" ").at(-1) }));
    expect(found).toEqual(wanted);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test("goroutines that have ended are not in the report", async () => {
    const { code, stderr } = await run("deadlocks.ts", ["ended"]);
    expect([code, goroutines(stderr)]).toEqual([
      2,
      [{ id: 1, state: "chan receive", frames: [`ended ${at("only main")}`], started: undefined }],
    ]);
  });

  test("no deferred call, catch or finally block runs [G18] [J8]", async () => {
    const { code, stdout } = await run("deadlocks.ts", ["cleanup"]);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test.each([
    ["afterSleep", "slept\n"],
    ["afterFunc", "called\n"],
    ["deadline", "context deadline exceeded\n"],
  ])("it is reported only when the last alarm has rung: %s [G20]", async (scenario, stdout) => {
    const ended = await run("deadlocks.ts", [scenario]);
    expect([ended.code, ended.stdout, goroutines(ended.stderr).length]).toEqual([
      2,
      stdout,
      scenario === "afterSleep" ? 2 : 1,
    ]);
  });

  test("timers, tickers and deadlines without waiters do not delay it [G21] [T18]", async () => {
    const { code, stderr } = await run("deadlocks.ts", ["unwatched"]);
    expect([code, goroutines(stderr).map(({ state }) => state)]).toEqual([2, ["select (no cases)"]]);
  });

  test("neither does a goroutine that waits for a stopped timer [G21] [T15]", async () => {
    const { code, stderr } = await run("deadlocks.ts", ["stoppedTimer"]);
    expect([code, goroutines(stderr)]).toEqual([
      2,
      [
        expect.objectContaining({ id: 1, frames: [`stoppedTimer ${at("beside it")}`] }),
        expect.objectContaining({ id: 2, state: "chan receive", frames: [`func ${at("stopped timer")}`] }),
      ],
    ]);
  });

  test("of thousands of goroutines the report shows the first thousand, complete, and counts the others [G18]", async () => {
    const { code, stderr } = await run("deadlocks.ts", ["many"]);
    const found = goroutines(stderr);
    expect(code).toBe(2);
    expect(found[0]).toEqual(expect.objectContaining({ id: 1, frames: [`many ${at("main of many")}`] }));
    expect(found.slice(1, 900).every(({ frames }) => frames[0] === `inner ${at("inner")}`)).toBe(true);
    expect(stderr.endsWith(`\n... and ${2001 - found.length} more goroutines\n`)).toBe(true);
  });

  test("a second time, after some had work, it names all as well [G18]", async () => {
    const { code, stdout, stderr } = await run("again.ts", ["deadlock"]);
    expect([code, stdout]).toEqual([2, "round 1\nround 2\nround 3\n"]);
    expect(goroutines(stderr)).toMatchObject([
      { id: 1, state: "chan receive", frames: [`func ${place("again.ts", "main")}`] },
      { id: 2, state: "chan receive", frames: [`func ${place("again.ts", "other")}`] },
    ]);
  });
});

test.concurrent("goroutines that a report has probed resume as usual when work comes [J10] [G18]", async () => {
  const { code, stdout, stderr } = await run("again.ts", ["work"]);
  expect([code, stderr]).toEqual([0, ""]);
  const lines = (log: unknown[]): string[] => log.map((entry) => JSON.stringify(entry)).toSorted();
  expect(lines(JSON.parse(stdout) as unknown[])).toEqual(
    lines([
      ["receive", 1],
      ["again", 2],
      ["send", null],
      ["served", 1],
      ["select", { case: "c", value: 3, ok: true }],
      ["selector", { case: "d", value: 4, ok: true }],
      ["select", { case: "d", value: 5, ok: true }],
      ["selector", { case: "e", value: 6, ok: true }],
      ["for await", 7],
      ["for await", 8],
      ["closed", null],
      ["receive(ctx)", "context canceled"],
      ["send", "send on closed channel"],
      ["all", [9, 10]],
    ]),
  );
});
