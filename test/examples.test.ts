import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../scripts/project.ts";
import { buildGo, expected, folder, goProblem, names, nodeProblem, run } from "./examples/programs.ts";

// A test also waits for its turn: the programs run two at a time on two processors.
const timeout = 120_000;

describe.concurrent("examples in TypeScript", { timeout }, () => {
  beforeAll(() => {
    const problem = nodeProblem();
    if (problem !== undefined) throw new Error(problem);
    // As long as the Go group's hook, which may block this one.
  }, 300_000);

  test.for(names)("%s prints what Go prints", async (name, { expect }) => {
    const { stdout, stderr, status } = expected(name);
    const result = await run(process.execPath, join(folder, name, "main.ts"));
    expect(result.stdout).toBe(stdout);
    expect(result.stderr).toMatch(stderr);
    expect(result.status).toBe(status);
  });

  test("the tour shows its programs and succeeds", async ({ expect }) => {
    const result = await run(process.execPath, join(folder, "tour.ts"));
    expect(result.stderr).toBe("");
    expect(result.stdout).toContain("examples/generator/main.ts:");
    expect(result.stdout).toContain("generator ended");
    expect(result.status).toBe(0);
  });
});

const missing = goProblem();

describe.concurrent(`examples in Go${missing === undefined ? "" : ` (${missing})`}`, { timeout }, () => {
  const binaries = temporaryFolder();

  beforeAll(() => {
    if (missing === undefined) buildGo(binaries);
  }, 300_000);

  // Some of them show an order that clocks make, ten milliseconds apart: Go itself misses it on a machine that stalls.
  const again = { retry: 3 };
  test.skipIf(missing !== undefined).for(names)("%s still prints its record", again, async (name, { expect }) => {
    const { stdout, stderr, status } = expected(name);
    const result = await run(join(binaries, process.platform === "win32" ? `${name}.exe` : name));
    expect(result.stdout).toBe(stdout);
    expect(result.stderr).toMatch(stderr);
    expect(result.status).toBe(status);
  });
});

describe("every example", () => {
  test.for(names)("%s is there in both languages, with its record", (name) => {
    for (const file of ["main.go", "main.ts", "output.txt"]) {
      expect(existsSync(join(folder, name, file)), file).toBe(true);
    }
  });

  test.for(names)("%s says in one to three lines what it shows", (name) => {
    for (const file of ["main.go", "main.ts"]) {
      const [head] = /^(\/\/ .+\n)*/.exec(readFileSync(join(folder, name, file), "utf8")) ?? [""];
      const lines = head.split("\n").length - 1;
      expect(lines, file).toBeGreaterThanOrEqual(1);
      expect(lines, file).toBeLessThanOrEqual(3);
    }
  });
});
