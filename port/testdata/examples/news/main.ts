// Publish and subscribe: who publishes offers each piece of news to every subscriber, and a subscriber who has left is
// skipped: the select has both. No lock is held while somebody is waited for.
import { type CancelFunc, type Chan, chan, type Context, context, main, nilChan, select, send, sync } from "gocsp";
import * as slices from "gocsp/golib/slices";

class Subscriber {
  name = "";
  ctx!: Context;
  leave!: CancelFunc;
  news: Chan<string> = nilChan();

  constructor(init?: Partial<Subscriber>) {
    Object.assign(this, init);
  }
}

function subscribe(name: string): Subscriber {
  const [ctx, leave] = context.withCancel(context.background());
  return new Subscriber({ name, ctx, leave, news: chan<string>() });
}

async function publish(subscribers: Subscriber[], text: string): Promise<void> {
  for (const s of subscribers) {
    await select({ sent: send(s.news, text), done: s.ctx.done() });
  }
}

// mu: no section of this mutex waits, so nobody needs it here.
let lines: string[] = [];

async function read(s: Subscriber, pieces: number): Promise<void> {
  for (let i = 0; i < pieces; i++) {
    await s.news.receive();
  }
  s.leave();
  lines.push(`${s.name} has read ${pieces} and left`);
}

main(async () => {
  const ann = subscribe("ann");
  const bob = subscribe("bob");
  const readers = new sync.WaitGroup();
  readers.go(async () => await read(ann, 1));
  readers.go(async () => await read(bob, 2));
  for (const text of ["rain", "sun", "snow"]) {
    await publish([ann, bob], text);
  }
  await readers.wait();
  slices.sort(lines);
  for (const line of lines) {
    console.log(line);
  }
  console.log("all is published");
});
