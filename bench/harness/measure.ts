// The measuring process: runs one workload of one subject and prints the times as JSON. Started by process.ts in a staged
// folder; go/main.go follows the same protocol.
import { parseArgs } from "node:util";
import type { Run, Runs } from "./subject.ts";

/** What a measuring process prints: the result of the last run and the nanoseconds per operation of each sample. */
export interface Measured {
  readonly n: number;
  readonly check: number;
  readonly samples: readonly number[];
}

/** The number of operations is always a multiple of this, so that workloads can work in batches. */
const step = 1000;
const sampleCount = 5;

const { values } = parseArgs({
  options: {
    subject: { type: "string", default: "" },
    workload: { type: "string", default: "" },
    budget: { type: "string", default: "400" },
    fixed: { type: "string", default: "0" },
    mixed: { type: "boolean", default: false },
  },
});

const { runs } = (await import(`../subjects/${values.subject}.js`)) as { runs: Runs };
const run = runs[values.workload];
if (run === undefined) throw new Error(`${values.subject} has no workload ${values.workload}`);
// Other workloads influence how code is compiled: a channel that has carried all kinds of values is slower.
if (values.mixed)
  for (const [name, other] of Object.entries(runs)) await other(name.startsWith("sieve") ? 100 : 2 * step);
const measured = await measure(run, Number(values.budget), Number(values.fixed));
// Abandoned goroutines and timers of an hour need not be waited for.
process.stdout.write(JSON.stringify(measured), () => process.exit(0));

async function measure(run: Run, budget: number, fixed: number): Promise<Measured> {
  if (fixed > 0) {
    await run(fixed / 4);
    const [perOp, check] = await timed(run, fixed);
    return { n: fixed, check, samples: [perOp] };
  }
  let n = step;
  let perOp = 0;
  // Warms the code up and finds out how many operations fit into a sample.
  for (let spent = 0; spent < budget;) {
    [perOp] = await timed(run, n);
    const took = (perOp * n) / 1e6;
    spent += took;
    if (took < budget / 8) n *= 2;
  }
  n = Math.max(1, Math.floor((budget * 1e6) / sampleCount / perOp / step)) * step;
  const samples: number[] = [];
  let check = 0;
  for (let i = 0; i < sampleCount; i++) {
    [perOp, check] = await timed(run, n);
    samples.push(perOp);
  }
  return { n, check, samples };
}

async function timed(run: Run, n: number): Promise<[perOp: number, check: number]> {
  const start = process.hrtime.bigint();
  const check = await run(n);
  return [Number(process.hrtime.bigint() - start) / n, check];
}
