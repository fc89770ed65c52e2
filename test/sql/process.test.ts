import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { goroutines } from "../runtime/report.ts";
import { type Ended, runFile } from "../runtime/run.ts";

const run = (scenario: string): Promise<Ended> =>
  runFile(fileURLToPath(new URL("fake/programs/endings.ts", import.meta.url)), [scenario]);

describe.concurrent("a program with a database", () => {
  test("ends although a connection is idle and would be closed in an hour", async () => {
    expect(await run("an idle connection")).toEqual({ code: 0, stdout: "the last line\n", stderr: "" });
  });

  test("whose connection is idle reports its deadlocks", async () => {
    const { code, stderr } = await run("an idle connection and a deadlock");
    expect([code, goroutines(stderr).map(({ state }) => state)]).toEqual([2, ["chan receive"]]);
  });

  test("that waits for a connection that nobody gives back reports a deadlock", async () => {
    const { code, stderr } = await run("a wait for a connection");
    expect([code, goroutines(stderr).map(({ state }) => state)]).toEqual([2, ["select"]]);
  });

  test("is not ended by errors that nobody asks for", async () => {
    expect(await run("what nobody asks for")).toEqual({ code: 0, stdout: "0\n", stderr: "" });
  });
});
