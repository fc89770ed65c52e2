// Publish and subscribe with subscribers of different speed, and a policy for each: one is waited for, one loses what
// does not fit into its buffer, one gets only the latest. A subscription ends with its context.
import { type Chan, chan, type Context, context, go, main, select, send } from "gocsp";

type Policy = (s: Subscriber, n: number) => unknown;

interface Subscriber {
  readonly ctx: Context;
  readonly name: string;
  readonly ch: Chan<number>;
  readonly publish: Policy;
  lost: number;
}

const waitFor: Policy = (s, n) => select({ sent: send(s.ch, n), done: s.ctx.done() });

const drop: Policy = (s, n) => {
  if (!s.ch.trySend(n)) s.lost++;
};

const latest: Policy = (s, n) => {
  while (!s.ch.trySend(n)) {
    if (s.ch.tryReceive() !== undefined) s.lost++;
  }
};

class Broker {
  subscribers: Subscriber[] = [];

  subscribe(ctx: Context, name: string, room: number, publish: Policy): Subscriber {
    const s = { ctx, name, ch: chan<number>(room), publish, lost: 0 };
    this.subscribers.push(s);
    return s;
  }

  async publish(n: number): Promise<void> {
    const left: Subscriber[] = [];
    for (const s of this.subscribers) {
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
    for await (const n of diligent.ch) total += n;
    await sum.send(total);
  });
  for (let n = 1; n <= 10; n++) {
    if (n === 5) unsubscribe();
    await b.publish(n);
  }
  for (const s of b.subscribers) s.ch.close();

  console.log("diligent: sum", await sum.receive(), "lost", diligent.lost);
  for (const s of [slow, lazy, fickle]) {
    let line = `${s.name}:`;
    for await (const n of s.ch) line += ` ${n}`;
    console.log(`${line}, lost ${s.lost}`);
  }
});
