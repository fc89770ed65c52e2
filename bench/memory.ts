// Memory and leaks: npm run bench:memory. Each line is measured in a fresh process.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { buildGo } from "./harness/go.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { runProbe } from "./harness/process.ts";
import { stage } from "./harness/stage.ts";

/** The wanted bytes. Nothing may be retained, apart from the noise of V8's own tables. */
const wanted: Readonly<Record<string, number>> = { "parked receive": 700, "parked select of 2": 950 };
const noise = 100_000;

/** The same things in Go. */
const inGo: Readonly<Record<string, string>> = {
  channel: "channel",
  "parked receive": "receive",
  "parked select of 2": "select2",
  "parked select of 8": "select8",
  "parked receive(ctx)": "receive-ctx",
  "context withCancel": "cancel",
  "context withCancel, done() used": "cancel-done",
  "context child": "child",
  "context withTimeout": "timeout",
  "context withValue": "value",
  "time.after": "after",
  "time.newTimer": "newTimer",
  "time.afterFunc": "afterFunc",
};

const folder = stage(join(root, "dist"), false);
const probe = [process.execPath, "--no-warnings", "--expose-gc", join(folder, "probes", "memory.js")];
const { sizes, leaks } = runProbe<{ sizes: string[]; leaks: string[] }>([...probe, "--list"]);
const program = buildGo();
if (typeof program === "string") console.error(program);

interface Size {
  readonly what: string;
  readonly bytes: number;
  readonly wanted: number | undefined;
  readonly go: number | undefined;
}

const each: Size[] = [];
for (const what of sizes) {
  const { bytes } = runProbe<{ bytes: number }>([...probe, what]);
  const name = inGo[what];
  const go =
    name === undefined || typeof program === "string"
      ? undefined
      : runProbe<{ bytes: number }>([program.path, "-memory", name]).bytes;
  each.push({
    what,
    bytes: Math.round(bytes),
    wanted: wanted[what],
    go: go === undefined ? undefined : Math.round(go),
  });
  console.error(`${what}: ${Math.round(bytes)} bytes`);
}

const retained: { what: string; bytes: number }[] = [];
for (const what of leaks) {
  const { bytes } = runProbe<{ bytes: number }>([...probe, what]);
  retained.push({ what, bytes });
  console.error(`${what}: ${bytes} bytes retained`);
}

const results = join(root, "bench", "results");
mkdirSync(results, { recursive: true });
const versions = { node: nodeVersion(process.execPath), go: typeof program === "string" ? undefined : program.version };
const result = {
  date: new Date().toISOString().slice(0, 10),
  commit: commit(),
  machine: machine(),
  versions,
  each,
  retained,
};
writeFileSync(join(results, "memory.json"), `${JSON.stringify(result, undefined, 2)}\n`);
const markdown = table();
writeFileSync(join(results, "memory.md"), markdown);
console.log(`\n${markdown}`);

function table(): string {
  const lines = [
    "| one | bytes | wanted | in Go |",
    "|---|--:|--:|--:|",
    ...each.map(
      ({ what, bytes, wanted, go }) =>
        `| ${what} | ${bytes} | ${wanted === undefined ? "" : `≤ ${wanted}`} | ${go ?? ""} |`,
    ),
    "",
    "| afterwards | bytes retained in all |",
    "|---|--:|",
    ...retained.map(({ what, bytes }) => `| ${what} | ${bytes < noise ? `0 (${bytes})` : `**${bytes}**`} |`),
  ];
  return `${lines.join("\n")}\n`;
}
