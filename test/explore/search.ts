// Measures what explore was built on, by the planted bugs, and writes bench/results/explore-search.md: the order of
// reference, that operations which need not wait are points too, and what pruning would lose.
// node test/explore/search.ts [schedules of each search], after npm run build.
import { writeFileSync } from "node:fs";
import { type Chan, chan, gosched, sync } from "gocsp";
import { attach, type Hooks } from "gocsp/runtime";
import type * as activity from "../../src/conductor/activity.ts";
import type * as conducting from "../../src/conductor/conductor.ts";
import type { Options } from "../../src/conductor/conductor.ts";
import type { Strand, Strategy } from "../../src/conductor/routine.ts";
import type * as planning from "../../src/explore/deviations.ts";
import type * as chance from "../../src/explore/random.ts";
import { type Bug, must } from "./corpus/bug.ts";
import { corpus } from "./corpus/corpus.ts";

/** Imports a module of the compiled library, whose parts have to be those that the programs use. */
async function built<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../../dist/${path}.js`, import.meta.url).href)) as Module;
}
const { Conductor } = await built<typeof conducting>("conductor/conductor");
const { hostIdentity } = await built<typeof activity>("conductor/activity");
const { Deviations } = await built<typeof planning>("explore/deviations");
const { Random } = await built<typeof chance>("explore/random");

const limit = Number(process.argv[2] ?? 2000);
const numberOf = (n: number): string => n.toLocaleString("en");

interface Way {
  readonly order: "fifo" | "stay";
  /** Whether operations that need not wait are points where others may go on. */
  readonly points: boolean;
}

/** Makes given choices. Where only parks are points, who went on before goes on behind an operation that need not wait. */
class Given implements Strategy {
  readonly sizes: number[] = [];
  readonly #choose: (options: number) => number;
  readonly #points: boolean;

  constructor(choose: (options: number) => number, points: boolean) {
    this.#choose = choose;
    this.#points = points;
  }

  next(options: readonly Strand[], last: Strand["routine"] | undefined): number {
    const own = options.findIndex(({ routine, why }) => why === "ready" && routine === last);
    if (this.#points || own < 0) return this.choose(options.length);
    this.sizes.push(1);
    return own;
  }

  choose(ready: number): number {
    this.sizes.push(ready);
    return this.#choose(ready);
  }
}

function follow(planned: readonly number[]): (options: number) => number {
  let at = 0;
  return (options) => Math.min(planned[at++] ?? 0, options - 1);
}

async function run(f: () => unknown, strategy: Strategy, options: Partial<Options>): Promise<boolean> {
  const conductor = new Conductor({
    name: "search",
    foreign: "durable",
    open: true,
    identity: hostIdentity,
    overtime: 1000,
    maxSteps: 20_000,
    ...options,
    strategy,
  });
  return (await conductor.run(f)).kind === "returned";
}

const optionsOf = ({ slow, maxSteps = 20_000 }: Bug): Partial<Options> => ({ slow, maxSteps });

/** Returns after how many schedules of few deviations a bug is found; undefined if it is not. */
async function bounded(bug: Bug, { order, points }: Way): Promise<number | undefined> {
  const deviations = new Deviations(4);
  for (let n = 1; n <= limit; n++) {
    const planned = deviations.next();
    if (planned === undefined) return undefined;
    const strategy = new Given(follow(planned), points);
    if (!(await run(() => bug.program(false), strategy, { ...optionsOf(bug), order }))) return n;
    deviations.ran(planned, strategy.sizes);
  }
  return undefined;
}

async function random(bug: Bug, { order, points }: Way): Promise<number | undefined> {
  for (let n = 1; n <= limit; n++) {
    const numbers = new Random(n);
    const strategy = new Given((options) => numbers.below(options), points);
    if (!(await run(() => bug.program(false), strategy, { ...optionsOf(bug), order }))) return n;
  }
  return undefined;
}

interface Found {
  readonly found: number;
  readonly median: number;
}

async function searched(way: Way, search: typeof bounded): Promise<Found> {
  const runs: number[] = [];
  for (const bug of corpus) runs.push((await search(bug, way)) ?? Infinity);
  runs.sort((a, b) => a - b);
  return { found: runs.filter((n) => n < Infinity).length, median: runs[runs.length >> 1] as number };
}

const row = (what: string, { found, median }: Found): string =>
  `| ${what} | ${found} of ${corpus.length} | ${median === Infinity ? "" : numberOf(median)} |`;

const stay: Way = { order: "stay", points: true };
const rows = [
  row("few deviations from the order in which whoever ran goes on", await searched(stay, bounded)),
  row("few deviations from first come, first served", await searched({ ...stay, order: "fifo" }, bounded)),
  row("the first, but only waits are points", await searched({ ...stay, points: false }, bounded)),
  row("at random", await searched(stay, random)),
  row("at random, but only waits are points", await searched({ ...stay, points: false }, random)),
];
for (const line of rows) console.log(line);

/** What a run did: who was asked at each choice, and what each step touched. */
interface Trace {
  readonly asked: { readonly step: number; readonly options: readonly number[] }[];
  readonly steps: { readonly routine: number; readonly touched: Set<object> }[];
}

/** Writes a trace of a run. */
function traced(planned: readonly number[]): { trace: Trace; strategy: Given; options: Partial<Options> } {
  const trace: Trace = { asked: [], steps: [] };
  const strategy = new (class extends Given {
    override next(options: readonly Strand[], last: Strand["routine"] | undefined): number {
      trace.asked.push({ step: trace.steps.length, options: options.map(({ routine }) => routine.number) });
      return super.next(options, last);
    }

    override choose(ready: number): number {
      if (trace.asked.length === this.sizes.length) trace.asked.push({ step: -1, options: [] });
      return super.choose(ready);
    }
  })(follow(planned), true);
  const touch = (object: object): void => void trace.steps.at(-1)?.touched.add(object);
  const hooks: Hooks = {
    send: touch,
    receive: touch,
    close: touch,
    sync: touch,
    park: (_, __, on) => touch(on),
    spawn: () => touch(trace),
  };
  return {
    trace,
    strategy,
    options: {
      order: "stay",
      watch: () => attach(hooks),
      step: ({ routine }) => void trace.steps.push({ routine: routine.number, touched: new Set() }),
    },
  };
}

/**
 * Whether it can matter that one goes on at a choice before those that went on in fact: whether its next step and one of
 * theirs touch the same.
 */
function matters({ asked, steps }: Trace, at: number, choice: number): boolean {
  const { step, options } = asked[at] as Trace["asked"][number];
  if (step < 0) return true;
  const own = steps.findIndex(({ routine }, i) => i >= step && routine === options[choice]);
  if (own < 0) return true;
  const { touched } = steps[own] as Trace["steps"][number];
  return steps.slice(step, own).some((other) => [...other.touched].some((object) => touched.has(object)));
}

interface Whole {
  readonly schedules: number;
  readonly behaviours: number;
  readonly failures: number;
}

/** Runs all schedules of a program, or those that pruning leaves, and counts what it returns. */
async function all(f: () => Promise<string>, pruned: boolean): Promise<Whole> {
  const deviations = new Deviations(Infinity);
  const behaviours = new Set<string>();
  let [schedules, failures] = [0, 0];
  for (let planned = deviations.next(); planned !== undefined; planned = deviations.next()) {
    schedules++;
    const { trace, strategy, options } = traced(planned);
    const ended = await run(async () => void behaviours.add(await f()), strategy, options);
    if (!ended) failures++;
    const sizes = strategy.sizes.map((size, at) => (pruned ? lastThatMatters(trace, at, size) : size));
    deviations.ran(planned, sizes);
  }
  return { schedules, behaviours: behaviours.size, failures };
}

/** As the list of deviations takes all choices below a number, one that matters keeps those before it. */
function lastThatMatters(trace: Trace, at: number, size: number): number {
  for (let choice = size - 1; choice > 0; choice--) if (matters(trace, at, choice)) return choice + 1;
  return 1;
}

const programs: Record<string, () => Promise<string>> = {
  "three goroutines send to two channels each, what comes first": async () => {
    const channels: readonly Chan<number>[] = [chan(3), chan(3)];
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 3; i++) {
      wg.go(async () => {
        for (const channel of channels) await channel.send(i);
      });
    }
    await wg.wait();
    let seen = "";
    for (const channel of channels) for (let i = 0; i < 3; i++) seen += String(channel.tryReceive()?.value);
    return seen;
  },
  "two look, and send to where nothing is yet": async () => {
    const channels: readonly Chan<number>[] = [chan(2), chan(2)];
    const lengths: number[] = [];
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 2; i++) {
      wg.go(async () => {
        for (const channel of channels) {
          await channel.send(i);
          lengths.push(channels[0]?.length ?? 0, channels[1]?.length ?? 0);
        }
      });
    }
    await wg.wait();
    return lengths.join("");
  },
  "a lost update of a plain variable": async () => {
    let n = 0;
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 3; i++) {
      wg.go(async () => {
        const seen = n;
        await gosched();
        n = seen + 1;
      });
    }
    await wg.wait();
    must(n === 3, `counted ${n}`);
    return String(n);
  },
};

const pruning: string[] = [];
for (const [name, program] of Object.entries(programs)) {
  const [whole, part] = [await all(program, false), await all(program, true)];
  const cells = (of: Whole): string =>
    `${numberOf(of.schedules)} | ${numberOf(of.behaviours)} | ${of.failures === 0 ? "none" : numberOf(of.failures)}`;
  pruning.push(`| ${name} | ${cells(whole)} | ${cells(part)} |`);
  console.log(pruning.at(-1));
}

writeFileSync(
  new URL("../../bench/results/explore-search.md", import.meta.url),
  `# What the search is built on

How many of the planted bugs are found, each within ${numberOf(limit)} schedules with at most four deviations from an order, or at
random; and the median of the schedules that it took.

| schedules | found | median |
| --- | --: | --: |
${rows.join("\n")}

*Pruning* would leave out a schedule if the step that it lets go first touches no channel and no lock that the steps touch which
it overtakes. It loses what goroutines do with plain variables, and more: so explore has none.

| program | all: schedules | behaviours | failures | pruned: schedules | behaviours | failures |
| --- | --: | --: | --: | --: | --: | --: |
${pruning.join("\n")}

Written by \`node test/explore/search.ts\`.
`,
);
