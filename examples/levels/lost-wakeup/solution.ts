// The look and the beginning of the wait are one under the lock: no bell can ring in between.
import { main, sync } from "gocsp";

const pot = { ready: false };
const mu = new sync.Mutex();
const bell = new sync.Cond(mu);

const drink = async () => {
  using _ = await mu.lock();
  while (!pot.ready) await bell.wait();
  console.log("coffee");
};

const brew = async () => {
  using _ = await mu.lock();
  pot.ready = true;
  bell.signal();
};

main(async () => {
  const both = new sync.WaitGroup();
  both.go(drink);
  both.go(brew);
  await both.wait();
});
