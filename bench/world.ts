// A hundred megabytes through pipes and streams, and events at a hundred thousand a second, against the host's own
// APIs: npm run bench:world
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { commit, machine, nodeVersion } from "./harness/machine.ts";
import { runProbe } from "./harness/process.ts";

const probe = [process.execPath, "--no-warnings", "--expose-gc", join(import.meta.dirname, "probes", "world.ts")];

/** Our runs, and those with the host's APIs that do the same. */
const pairs: readonly (readonly [ours: string, bare: string])[] = [
  ["exec: cat", "spawn: cat"],
  ["Node's stream: receive", "Node's stream: for await"],
  ["stream of the web: receive", "stream of the web: for await"],
  ["channel to Node's stream: Readable.from(ch)", "generator to Node's stream: Readable.from(iterable)"],
];

interface Through {
  readonly took: number;
  readonly memory: readonly number[];
}

/** Returns the median of five runs. */
function through(name: string): Through {
  const runs = Array.from({ length: 5 }, () => runProbe<Through>([...probe, name]));
  return runs.toSorted((a, b) => a.took - b.took)[2] as Through;
}

const rows = pairs.flatMap(([ours, bare]) => [[ours, through(ours)] as const, [bare, through(bare)] as const]);

interface Counted {
  readonly sent: number;
  readonly received: number;
  readonly dropped: number;
  readonly inOrder: boolean;
  readonly pauses: number;
  readonly cause: string;
  readonly took: number;
  readonly left: number;
}

const policies = ["dropNewest", "dropOldest", "error", "pause"];
const counted = policies.map((policy) => [policy, runProbe<Counted>([...probe, "events", policy])] as const);

const n = (value: number): string => value.toLocaleString("en-US");
const { cpu, cores, memory, system } = machine();
const markdown = `# The world around

100 MiB in chunks of 64 KiB. Memory is what the heap and buffers hold after a collection, in MiB: before, and when a quarter, a
half, three quarters and all have come through.

| what | ms | MiB before, at 25, 50, 75, 100 MiB |
|---|--:|---|
${rows.map(([name, { took, memory }]) => `| ${name} | ${took.toFixed(0)} | ${memory.map((mib) => mib.toFixed(1)).join(", ")} |`).join("\n")}

100,000 events a second for three seconds, a capacity of 64, and a consumer that takes 32 between two turns of the event
loop. What was sent was received or counted as dropped; with \`pause\` the source holds back.

| full | sent | received | dropped | in order | pauses | cause | listeners left |
|---|--:|--:|--:|---|--:|---|--:|
${counted
  .map(
    ([policy, { sent, received, dropped, inOrder, pauses, cause, left }]) =>
      `| ${policy} | ${n(sent)} | ${n(received)} | ${n(dropped)} | ${inOrder ? "yes" : "no"} | ${n(pauses)} | ${cause} | ${left} |`,
  )
  .join("\n")}

${cpu}, ${cores} cores, ${memory}, ${system}; node ${nodeVersion(process.execPath)}; gocsp at ${commit()}; the third of five runs.
\`npm run bench:world\`
`;
for (const [policy, { sent, received, dropped }] of counted) {
  if (policy !== "error" && sent !== received + dropped)
    throw new Error(`${policy}: ${sent} sent, ${received + dropped} seen`);
}
const folder = join(root, "bench", "results");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "world.md"), markdown);
console.log(markdown);
