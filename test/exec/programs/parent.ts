// Starts commands that would run without end, and ends in the way that its argument says.
import { context, main } from "gocsp";
import * as exec from "gocsp/exec";

const how = process.argv[2];

main(async () => {
  const script = `
    sh -c 'trap "" TERM INT HUP; while :; do sleep 0.05; done' &
    sh -c 'set -m; sh -c "trap \\"\\" TERM; sleep 60" & wait' &
    echo ready; wait`;
  for (const ctx of [context.background(), undefined]) {
    const cmd = ctx === undefined ? exec.command("sh", "-c", script) : exec.commandContext(ctx, "sh", "-c", script);
    const out = cmd.stdoutPipe();
    await cmd.start();
    await new Promise((resolve) => out.once("data", resolve));
  }
  const outliving = exec.command("sleep", "60");
  outliving.env = { ...process.env, GOCSP_EXEC_TEST: process.env["OUTLIVING"] };
  outliving.outlives = how === "outlives";
  await outliving.start();
  console.log("started");
  switch (how) {
    case "exit":
      process.exit(3);
    case "return":
    case "outlives":
      return;
    case "throw":
      throw new Error("a bug");
    default:
      process.kill(process.pid, how);
      await new Promise(() => setInterval(() => undefined, 1000));
  }
});
