// The subjects, and the workloads that each can express.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/project.ts";
import { plain } from "../workloads.ts";

/** The library under test. */
export const ours = "gocsp";

/** A workload, or one form of it, that a subject can do. */
export interface Entry {
  readonly workload: string;
  readonly form: string;
}

/** The rivals' modules in subjects/, by the names that `--against` takes. */
export const rivals: readonly string[] = readdirSync(join(root, "bench", "subjects"))
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
  .map((name) => name.slice(0, -".ts".length))
  .filter((name) => name !== ours);

/** Reads the workloads of a staged subject, in its order, without running them. */
export async function entriesOf(stage: string, subject: string): Promise<readonly Entry[]> {
  const { runs } = (await import(join(stage, "subjects", `${subject}.js`))) as { runs: object };
  return Object.keys(runs).map((key) => {
    const [workload = "", form = plain] = key.split("/");
    return { workload, form };
  });
}

/** Reads the workloads of the Go program from its source. */
export function goEntries(): readonly Entry[] {
  const folder = join(root, "bench", "go");
  const found = ["channels.go", "shelf.go"].flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/^\t\t"([a-z0-9-]+)": /gm)].map((match) => match[1] ?? ""),
  );
  return found.map((workload) => ({ workload, form: plain }));
}
