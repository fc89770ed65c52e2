import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

const pending = [
  "timeout",
  "interval",
  "immediate",
  "nextTick",
  "file",
  "fileHandle",
  "pool",
  "zip",
  "child",
  "socket",
  "fetch",
  "port",
  "worker",
  "beforeExit",
  "beforeExitReads",
  "sleep",
  "after",
  "tick",
  "select",
  "afterFunc",
  "deadline",
];

describe.concurrent.each(pending)("while the host has pending work: %s", (name) => {
  test("no deadlock is reported, and main resumes when it comes [J10] [G18] [G20] [T18]", async () => {
    expect(await run("pending.ts", [name])).toEqual({ code: 0, stdout: `${name}\n`, stderr: "" });
  });
});

test.concurrent("a signal handler may still be called: no deadlock is reported [G22] [J10]", async () => {
  expect(await run("pending.ts", ["signal"])).toEqual({ code: 0, stdout: "signal\n", stderr: "" });
});

describe.concurrent("no false alarm", () => {
  test("while the output of a child process is on its way [J10]", async () => {
    expect(await run("pending.ts", ["output"])).toEqual({ code: 0, stdout: "output 42\n", stderr: "" });
  });

  test.each(["timeout", "fetch", "beforeExit", "deadline"])("at a top-level await: %s [J10] [G28]", async (name) => {
    expect(await run("pending.ts", [name, "await"])).toEqual({ code: 0, stdout: `${name}\n`, stderr: "" });
  });

  test.each(["beforeExit", "beforeExitReads"])(
    "for listeners of the host that come after ours: %s [J10] [G28]",
    async (name) => {
      expect(await run("pending.ts", [name, "listening last"])).toEqual({ code: 0, stdout: `${name}\n`, stderr: "" });
    },
  );

  test("in a worker thread that waits for its parent [J10]", async () => {
    expect(await run("worker.ts", ["pending.ts", "parent"])).toEqual({
      code: 0,
      stdout: "parent\nthe worker has ended with 0\n",
      stderr: "",
    });
  });

  test("when a module has ended while goroutines are parked: the program ends in silence, as in plain Node [G28]", async () => {
    expect(await run("plain.mjs", ["parked"])).toEqual({ code: 0, stdout: "the module has ended\n", stderr: "" });
  });

  test("when such a module has set an exit code [G28]", async () => {
    expect(await run("plain.mjs", ["exit code"])).toEqual({ code: 5, stdout: "", stderr: "" });
  });

  test("when a program only imports the library: an unsettled top-level await stays Node's affair [G28]", async () => {
    const { code, stdout, stderr } = await run("plain.mjs", ["import only"]);
    expect([code, stdout]).toEqual([13, ""]);
    expect(stderr).toContain("unsettled top-level await");
    expect(stderr).not.toContain("goroutine");
  });

  test("when a promise beside the goroutines is rejected: that stays Node's affair too [G28]", async () => {
    const { code, stderr } = await run("plain.mjs", ["rejected"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: not of a goroutine");
    expect(stderr).not.toContain("goroutine ");
  });
});
