import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, run as runNow } from "../../scripts/project.ts";
import { goProblem, run } from "../examples/programs.ts";
import { gocsp, outputs } from "./translator.ts";

const source = join(root, "test/port/books");
const timeout = 240_000;

/** Runs the translated package on SQLite, where Go has a database of its own. */
const runner = `import { context, main } from "gocsp";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";
import { report } from "./books.ts";

main(async () => {
  await report(context.background(), sql.open(sqlite(":memory:")));
});
`;

describe.skipIf(goProblem() !== undefined)("a package on database/sql", { timeout }, () => {
  test.for([
    ["values", []],
    ["exceptions", ["--throw"]],
  ] as const)(
    "does with errors as %s what it does in Go, without marks or type errors [D11]",
    async ([name, flags]) => {
      const folder = join(outputs, `books-${name}`);
      mkdirSync(folder, { recursive: true });
      const port = gocsp(["port", "--check", "--quiet", ...flags, "-o", folder, "."], source);
      expect(port.stderr + port.stdout).toBe("");
      expect(port.status).toBe(0);
      writeFileSync(join(folder, "run.ts"), runner);
      const go = spawnSync("go", ["run", "./run"], { cwd: source, encoding: "utf8" });
      const here = await run(process.execPath, join(folder, "run.ts"));
      expect(here.stderr).toBe("");
      expect(here.stdout).toBe(go.stdout);

      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: "../../testdata/tsconfig.json", include: ["*.ts"], exclude: [] }),
      );
      const tsc = runNow(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
      expect(tsc.stdout).toBe("");
    },
  );
});
