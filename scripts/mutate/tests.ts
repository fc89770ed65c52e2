// Runs test files against one mutant after another, in a process that is ended and begun anew when a mutant hangs it.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Answer, Job } from "./runner.ts";

/** How the tests answered a mutant. */
export type Verdict =
  | { readonly verdict: "killed" | "timed out"; readonly by: string }
  | { readonly verdict: "survived" };

/** How long vitest may take to start, in milliseconds. */
const startLimit = 120_000;

/** How long a run may go on after its first failure, or beyond the time of a test, in milliseconds. */
const patience = 5000;

export class Tests {
  readonly #tree: string;
  #child: ChildProcess | undefined = undefined;

  /** `tree` is the copy of the repository in which the mutants are. */
  constructor(tree: string) {
    this.#tree = tree;
  }

  /** Runs the files until one fails, or until nothing happens for longer than one test may take. */
  async run(files: readonly string[], env: Job["env"], testTimeout: number): Promise<Verdict> {
    const child = (this.#child ??= await this.#start());
    const job: Job = { files: files.map((file) => join(this.#tree, file)), env, testTimeout };
    return new Promise((resolve) => {
      let result: Verdict | undefined;
      const end = (fallback: Verdict, reusable: boolean): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (!reusable) this.stop();
        resolve(result ?? fallback);
      };
      let timer: NodeJS.Timeout | undefined;
      const wait = (fallback: Verdict, limit: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => end(fallback, false), limit);
      };
      const hung: Verdict = { verdict: "timed out", by: files.length === 1 ? `${files[0]}` : "a test that never ends" };
      wait(hung, testTimeout + 3 * patience);
      child.on("exit", () => end({ verdict: "killed", by: "the test runner ended" }, false));
      child.on("message", (message: Answer) => {
        if (message.kind === "failed" && result === undefined) {
          const by = `${message.file.slice(this.#tree.length + 1)}: ${message.test || message.why}`;
          result = { verdict: /timed out in \d+ms/.test(message.why) ? "timed out" : "killed", by };
          wait(result, patience);
        } else if (message.kind === "passed") {
          if (result === undefined) wait(hung, testTimeout + patience);
        } else if (message.kind === "done") {
          const complete = message.files === files.length;
          end(complete ? { verdict: "survived" } : { verdict: "killed", by: "a test file did not end" }, true);
        }
      });
      child.send(job);
    });
  }

  /** Ends the process, with the programs that tests have started in it. */
  stop(): void {
    const pid = this.#child?.pid;
    this.#child = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  async #start(): Promise<ChildProcess> {
    const runner = join(this.#tree, "scripts/mutate/runner.ts");
    const child = fork(runner, [join(this.#tree, "..", "cache")], {
      cwd: this.#tree,
      // A process group of its own, so that all in it can be ended at once.
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("vitest does not start")), startLimit);
      child.once("exit", () => reject(new Error("vitest has ended at its start")));
      child.once("message", () => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve();
      });
    });
    return child;
  }
}
