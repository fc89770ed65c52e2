// A process that runs test files for scripts/mutate.ts, again and again: vitest, with all it has transformed, stays.
// All files of one run share one new worker process, which costs least; the next run has another one.
import { createVitest, type Reporter, type TestCase, type TestModule, type TestSpecification } from "vitest/node";

/** One run: the environment that selects the mutant, and the files in the order in which they are to run. */
export interface Job {
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How long one test may take, in milliseconds. */
  readonly testTimeout: number;
}

/** How a run ended. The first failure is told at once, by a message of its own. */
export type Answer =
  | { readonly kind: "ready" | "passed" }
  | { readonly kind: "failed"; readonly file: string; readonly test: string; readonly why: string }
  | { readonly kind: "done"; readonly files: number };

const answer = (message: Answer): boolean | undefined => process.send?.(message);

let ended = 0;
const reporter: Reporter = {
  onTestModuleCollected() {
    answer({ kind: "passed" });
  },
  onTestModuleEnd(module: TestModule) {
    ended++;
    const [error] = module.errors();
    if (error !== undefined) answer({ kind: "failed", file: module.moduleId, test: "", why: error.message });
  },
  onTestCaseResult(test: TestCase) {
    const { state, errors } = test.result();
    if (state !== "failed") answer({ kind: "passed" });
    else answer({ kind: "failed", file: test.module.moduleId, test: test.fullName, why: errors[0]?.message ?? "" });
  },
  onTestRunEnd(_, errors) {
    const [error] = errors;
    if (error !== undefined) answer({ kind: "failed", file: "", test: "", why: error.message });
  },
};

/** Leaves the files in the order of the job. */
class AsGiven {
  sort(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
}

const [cacheDir = "", sweeper] = process.argv.slice(2);
const vitest = await createVitest(
  "test",
  {
    watch: false,
    ...(sweeper === undefined ? { bail: 1 } : { runner: sweeper }),
    isolate: false,
    maxWorkers: 1,
    fileParallelism: false,
    reporters: [reporter],
    sequence: { sequencer: AsGiven },
    silent: true,
  },
  { cacheDir },
);

process.on("message", (job: Job) => {
  void (async () => {
    for (const name of ["GOCSP_MUTANT", "GOCSP_REACHED", "GOCSP_SWEEP"]) delete process.env[name];
    Object.assign(process.env, job.env);
    const project = vitest.getRootProject();
    project.config.testTimeout = project.config.hookTimeout = job.testTimeout;
    ended = 0;
    await vitest.runTestSpecifications(job.files.map((file) => project.createSpecification(file)));
    answer({ kind: "done", files: ended });
  })();
});
process.on("disconnect", () => process.exit());
answer({ kind: "ready" });
