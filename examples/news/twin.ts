// Broken: the broker holds its lock while it waits for a reader, and a reader who leaves waits for the lock.
import { type Chan, chan, main, sync } from "gocsp";

const mu = new sync.Mutex();
const subscribers = new Set<Chan<string>>();

const publish = async (text: string) => {
  using _ = await mu.lock();
  for (const news of subscribers) await news.send(text);
};

const read = async (news: Chan<string>, pieces: number) => {
  for (let i = 0; i < pieces; i++) await news.receive();
  using _ = await mu.lock();
  subscribers.delete(news);
};

main(async () => {
  const [ann, bob] = [chan<string>(), chan<string>()];
  subscribers.add(ann).add(bob);
  const readers = new sync.WaitGroup();
  readers.go(read, ann, 1);
  readers.go(read, bob, 2);
  for (const text of ["rain", "sun", "snow"]) await publish(text);
  await readers.wait();
  console.log("all is published");
});
