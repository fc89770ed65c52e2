// The event loop runs dry more than once: the goroutines are probed, and then there is work for them after all.
import { chan, context, go, main, select, selector, time } from "gocsp";

const scenarios: Record<string, () => void> = {
  work() {
    const log: unknown[] = [];
    const [a, b, c, d, e] = [chan<number>(), chan<number>(), chan<number>(), chan<number>(), chan<number>()];
    const [f, g, h, i, j] = [chan<number>(), chan<number>(), chan<number>(), chan<number>(), chan<number>()];
    const [ctx, cancel] = context.withCancel(context.background());
    const done = chan<void>();
    const note = (what: string, value?: unknown): void => void log.push([what, value]);
    go(async () => {
      note("receive", await a.receive());
      note("again", await a.receive());
    });
    go(async () => note("send", await b.send(1)));
    go(async () => {
      for (let n = 0; n < 2; n++) note("select", await select({ c, d }));
    });
    go(async () => {
      const turn = selector({ d, e });
      for (let n = 0; n < 2; n++) note("selector", { ...(await turn.select()) });
    });
    go(async () => {
      for await (const value of f) note("for await", value);
      note("closed");
    });
    go(async () => {
      await g.receive(ctx).catch((error: Error) => note("receive(ctx)", error.message));
    });
    go(async () => {
      await h.send(1).catch((error: Error) => note("send", error.message));
    });
    go(async () => note("all", await Promise.all([i.receive(), j.receive()])));
    const serve = async (): Promise<void> => {
      await a.send(1);
      await a.send(2);
      note("served", await b.receive());
      await c.send(3);
      await d.send(4);
      await d.send(5);
      await e.send(6);
      for (const n of [7, 8]) await f.send(n);
      f.close();
      cancel();
      h.close();
      await i.send(9);
      await j.send(10);
      await time.sleep(1);
      done.close();
    };
    let rounds = 0;
    process.on("beforeExit", () => {
      if (++rounds < 4) setTimeout(() => chan().tryReceive(), 1);
      else if (rounds === 4) go(serve);
    });
    main(async () => {
      await done.receive();
      console.log(JSON.stringify(log));
    });
  },
  deadlock() {
    const ch = chan<string>();
    const never = chan<void>();
    let rounds = 0;
    process.on("beforeExit", () => {
      if (rounds++ < 3) setTimeout(() => ch.trySend(`round ${rounds}`), 1);
    });
    go(async () => {
      await never.receive(); // @other
    });
    main(async () => {
      for (;;) console.log(await ch.receive()); // @main
    });
  },
};

scenarios[process.argv[2] as string]?.();
