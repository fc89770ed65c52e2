// One waits until the coffee is ready, the other makes it and rings the bell.
import { main, sync } from "gocsp";

const pot = { ready: false };
const mu = new sync.Mutex();
const bell = new sync.Cond(mu);

const drink = async () => {
  if (!pot.ready) {
    using _ = await mu.lock();
    await bell.wait();
  }
  console.log("coffee");
};

const brew = async () => {
  pot.ready = true;
  bell.signal();
};

main(async () => {
  const both = new sync.WaitGroup();
  both.go(drink);
  both.go(brew);
  await both.wait();
});
