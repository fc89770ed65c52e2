// Signals that the program sends to itself: Node calls the listeners of `process` in the same step.
import { chan, context, gosched, sync } from "gocsp";
import * as signal from "gocsp/signal";
import { type Program, same } from "./program.ts";

function raise(name: "SIGUSR2" | "SIGWINCH"): void {
  process.emit(name, name);
}

export const signals: readonly Program[] = [
  {
    name: "signal: each signal is in every channel that has room for it, and in none that has stopped",
    run: async () => {
      const [small, big] = [chan<signal.Signal>(1), chan<signal.Signal>(4)];
      signal.notify(big, "SIGUSR2", "SIGWINCH");
      const wg = new sync.WaitGroup();
      let [raised, afterStop] = [0, 0];
      wg.go(async () => {
        signal.notify(small, "SIGUSR2");
        await gosched();
        signal.stop(small);
        afterStop = small.length;
        await gosched();
        await gosched();
        same(small.length, afterStop, "signals after the stop");
      });
      wg.go(async () => {
        for (let i = 0; i < 2; i++) {
          raise("SIGUSR2");
          raised++;
          await gosched();
        }
      });
      wg.go(() => {
        raise("SIGWINCH");
        raised++;
      });
      await wg.wait();
      same([big.length, small.length <= 1], [raised, true], "what came");
      same(small.tryReceive()?.value ?? "SIGUSR2", "SIGUSR2", "the only signal that it has asked for");
      signal.stop(big);
    },
  },
  {
    name: "signal: a context ends by the first of signal, stop and parent, with that cause",
    run: async () => {
      const [parent, cancel] = context.withCancel(context.background());
      const [ctx, stop] = signal.notifyContext(parent, "SIGUSR2");
      let first = "";
      const wg = new sync.WaitGroup();
      wg.go(() => {
        first ||= "signal";
        raise("SIGUSR2");
      });
      wg.go(() => {
        first ||= "stop";
        stop();
      });
      wg.go(() => {
        first ||= "parent";
        cancel();
      });
      wg.go(async () => {
        await ctx.done().receive();
        const why = context.cause(ctx)?.message;
        raise("SIGUSR2"); // stays caught until the stop
        const wanted = first === "signal" ? "user defined signal 2 signal received" : "context canceled";
        same([why, ctx.err() === context.canceled], [wanted, true], "the cause");
      });
      await wg.wait();
      stop();
    },
  },
  {
    name: "signal: what is ignored or reset goes to no channel, also when others are being added",
    run: async () => {
      const [a, b] = [chan<signal.Signal>(4), chan<signal.Signal>(4)];
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        signal.notify(a, "SIGUSR2");
        await gosched();
        signal.notify(b, "SIGUSR2");
      });
      wg.go(async () => {
        await gosched();
        signal.ignore("SIGUSR2");
        const had = [a.length, b.length];
        same(signal.ignored("SIGUSR2"), true, "ignored");
        raise("SIGUSR2");
        same([a.length, b.length], had, "signals that are ignored");
      });
      await wg.wait();
      const had = [a.length, b.length];
      signal.reset("SIGUSR2");
      same(signal.ignored("SIGUSR2"), false, "ignored after the reset");
      raise("SIGUSR2");
      same([a.length, b.length], had, "signals after the reset");
    },
  },
];
