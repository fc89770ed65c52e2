// Builds a NATS server for the tests of gocsp/topic/jetstream, where Debian's is too old: needs Go and its proxy.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./project.ts";

const version = "v2.15.3";
const folder = join(root, "node_modules", ".cache", `nats-server-${version}`);

/** Where the program is, if it has been built. */
export const built: string = join(folder, "nats-server");

if (import.meta.main) {
  const { status, error } = spawnSync("go", ["install", `github.com/nats-io/nats-server/v2@${version}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error(`nats-server: it cannot be built here${error === undefined ? "" : `: ${error.message}`}`);
    process.exitCode = 1;
  } else {
    console.log(built);
  }
}
