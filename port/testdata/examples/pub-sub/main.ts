// Publish and subscribe with subscribers of different speed, and a policy for each: one is waited for, one loses what
// does not fit into its buffer, one gets only the latest. A subscription ends with its context.
import { type Chan, chan, type Context, context, go, main, nilChan, select, send } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

class Subscriber {
  ctx!: Context;
  name = "";
  ch: Chan<number> = nilChan();
  publish!: (s: Subscriber, n: number) => void | Promise<void>;
  lost = 0;

  constructor(init?: Partial<Subscriber>) {
    Object.assign(this, init);
  }
}

async function waitFor(s: Subscriber, n: number): Promise<void> {
  await select({ sent: send(s.ch, n), done: s.ctx.done() });
}

function drop(s: Subscriber, n: number): void {
  if (!s.ch.trySend(n)) {
    s.lost++;
  }
}

function latest(s: Subscriber, n: number): void {
  for (;;) {
    if (s.ch.trySend(n)) {
      return;
    }
    if (s.ch.tryReceive() !== undefined) {
      s.lost++;
    }
  }
}

class Broker {
  subscribers: Subscriber[] = [];

  constructor(init?: Partial<Broker>) {
    Object.assign(this, init);
  }

  subscribe(
    ctx: Context,
    name: string,
    room: number,
    publish: (arg0: Subscriber, arg1: number) => void | Promise<void>,
  ): Subscriber {
    const s = new Subscriber({ ctx, name, ch: chan<number>(room), publish, lost: 0 });
    this.subscribers.push(s);
    return s;
  }

  async publish(n: number): Promise<void> {
    const left: Subscriber[] = [];
    for (const s of this.subscribers.slice()) {
      if (s.ctx.err() !== undefined) {
        s.ch.close();
        continue;
      }
      await s.publish(s, n);
      left.push(s);
    }
    this.subscribers = left;
  }
}

main(async () => {
  const ctx = context.background();
  const [short, unsubscribe] = context.withCancel(ctx);
  const b = new Broker();
  const diligent = b.subscribe(ctx, "diligent", 0, waitFor);
  const slow = b.subscribe(ctx, "slow", 3, drop);
  const lazy = b.subscribe(ctx, "lazy", 1, latest);
  const fickle = b.subscribe(short, "fickle", 10, drop);

  const sum = chan<number>();
  go(async () => {
    let total = 0;
    for await (const n of diligent.ch) {
      total += n;
    }
    await sum.send(total);
  });
  for (let n = 1; n <= 10; n++) {
    if (n === 5) {
      unsubscribe();
    }
    await b.publish(n);
  }
  for (const s of b.subscribers) {
    s.ch.close();
  }

  console.log("diligent: sum", (await sum.receive()) ?? 0, "lost", diligent.lost);
  for (const s of [slow, lazy, fickle]) {
    fmt.print(s.name, ":");
    for await (const n of s.ch) {
      fmt.print(" ", n);
    }
    console.log(", lost", s.lost);
  }
});
