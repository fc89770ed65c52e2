// Shutdown on SIGTERM, which the program sends itself: no new work, what is in flight has 50 ms to drain, and what is
// not done by then is aborted. A second signal during the shutdown does not kill.
import { chan, context, defer, go, main, select, sync, time } from "gocsp";
import * as signal from "gocsp/signal";
import * as fmt from "gocsp/golib/fmt";
import * as os from "gocsp/golib/os";

function terminate(): void {
  const [self] = os.findProcess(os.getpid());
  self.signal("SIGTERM");
}

main(async () => {
  const [ctx, stop] = signal.notifyContext(context.background(), "SIGTERM");
  using _ = stop;
  const [hard, abort] = context.withCancel(context.background());
  using _1 = abort;

  const jobs = chan<string>();
  const finish = chan<void>();
  const ends = new Map<string, string>();
  // mu: no section of this mutex waits, so nobody needs it here.
  const inFlight = new sync.WaitGroup();
  const started = chan<void>();
  const work = async (name: string) => {
    let end = "drained";
    await started.send();
    switch (name) {
      case "stuck":
        await hard.done().receive();
        end = "aborted: " + hard.err()!.message;
        break;
      default:
        await finish.receive();
    }
    ends.set(name, end);
  };

  const accepting = chan<void>();
  go(async () => {
    using _2 = defer(() => accepting.close());
    for (;;) {
      const op = await select({ done: ctx.done(), jobs });
      switch (op.case) {
        case "done":
          return;
        case "jobs": {
          const name = op.value ?? "";
          inFlight.go(async () => await work(name));
        }
      }
    }
  });
  const names = ["first", "stuck", "second"];
  for (const name of names) {
    await jobs.send(name);
    await started.receive();
  }

  terminate();
  await ctx.done().receive();
  fmt.println("shutting down:", context.cause(ctx));
  await accepting.receive();
  if (jobs.trySend("late")) {
    console.log("accepted");
  } else {
    console.log("no new work");
  }

  terminate();
  finish.close();
  const drained = chan<void>();
  go(async () => {
    await inFlight.wait();
    drained.close();
  });
  const op = await select({ drained, after: time.after(50 * time.millisecond) });
  switch (op.case) {
    case "drained":
      console.log("all done");
      break;
    case "after":
      console.log("the time is over");
      abort();
      await drained.receive();
  }
  for (const name of names) {
    console.log(`${name}: ${ends.get(name) ?? ""}`);
  }
});
