// Searches for all planted bugs, in the runtime that runs this, and runs the repaired programs. Prints one line of JSON.
// `bench/rates.ts` bundles it for each runtime.
import { explore, ExploreError } from "gocsp/explore";
import { corpus, optionsOf } from "./corpus/corpus.ts";

const { process } = globalThis as { process?: { cpuUsage(): { user: number; system: number } } };

function clock(): number {
  if (process === undefined) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const tokens: string[] = [];
let searched = 0;
const seen = corpus.filter(({ hosted }) => hosted !== true || process !== undefined);
for (const bug of seen) {
  const options = { ...optionsOf(bug), runs: 5000, seed: 1 };
  const error: unknown = await explore(() => bug.program(false), options).catch((error: unknown) => error);
  const found = error instanceof ExploreError ? `${error.run} ${error.kind} ${error.token}` : String(error);
  tokens.push(`${bug.name}: ${found}`);
  searched += error instanceof ExploreError ? error.run : 0;
}

let [schedules, steps] = [0, 0];
const start = clock();
for (const bug of corpus) {
  const result = await explore(() => bug.program(true), { ...optionsOf(bug), runs: 200, seed: 7 });
  schedules += result.runs;
  steps += result.steps;
}
const seconds = (clock() - start) / 1000;

console.log(JSON.stringify({ tokens, searched, schedules: schedules / seconds, steps: steps / seconds }));
