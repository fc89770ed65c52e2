// The corners of os/exec: Go's program and ours print the same.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../scripts/project.ts";

const folder = fileURLToPath(new URL("programs/like-go/", import.meta.url));
const record = readFileSync(join(folder, "output.txt"), "utf8");

/** Runs a program in a new folder, and returns all that it prints. */
function printed(program: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { cwd: temporaryFolder(), encoding: "utf8", timeout: 60_000 });
  return stdout + stderr;
}

// Its texts are those of one system.
const isLinux = process.platform === "linux";

test.runIf(isLinux)("what is not found, not started or not successful is told in Go's words [U33]", () => {
  expect(printed(process.execPath, join(folder, "main.ts"))).toBe(record);
});

const hasGo = spawnSync("go", ["version"]).status === 0;

test.runIf(isLinux && hasGo)("Go still prints its record [U33]", () => {
  const binary = join(temporaryFolder(), "like-go");
  const { stderr, status } = spawnSync("go", ["build", "-o", binary, join(folder, "main.go")], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  expect(printed(binary)).toBe(record);
});
