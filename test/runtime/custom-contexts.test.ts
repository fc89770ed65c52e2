import { describe, expect, test } from "vitest";
import { goroutines } from "./report.ts";
import { run } from "./run.ts";

describe.concurrent("a user's context with a channel of its own, watched by", () => {
  test.each(["all"])("%s: a module that has ended ends in silence [G28] [X53]", async (watcher) => {
    expect(await run("custom-contexts.mjs", [watcher, "module"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.each(["all"])("%s: so does main [G5] [X53]", async (watcher) => {
    expect(await run("custom-contexts.mjs", [watcher, "main"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.each(["withCancel", "afterFunc", "all"])(
    "%s: a deadlock is reported, and nothing is called [G18] [X53]",
    async (watcher) => {
      const { code, stdout, stderr } = await run("custom-contexts.mjs", [watcher, "deadlock"]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(goroutines(stderr).map(({ id, state, frames }) => [id, state, frames[0]?.split(" ", 1)[0]])).toEqual([
        [1, "chan receive", "waits"],
        [2, "chan send", "works"],
      ]);
    },
  );
});
