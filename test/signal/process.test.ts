import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

describe.runIf(process.platform !== "win32").concurrent("a program", () => {
  test("catches an interrupt, is not killed by more of them, and is after stop [N1] [N2] [N4] [N5] [N12]", async () => {
    expect(await run("shutdown")).toEqual({
      code: null,
      signal: "SIGTERM",
      stdout: "context canceled | interrupt signal received | true\nstill here | true\n",
      stderr: "",
    });
  });

  test("that has stopped to listen dies of a signal as any other does [N3] [N12]", async () => {
    expect(await run("causeThatKills")).toMatchObject({ signal: "SIGTERM", stdout: "context canceled\n", stderr: "" });
  });

  test("catches signals until stop also for a parent that had ended before [N3] [N6]", async () => {
    expect(await run("endedParent")).toMatchObject({
      signal: "SIGHUP",
      stdout: "context canceled | the parent's\n",
      stderr: "",
    });
  });

  test("ignores signals until it asks for them or resets them [N11]", async () => {
    expect(await run("ignored")).toMatchObject({
      signal: "SIGTERM",
      stdout: "true true false\nstill here\nSIGHUP false\n",
      stderr: "",
    });
  });

  test.each(["waiting", "waitingOnAChannel"])(
    "that waits for a signal has no deadlock: %s [G22] [N12]",
    async (name) => {
      const printed = { waiting: "terminated signal received", waitingOnAChannel: "SIGTERM" }[name];
      expect(await run(name, "SIGTERM")).toEqual({ code: 0, signal: null, stdout: `ready\n${printed}\n`, stderr: "" });
    },
  );

  test.each(["ignoreAndSleep", "stopAndSleep"])("that waits for none has one: %s [G22] [N11]", async (name) => {
    const { code, stderr } = await run(name);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^fatal error: all goroutines are asleep - deadlock!\n/)]);
  });

  test("stays alive while it asks for signals, and no longer [N12]", async () => {
    expect(await run("held", "SIGTERM")).toEqual({ code: 0, signal: null, stdout: "ready\nSIGTERM\n", stderr: "" });
    expect(await run("stopped")).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  });

  test("is not held by signals that were refused [N12]", async () => {
    const stdout = "TypeError: signal: SIGKILL is no signal that can be received\n";
    expect(await run("refused")).toEqual({ code: 0, signal: null, stdout, stderr: "" });
  });

  test.each([
    ["atomicStop", "SIGINT"],
    ["atomicStopOfAContext", "SIGTERM"],
    ["atomicReset", "SIGINT"],
    ["atomicStopAtTheEnd", "SIGHUP"],
  ])("%s: a signal that came before the last stop kills it by %s, and is not lost [N13]", async (name, killedBy) => {
    expect(await run(name)).toEqual({ code: null, signal: killedBy, stdout: "", stderr: "" });
  });

  test("delivers it to channels that are still registered, or leaves it to the program's own listener [N13]", async () => {
    expect(await run("atomicStopOfOne")).toMatchObject({ code: 0, stdout: "SIGINT\n" });
    expect(await run("atomicStopWithAnOwnListener")).toMatchObject({ code: 0, stdout: "1\n" });
  });

  test("gets a copy of each signal on every channel [N9]", async () => {
    expect(await run("several")).toMatchObject({ code: 0, stdout: "SIGHUP\nSIGHUP\nSIGUSR1 0\n", stderr: "" });
  });

  test("panics if a signal finds its channel closed [N9]", async () => {
    const { code, stderr } = await run("closed");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^panic: send on closed channel\n/)]);
  });
});
