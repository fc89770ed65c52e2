import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goroutines } from "./report.ts";
import { place, run, runFile } from "./run.ts";

describe.concurrent.each(["call sites", "nothing", "throwing", "no frames", "no limit", "a frozen Error"])(
  "in a program that has changed how the engine makes stacks: %s",
  (change) => {
    test("a panic is reported, with or without places [G7]", async () => {
      const { code, stderr } = await run("stacks.mjs", [change, "panic"]);
      expect([code, stderr.split("\n", 3)]).toEqual([2, ["panic: panic", "", "goroutine 2 [running]:"]]);
    });

    test("a deadlock is reported, with or without places [G18]", async () => {
      const { code, stderr } = await run("stacks.mjs", [change, "deadlock"]);
      expect([code, goroutines(stderr).map(({ id }) => id)]).toEqual([2, [1]]);
    });
  },
);

describe.concurrent("when the module that makes the report cannot be loaded", () => {
  const flags = ["--import", new URL("programs/no-report.mjs", import.meta.url).href];

  test("a deadlock is still reported [G18]", async () => {
    const { code, stderr } = await run("deadlocks.ts", ["ended"], flags);
    expect([code, stderr.split("\n", 1)]).toEqual([2, ["fatal error: all goroutines are asleep - deadlock!"]]);
  });

  test("a module that has ended while goroutines are parked still ends silently [G28]", async () => {
    const ended = await run("plain.mjs", ["parked"], flags);
    expect(ended).toEqual({ code: 0, stdout: "the module has ended\n", stderr: "" });
  });
});

describe.concurrent.each([
  "with blanks",
  "a (copy)",
  "Program Files (x86)",
  "grüße 你好",
  "50% #1 & more",
  "[0] {1}",
  "(",
  ")",
])("in a folder whose name is %s", (name) => {
  let folder = "";
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "gocsp-")));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(fileURLToPath(new URL("../..", import.meta.url)), join(folder, "node_modules", "gocsp"), "junction");
    mkdirSync(join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the report names the places [G18]", async () => {
    const program = join(folder, name, "await.ts");
    copyFileSync(fileURLToPath(new URL("programs/await.ts", import.meta.url)), program);
    const { code, stderr } = await runFile(program, ["call", "with others"]);
    const at = (marker: string, text?: string): string =>
      place("await.ts", marker, text).replace(/^.*(?=:\d+:\d+$)/, program);
    expect([code, goroutines(stderr)]).toEqual([
      2,
      [
        { id: 1, state: "chan receive", frames: [`nested ${at("nested")}`, `main ${at("call")}`], started: undefined },
        { id: 2, state: "chan send", frames: [`other ${at("other")}`], started: at("go other", "go(") },
      ],
    ]);
  });
});
