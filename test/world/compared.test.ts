// The tables of docs/compared.md are what compare.mjs prints.
import { readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import { canFind } from "../exec/marks.ts";
import { startAlone } from "../guide/program.ts";
import { projectOf } from "../guide/project.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

// It counts the processes that are left, which can be found on Linux only.
test.skipIf(!canFind)("each cell of docs/compared.md is what was found", { timeout: 300_000 }, async () => {
  const files = { "compare.mjs": read("compare.mjs"), "marks.ts": read("../exec/marks.ts") };
  const folder = projectOf(import.meta.dirname, files);
  try {
    const printed = await startAlone(folder, "compare.mjs", {});
    const tables = printed.trim().split(/\n\n(?=<!--)/);
    expect(tables).toHaveLength(3);
    const page = read("../../docs/compared.md");
    for (const table of tables) expect(page).toContain(table);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
