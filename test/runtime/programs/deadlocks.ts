// One scenario, named by the first argument, in which everything falls asleep. The comments mark the lines that the
// report must name.
import { chan, context, go, main, nilChan, select, selector, send, time } from "gocsp";

const ch = chan<number>();
const full = chan<number>(1);

class Store {
  readonly #items = chan<number>();

  static async run(this: void): Promise<void> {
    await new Store().first(); // @static
  }

  async first(): Promise<number | undefined> {
    const item = await this.#next(); // @method
    return item;
  }

  async #next(): Promise<number | undefined> {
    const item = await this.#items.receive(); // @private
    return item;
  }
}

async function inner(): Promise<void> {
  await ch.receive(); // @inner
}

async function outer(): Promise<void> {
  const middle = async (): Promise<void> => {
    await inner(); // @middle
  };
  await middle(); // @outer
}

async function* numbers(): AsyncGenerator<number> {
  for (;;) yield (await ch.receive()) ?? 0; // @generator
}

const scenarios: Record<string, () => unknown> = {
  async states() {
    full.trySend(1);
    const [ctx] = context.withCancel(context.background());
    go(async () => {
      await ch.receive(); // @chan receive
    });
    go(async () => {
      await ch.receiveOk(); // @chan receive, ok
    });
    go(async () => {
      await full.send(2); // @chan send
    });
    go(async () => {
      await nilChan().receive(); // @chan receive (nil chan)
    });
    go(async () => {
      await nilChan<number>().send(1); // @chan send (nil chan)
    });
    go(async () => {
      await select({ ch, sent: send(full, 3) }); // @select
    });
    go(async () => {
      await select({ nil: null, other: nilChan() }); // @select, nil channels
    });
    go(async () => {
      await select({}); // @select (no cases)
    });
    go(async () => {
      await selector({ ch, sent: send(full, 3) }).select(); // @selector
    });
    go(async () => {
      await ch.receive(ctx); // @receive(ctx)
    });
    go(async () => {
      await full.send(3, ctx); // @send(ctx)
    });
    go(async () => {
      await ctx.done().receive(); // @done
    });
    go(async () => {
      for await (const _ of ch); // @for await
    });
    go(async () => {
      for await (const _ of ch.range(ctx)); // @range(ctx)
    });
    await ch.receive(); // @main
  },
  async places() {
    go(outer); // @go outer
    go(Store.run); // @go store
    go(async () => {
      await Promise.all([ch.receive(), full.receive()]); // @all
    });
    go(async () => {
      await Promise.race([ch.receive(), full.receive()]); // @race
    });
    go(async () => {
      await Promise.any([ch.receive(), inner()]); // @any
    });
    go(async () => {
      for await (const n of numbers()) console.log(n); // @over a generator
    });
    go(async () => {
      go(async () => {
        await ch.receive(); // @grandchild
      }); // @go grandchild
      await full.receive(); // @child
    });
    await chan().receive(); // @main of places
  },
  async ended() {
    go(async () => time.sleep(1));
    go(() => undefined);
    await chan().receive(); // @only main
  },
  async afterSleep() {
    go(async () => {
      await time.sleep(30);
      console.log("slept");
      await chan().receive(); // @after sleep
    });
    await chan().receive();
  },
  async afterFunc() {
    time.afterFunc(30, () => console.log("called"));
    await chan().receive();
  },
  async deadline() {
    const [ctx, cancel] = context.withTimeout(context.background(), 30);
    using _ = cancel;
    await ctx.done().receive();
    console.log(String(ctx.err()?.message));
    await chan().receive();
  },
  async unwatched() {
    time.newTimer(600_000);
    time.newTicker(600_000);
    context.withTimeout(context.background(), 600_000);
    time.afterFunc(600_000, () => undefined).stop();
    await select({});
  },
  async stoppedTimer() {
    const timer = time.newTimer(600_000);
    go(async () => {
      await timer.c.receive(); // @stopped timer
    });
    await time.sleep(1);
    timer.stop();
    await select({}); // @beside it
  },
  async cleanup() {
    try {
      await chan().receive();
    } catch {
      console.log("recovered");
    } finally {
      console.log("finally");
    }
  },
  async collected() {
    go(async () => {
      await chan().receive(); // @collected child
    });
    const { gc } = globalThis as unknown as { gc: () => void };
    setTimeout(gc, 20);
    await chan().receive(); // @collected main
  },
  async many() {
    console.error("standard error has been used before");
    for (let i = 0; i < 2000; i++) go(inner);
    await chan().receive(); // @main of many
  },
};

main(scenarios[process.argv[2] as string] as () => unknown);
