// Nothing of a command is left when the program that has started it ends, however it ends.
import * as exec from "gocsp/exec";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { canFind, Mark, marked } from "./marks.ts";

const ways = ["exit", "return", "throw", "SIGTERM", "SIGINT", "SIGKILL", "outlives"] as const;

test.runIf(canFind).for(ways)("when the program ends by %s [U30]", async (how) => {
  const mark = new Mark();
  const other = new Mark();
  const child = spawn(process.execPath, [fileURLToPath(new URL("programs/parent.ts", import.meta.url)), how], {
    env: { ...mark.env, OUTLIVING: other.text },
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  await once(child, "exit");
  // The watchdog learns of it from the system a moment later.
  const expected = how === "outlives" ? 1 : 0;
  for (let i = 0; i < 400 && mark.alive().length + marked(other.text).length > expected; i++) await sleep(25);
  const left = marked(other.text);
  for (const pid of left) process.kill(pid, "SIGKILL");
  expect([mark.alive(), left.length]).toEqual([[], expected]);
});

test("100 MB go through a command in flat memory, at the pace of the slower side [U31]", async () => {
  const size = 100 * 1024 * 1024;
  let taken = 0;
  let peak = 0;
  const cmd = exec.command("cat");
  cmd.stdin = (function* () {
    const chunk = Buffer.alloc(64 * 1024, "x");
    for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
  })();
  cmd.stdout = async (chunk) => {
    taken += chunk.length;
    if (taken % (1024 * 1024) < chunk.length) await sleep(0);
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  await cmd.run();
  expect(taken).toBe(size);
  expect((peak - before) / 1024 / 1024).toBeLessThan(80);
});
