/**
 * How long `gocsp port` takes for a package of about a thousand lines: `npm run bench:port` writes `bench/results/port.md`.
 *
 * Three states of the porter's machine: nothing that Go has built is there; Go's own library is built, as after any `go build`
 * or `go test` of the porter's; the translator is built.
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { entries, unpack } from "../test/port/corpus.ts";
import { commit, machine } from "./harness/machine.ts";
import { median } from "./harness/stats.ts";

const module = "github.com/patrickmn/go-cache";
const rounds = 5;

const entry = entries().find((each) => each.module === module);
if (entry === undefined) throw new Error(`${module} is not in the corpus`);
const source = unpack(entry);
const lines = readdirSync(source)
  .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))
  .reduce((sum, name) => sum + readFileSync(join(source, name), "utf8").split("\n").length - 1, 0);
const folder = mkdtempSync(join(tmpdir(), "gocsp-port-"));
const cache = join(folder, "cache");
const library = join(folder, "library");

/** Translates the package, and returns how many seconds that took. */
function port(): number {
  const start = performance.now();
  const child = spawnSync(
    process.execPath,
    [join(root, "dist", "port", "port.js"), "port", "--quiet", "-o", join(folder, "out"), "."],
    { cwd: source, encoding: "utf8", env: { ...process.env, GOCACHE: cache, GOWORK: "off" } },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return (performance.now() - start) / 1000;
}

/** Measures a state that is made anew for each round. */
const measured = (make: () => void): number[] =>
  Array.from({ length: rounds }, () => {
    make();
    return port();
  });

const { cpu, cores } = machine();
try {
  const built = spawnSync("go", ["build", "std"], { encoding: "utf8", env: { ...process.env, GOCACHE: library } });
  if (built.status !== 0) throw new Error(built.stderr);
  const states: [name: string, seconds: number[]][] = [
    ["nothing is built, not even Go's own library", measured(() => rmSync(cache, { recursive: true, force: true }))],
    [
      "Go's own library is built, the translator is not",
      measured(() => {
        rmSync(cache, { recursive: true, force: true });
        cpSync(library, cache, { recursive: true });
      }),
    ],
    ["the translator is built", measured(() => undefined)],
  ];
  const text = [
    "# How long a translation takes",
    "",
    `Seconds for \`gocsp port\` of \`${module}\`, ${lines} lines without its tests: the median and the longest of ${rounds} runs.`,
    "",
    "| | median | longest |",
    "| --- | --: | --: |",
    ...states.map(([name, all]) => `| ${name} | ${median(all).toFixed(1)} | ${Math.max(...all).toFixed(1)} |`),
    "",
    `${cpu}, ${cores} cores, load ${(loadavg()[0] as number).toFixed(1)}; gocsp at ${commit()}; \`npm run bench:port\``,
  ].join("\n");
  console.log(text);
  writeFileSync(join(root, "bench", "results", "port.md"), `${text}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
