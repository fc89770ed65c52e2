// Builds the Go program, where there is Go.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, temporaryFolder } from "../../scripts/project.ts";

export interface GoProgram {
  readonly path: string;
  readonly version: string;
}

/** Returns the program, or a line that says why there is none. */
export function buildGo(): GoProgram | string {
  const version = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  if (version.status !== 0) return "Go is skipped: there is no go command";
  const path = join(temporaryFolder(), "gobench");
  const build = spawnSync("go", ["build", "-o", path, "."], { cwd: join(root, "bench", "go"), encoding: "utf8" });
  if (build.status !== 0) return `Go is skipped: go build failed\n${build.stderr}`;
  return { path, version: version.stdout.trim().replace(/^go/, "") };
}
