// The machine of a result: enough to judge it by, without its name.
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { root, run } from "../../scripts/project.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    // The kernel's version without what its builder has appended.
    system: `${type()} ${/^[\d.]+/.exec(release())?.[0] ?? ""}`.trim(),
  };
}

/** The commit of the working tree, with a mark if the measured code is not exactly that. */
export function commit(): string {
  const head = run("git", ["rev-parse", "--short=12", "HEAD"]);
  if (head.code !== 0) return "unknown";
  const changed = run("git", ["status", "--porcelain", "--", "src"]).stdout !== "";
  return head.stdout.trim() + (changed ? " and changes" : "");
}

/** The versions of the rivals, as pinned, by the names of their subjects. */
export function rivalVersions(): Record<string, string> {
  const text = readFileSync(join(root, "bench", "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return Object.fromEntries(Object.entries(dependencies).map(([name, version]) => [subjectOf[name] ?? name, version]));
}

const subjectOf: Readonly<Record<string, string>> = { "@thi.ng/csp": "thi.ng-csp", "@king011/easyts": "easyts" };

export function nodeVersion(node: string): string {
  return run(node, ["--version"]).stdout.trim().replace(/^v/, "");
}
