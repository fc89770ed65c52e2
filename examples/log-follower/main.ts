// Follows a log with tail -f: its lines come over a channel, and are counted by level, until the program has seen enough
// and stops the command, which would never end by itself.
import { chan, context, type Context, defer, errors, go, main, type ReceiveChan, select, send, time } from "gocsp";
import * as exec from "gocsp/exec";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

main(async () => {
  const dir = mkdtempSync(join(tmpdir(), "log-follower-"));
  using _ = defer(() => rmSync(dir, { recursive: true }));
  const log = join(dir, "app.log");
  write(log, "INFO starting", "WARN disk is slow");

  const [ctx, stop] = context.withCancel(context.background());
  const [lines, ended] = await follow(ctx, log);
  const counts = { INFO: 0, WARN: 0, ERROR: 0 };
  const see = async (n: number) => {
    for (let i = 0; i < n; i++) {
      const [level] = ((await lines.receive()) ?? "").split(" ");
      counts[level as "INFO"]++;
    }
    console.log("seen so far:", counts.INFO, "INFO,", counts.WARN, "WARN,", counts.ERROR, "ERROR");
  };
  await see(2);

  for (let i = 0; i < 5; i++) {
    write(log, `INFO request ${i}`, "ERROR no luck");
  }
  await see(10);

  // Nothing comes any more, but tail waits: only its context ends it.
  const op = await select({ line: lines, quiet: time.after(50 * time.millisecond) });
  if (op.case === "line") console.log("unexpected:", op.value);
  else console.log("the log is quiet");
  stop();
  console.log("tail has ended:", (await ended.receive())?.message);
  const [, ok] = await lines.receiveOk();
  console.log("the channel is closed:", !ok);
});

// follow returns the lines of a file as they are written, and how the command has ended.
async function follow(ctx: Context, file: string): Promise<[ReceiveChan<string>, ReceiveChan<Error | undefined>]> {
  const [lines, ended] = [chan<string>(), chan<Error | undefined>(1)];
  const cmd = exec.commandContext(ctx, "tail", "-n", "+1", "-f", file);
  const out = cmd.stdoutPipe();
  await cmd.start();
  go(async () => {
    using _ = defer(() => lines.close());
    for await (const line of createInterface(out)) {
      await select({ sent: send(lines, line), done: ctx.done() });
    }
    const [, err] = await errors.result(cmd.wait());
    await ended.send(err);
  });
  return [lines, ended];
}

function write(file: string, ...lines: string[]) {
  appendFileSync(file, `${lines.join("\n")}\n`);
}
