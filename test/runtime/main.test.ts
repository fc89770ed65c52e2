import { expect, test } from "vitest";
import { run } from "./run.ts";

const started = "main(...) has returned to the module\n";

test.concurrent("when main returns the program ends at once: timers, sockets and goroutines are abandoned [G5] [G28] [J9] [Z4]", async () => {
  expect(await run("exits.ts", ["returns"])).toEqual({
    code: 0,
    stdout: `${started}main's finally\nmain's deferred call\n`,
    stderr: "",
  });
});

test.concurrent("the status is process.exitCode if it was set [G5]", async () => {
  expect(await run("exits.ts", ["exitCode"])).toEqual({ code: 7, stdout: started, stderr: "" });
});

test.concurrent.each([
  ["exit", 3],
  ["exitInGoroutine", 4],
])("process.exit in %s ends the program with no deferred call at all [G6]", async (scenario, code) => {
  expect(await run("exits.ts", [scenario])).toEqual({ code, stdout: started, stderr: "" });
});

test.concurrent("main's own deferred calls are waited for [G5] [J14]", async () => {
  const { code, stdout } = await run("exits.ts", ["asynchronousDefer"]);
  expect([code, stdout]).toEqual([0, `${started}an asynchronous deferred call\n`]);
});

test.concurrent("main may be synchronous, and never runs on the caller's stack [J1]", async () => {
  const { code, stdout } = await run("exits.ts", ["synchronously"]);
  expect([code, stdout]).toEqual([0, `${started}a main that does not wait\n`]);
});

test.concurrent("main counts as one goroutine, and the module no longer as another [G27]", async () => {
  const { stdout } = await run("exits.ts", ["count"]);
  expect(stdout).toBe(`${started}1 goroutine\n2 goroutines\n`);
});

test.concurrent("what main has printed into a pipe arrives completely [G5] [J9]", async () => {
  const { code, stdout } = await run("exits.ts", ["output"]);
  expect([code, stdout.length - started.length]).toEqual([0, 64 * 2 ** 16 + "the last line\n".length]);
  expect(stdout.endsWith("x\nthe last line\n")).toBe(true);
});

test.concurrent("what main has printed to standard error arrives as well, and before a panic [G5] [G7] [J9]", async () => {
  const returned = await run("exits.ts", ["errorOutput"]);
  expect([returned.code, returned.stderr.length]).toEqual([0, 64 * 2 ** 16 + "the last line\n".length]);
  const panicked = await run("exits.ts", ["errorOutputThenPanic"]);
  expect(panicked.stderr.slice(64 * 2 ** 16)).toMatch(/^the last line\npanic: after the output\n\ngoroutine 1 /);
  expect(panicked.code).toBe(2);
});

test.concurrent("no goroutine resumes while the output of main drains [G5] [J9]", async () => {
  const { code, stdout } = await run("exits.ts", ["outputWhileOthersRun"]);
  expect([code, stdout.replace(/^x+\n/gm, "")]).toEqual([0, `${started}the last line\n`]);
});

test.concurrent("what was printed before a panic arrives completely as well [G7]", async () => {
  const { code, stdout, stderr } = await run("exits.ts", ["outputThenPanic"]);
  expect([code, stdout.length, stderr.split("\n", 1)]).toEqual([
    2,
    started.length + 64 * 2 ** 16 + "the last line\n".length,
    ["panic: after the output"],
  ]);
});

test.concurrent("in a worker thread main ends the worker alone, and what it has printed arrives [J9]", async () => {
  const { code, stdout, stderr } = await run("worker.ts", ["exits.ts", "output"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.length).toBe(started.length + 64 * 2 ** 16 + "the last line\nthe worker has ended with 0\n".length);
});

test.concurrent("listeners of the host's exit event run, and see the status [G28]", async () => {
  const { code, stdout } = await run("exits.ts", ["exitListener"]);
  expect([code, stdout]).toEqual([0, `${started}exit 0\n`]);
});

test.concurrent("a second main is refused", async () => {
  const { code, stdout } = await run("exits.ts", ["again"]);
  expect([code, stdout]).toEqual([0, `${started}Error: main: called twice\n`]);
});
