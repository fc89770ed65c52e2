// What takes hours: a million schedules of the programs that check the packages, ten thousand of each program whose bug
// was repaired, a thousand random programs in Go and here, half a million messages through a topic, and thirty faults of workers
// and servers. npm run test:nightly; other numbers:
// EXPLORE_LIBRARY=20000 npm run test:nightly.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { root } from "./project.ts";

const numbers = {
  EXPLORE_LIBRARY: "1000000",
  EXPLORE_SCHEDULES: "10000",
  ORACLE_PROGRAMS: "1000",
  TOPIC_JOBS: "500000",
  TOPIC_FAULT_ROUNDS: "30",
};
const tests = ["test/explore/library", "test/explore/corpus", "test/oracle", "test/topic/many", "test/topic/faults"];
const vitest = ["node_modules/vitest/vitest.mjs", "run", ...tests];

const { status } = spawnSync(process.execPath, [...vitest, "--testTimeout=3600000", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...numbers, ...process.env },
});
process.exit(status ?? 1);
