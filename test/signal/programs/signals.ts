// One scenario, named by the first argument, in which the program signals itself. Signals that are sent to oneself arrive in
// order, so a later one on a channel tells that those before it have been handled.
import { chan, context, errors, go, main, select, time } from "gocsp";
import * as signal from "gocsp/signal";

const background = context.background();
const kill = (name: signal.Signal): void => void process.kill(process.pid, name);

/** Waits until all signals sent so far have been handled. */
async function flush(): Promise<void> {
  const ch = chan<signal.Signal>(1);
  signal.notify(ch, "SIGUSR2");
  kill("SIGUSR2");
  await ch.receive();
  signal.stop(ch);
}

const programs: Record<string, () => unknown> = {
  async shutdown() {
    const [ctx, stop] = signal.notifyContext(background, "SIGINT", "SIGTERM");
    kill("SIGINT");
    await ctx.done().receive();
    const cause = context.cause(ctx);
    console.log(ctx.err()?.message, "|", cause?.message, "|", errors.is(cause, context.canceled));
    for (let i = 0; i < 10; i++) {
      kill("SIGINT");
      kill("SIGTERM");
      await flush();
    }
    console.log("still here", "|", context.cause(ctx) === cause);
    stop();
    stop();
    kill("SIGTERM");
    await time.sleep(10 * time.second);
    console.log("still here after stop");
  },
  async causeThatKills() {
    const [ctx, stop] = signal.notifyContext(background, "SIGTERM");
    stop();
    console.log(context.cause(ctx)?.message);
    kill("SIGTERM");
    await time.sleep(10 * time.second);
  },
  async endedParent() {
    const [parent, cancel] = context.withCancelCause(background);
    cancel(new Error("the parent's"));
    const [ctx, stop] = signal.notifyContext(parent, "SIGHUP");
    kill("SIGHUP");
    await flush();
    console.log(ctx.err()?.message, "|", context.cause(ctx)?.message);
    stop();
    kill("SIGHUP");
    await time.sleep(10 * time.second);
  },
  async ignored() {
    signal.ignore("SIGTERM", "SIGHUP");
    console.log(signal.ignored("SIGTERM"), signal.ignored("SIGHUP"), signal.ignored("SIGINT"));
    kill("SIGTERM");
    kill("SIGHUP");
    await flush();
    console.log("still here");
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGHUP");
    kill("SIGHUP");
    console.log(await ch.receive(), signal.ignored("SIGHUP"));
    signal.reset("SIGTERM", "SIGHUP");
    kill("SIGTERM");
    await time.sleep(10 * time.second);
  },
  async ignoreAndSleep() {
    signal.ignore("SIGHUP");
    await select({});
  },
  async stopAndSleep() {
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGHUP");
    signal.stop(ch);
    await ch.receive();
  },
  async waiting() {
    const [ctx, stop] = signal.notifyContext(background, "SIGTERM");
    using _ = stop;
    console.log("ready");
    await ctx.done().receive();
    console.log(context.cause(ctx)?.message);
  },
  async waitingOnAChannel() {
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGTERM");
    console.log("ready");
    console.log(await ch.receive());
  },
  async closed() {
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGHUP");
    ch.close();
    kill("SIGHUP");
    await time.sleep(10 * time.second);
  },
  // Go's TestAtomicStop.
  async atomicStop() {
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGINT");
    kill("SIGINT");
    signal.stop(ch);
    const op = await select({ ch, late: time.after(10 * time.second) });
    console.log(op.case);
  },
  async atomicStopOfAContext() {
    const [, stop] = signal.notifyContext(background, "SIGTERM");
    kill("SIGTERM");
    stop();
    await time.sleep(10 * time.second);
  },
  async atomicReset() {
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGINT");
    await flush();
    kill("SIGINT");
    signal.reset("SIGINT");
    await time.sleep(10 * time.second);
  },
  async atomicStopOfOne() {
    const channels = [chan<signal.Signal>(1), chan<signal.Signal>(1)];
    for (const ch of channels) signal.notify(ch, "SIGINT");
    kill("SIGINT");
    signal.stop(channels[0]!);
    console.log(await channels[1]!.receive());
  },
  async atomicStopWithAnOwnListener() {
    let heard = 0;
    process.on("SIGINT", () => heard++);
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGINT");
    kill("SIGINT");
    signal.stop(ch);
    await flush();
    await time.sleep(20);
    console.log(heard);
  },
  async several() {
    const channels = [chan<signal.Signal>(1), chan<signal.Signal>(1)];
    for (const ch of channels) signal.notify(ch, "SIGHUP");
    signal.notify(channels[1]!, "SIGUSR1");
    kill("SIGHUP");
    for (const ch of channels) console.log(await ch.receive());
    kill("SIGUSR1");
    console.log(await channels[1]!.receive(), channels[0]!.length);
  },
};

/** Plain modules: they end when nothing keeps them alive. */
const modules: Record<string, () => void> = {
  held() {
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGTERM");
    go(async () => {
      console.log(await ch.receive());
      signal.stop(ch);
    });
    console.log("ready");
  },
  stopped() {
    const [, stop] = signal.notifyContext(background, "SIGTERM");
    stop();
    signal.ignore("SIGHUP");
  },
  atomicStopAtTheEnd() {
    const ch = chan<signal.Signal>(1);
    signal.notify(ch, "SIGHUP");
    kill("SIGHUP");
    signal.stop(ch);
  },
  refused() {
    try {
      signal.notify(chan<signal.Signal>(1), "SIGTERM", "SIGKILL");
    } catch (error) {
      console.log(String(error));
    }
  },
};

const name = process.argv[2] ?? "";
const program = programs[name];
if (program === undefined) modules[name]?.();
else main(program);
