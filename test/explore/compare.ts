// The same three problems for explore, fast-check's scheduler and Effect's TestClock. Writes bench/results/explore-compare.md:
// node test/explore/compare.ts, after npm run build.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Mutex } from "async-mutex";
import fc, { type Scheduler } from "fast-check";
import { chan, go, gosched, select, sync, time } from "gocsp";
import { explore, ExploreError } from "gocsp/explore";
import type { failures as Failures } from "../../bench/probes/testclock.ts";
import { installOnce, root } from "../../scripts/project.ts";

const problems = {
  "check, then act, across an answer": {
    // begin explore 1
    explore: async () => {
      let balance = 100;
      const withdraw = async (amount: number): Promise<void> => {
        if (balance < amount) return;
        await gosched();
        balance -= amount;
      };
      const wg = new sync.WaitGroup();
      wg.go(withdraw, 80);
      wg.go(withdraw, 80);
      await wg.wait();
      if (balance < 0) throw new Error("overdrawn");
    },
    // end
    // begin fast-check 1
    scheduler: async (s: Scheduler) => {
      let balance = 100;
      const answer = s.scheduleFunction(async () => undefined);
      const withdraw = async (amount: number): Promise<void> => {
        if (balance < amount) return;
        await answer();
        balance -= amount;
      };
      const both = Promise.all([withdraw(80), withdraw(80)]);
      await s.waitAll();
      await both;
      if (balance < 0) throw new Error("overdrawn");
    },
    // end
  },
  "two locks in two orders": {
    // begin explore 2
    explore: async () => {
      const [a, b] = [new sync.Mutex(), new sync.Mutex()];
      const both = async (x: sync.Mutex, y: sync.Mutex): Promise<void> => {
        using _1 = await x.lock();
        using _2 = await y.lock();
      };
      const wg = new sync.WaitGroup();
      wg.go(both, a, b);
      wg.go(both, b, a);
      await wg.wait();
    },
    // end
    // begin fast-check 2
    scheduler: async (s: Scheduler) => {
      const [a, b] = [new Mutex(), new Mutex()];
      let done = 0;
      const both = async (x: Mutex, y: Mutex): Promise<void> => {
        await s.schedule(Promise.resolve());
        const unlockX = await x.acquire();
        await s.schedule(Promise.resolve());
        const unlockY = await y.acquire();
        unlockY();
        unlockX();
        done++;
      };
      void both(a, b);
      void both(b, a);
      await s.waitAll();
      await new Promise((resolve) => setImmediate(resolve));
      if (done !== 2) throw new Error("deadlock");
    },
    // end
  },
  "a sender that is forgotten after a timeout": {
    // begin explore 3
    explore: async () => {
      const answer = chan<number>();
      go(async () => {
        await time.sleep(900);
        await answer.send(1);
      });
      await select({ answer, late: time.after(1000) });
    },
    // end
    scheduler: undefined,
  },
} as const;

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

function cell(runs: readonly number[]): string {
  const sorted = runs.toSorted((a, b) => a - b);
  const missed = sorted.filter((run) => run === Infinity).length;
  return `${sorted[10]} (${missed === 0 ? sorted.at(-1) : `${missed} of 20 missed`})`;
}

const bench = join(root, "bench");
installOnce(bench);
const testClock = join(bench, "probes/testclock.ts");
const { failures } = (await import(testClock)) as { failures: typeof Failures };
const failed = await failures(seeds.length);

const source = readFileSync(import.meta.filename, "utf8") + readFileSync(testClock, "utf8");
function linesOf(tool: string, n: number): number {
  const [, text = ""] = new RegExp(`// begin ${tool} ${n}\\n([\\s\\S]*?)\\n *// end`).exec(source) ?? [];
  return text.split("\n").length;
}

function versionOf(folder: string, name: string): string {
  const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

const rows: string[] = [];
for (const [i, [name, { explore: program, scheduler }]] of Object.entries(problems).entries()) {
  const own: number[] = [];
  const theirs: number[] = [];
  for (const seed of seeds) {
    const error: unknown = await explore(program, { seed, slow: i === 2, runs: 1000 }).catch((error: unknown) => error);
    own.push(error instanceof ExploreError ? error.run : Infinity);
    if (scheduler === undefined) continue;
    const property = fc.asyncProperty(fc.scheduler(), scheduler);
    const { failed, numRuns } = await fc.check(property, { seed, numRuns: 1000, endOnFailure: true });
    theirs.push(failed ? numRuns : Infinity);
  }
  const compared =
    scheduler === undefined ? "no timers, no leaks | " : `${cell(theirs)} | ${linesOf("fast-check", i + 1)}`;
  const clock = `${failed[i] === 0 ? "never" : `in ${failed[i]} of ${seeds.length}`} | ${linesOf("TestClock", i + 1)}`;
  rows.push(`| ${name} | ${cell(own)} | ${linesOf("explore", i + 1)} | ${compared} | ${clock} |`);
}
writeFileSync(
  join(root, "bench/results/explore-compare.md"),
  `# explore, fast-check's scheduler and Effect's TestClock

After how many runs the same bug is found, the median and the maximum of 20 seeds, and the lines of the program for each.

fast-check orders the promises that a program hands to its scheduler; what goes on between them, locks, timers and what is left
behind are the program's to check. \`explore\` sees every operation of the library, so it needs no word about it; in turn it
knows nothing of promises that are not in transformed code. They go together: \`explore.once(f, seed)\` inside a property lets
fast-check shrink the program and the schedule.

Effect's TestClock is the counterpart of \`gocsp/synctest\`: time is virtual, and moves when the test says so. A test runs
one order of its fibers, always the same, so it finds what that order shows: in how many of ${seeds.length} runs it fails. It does not report
fibers that are left or wait for each other; the programs here ask for that themselves. A pause between the two locks, put
there by hand, would show their order.

| problem | explore | lines | fast-check's scheduler | lines | TestClock | lines |
| --- | --: | --: | --: | --: | --: | --: |
${rows.join("\n")}

Written by \`node test/explore/compare.ts\`, effect ${versionOf(bench, "effect")}, fast-check ${versionOf(root, "fast-check")}.
`,
);
console.log(rows.join("\n"));
