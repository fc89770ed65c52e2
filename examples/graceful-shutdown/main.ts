// Shutdown on SIGTERM, which the program sends itself: no new work, what is in flight has 50 ms to drain, and what is
// not done by then is aborted. A second signal during the shutdown does not kill.
import { chan, context, defer, go, main, select, sync, time } from "gocsp";
import * as signal from "gocsp/signal";

const terminate = () => process.kill(process.pid, "SIGTERM");

main(async () => {
  const [ctx, stop] = signal.notifyContext(context.background(), "SIGTERM");
  using _ = stop;
  const [hard, abort] = context.withCancel(context.background());
  using _1 = abort;

  const [jobs, finish] = [chan<string>(), chan<void>()];
  const ends = new Map<string, string>();
  const inFlight = new sync.WaitGroup();
  const started = chan<void>();
  const work = async (name: string) => {
    let end = "drained";
    await started.send();
    switch (name) {
      case "stuck":
        await hard.done().receive();
        end = `aborted: ${hard.err()?.message}`;
        break;
      default:
        await finish.receive();
    }
    ends.set(name, end);
  };

  const accepting = chan<void>();
  go(async () => {
    using _ = defer(() => accepting.close());
    for (;;) {
      const op = await select({ done: ctx.done(), job: jobs });
      if (op.case === "done") return;
      if (op.ok) inFlight.go(work, op.value);
    }
  });
  const names = ["first", "stuck", "second"];
  for (const name of names) {
    await jobs.send(name);
    await started.receive();
  }

  terminate();
  await ctx.done().receive();
  console.log("shutting down:", context.cause(ctx)?.message);
  await accepting.receive();
  console.log(jobs.trySend("late") ? "accepted" : "no new work");

  terminate();
  finish.close();
  const [limit, cancel] = context.withTimeout(context.background(), 50 * time.millisecond);
  using _2 = cancel;
  try {
    await inFlight.wait(limit);
    console.log("all done");
  } catch {
    console.log("the time is over");
    abort();
    await inFlight.wait();
  }
  for (const name of names) console.log(`${name}: ${ends.get(name)}`);
});
