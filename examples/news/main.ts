// Publish and subscribe: the publisher offers each piece of news to every subscriber, and skips a subscriber who has
// left: the select has both. No lock is held while it waits.
import { type Chan, chan, context, type Context, main, select, send, sync } from "gocsp";

type Subscriber = { name: string; ctx: Context; leave: () => void; news: Chan<string> };

const subscribe = (name: string): Subscriber => {
  const [ctx, leave] = context.withCancel(context.background());
  return { name, ctx, leave, news: chan<string>() };
};

const publish = async (subscribers: readonly Subscriber[], text: string) => {
  for (const s of subscribers) await select({ sent: send(s.news, text), left: s.ctx.done() });
};

const lines: string[] = [];

const read = async (s: Subscriber, pieces: number) => {
  for (let i = 0; i < pieces; i++) await s.news.receive();
  s.leave();
  lines.push(`${s.name} has read ${pieces} and left`);
};

main(async () => {
  const [ann, bob] = [subscribe("ann"), subscribe("bob")];
  const readers = new sync.WaitGroup();
  readers.go(read, ann, 1);
  readers.go(read, bob, 2);
  for (const text of ["rain", "sun", "snow"]) await publish([ann, bob], text);
  await readers.wait();
  for (const line of lines.sort()) console.log(line);
  console.log("all is published");
});
