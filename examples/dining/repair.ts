// Repaired: everyone takes the fork with the lower number first. Whoever holds the highest fork waits for nobody.
import { main, sync } from "gocsp";

const philosopher = async (id: number, first: sync.Mutex, second: sync.Mutex) => {
  using _1 = await first.lock();
  using _2 = await second.lock();
  console.log(`philosopher ${id} eats`);
};

main(async () => {
  const n = 3;
  const forks = Array.from({ length: n }, () => new sync.Mutex());
  const table = new sync.WaitGroup();
  for (let id = 0; id < n; id++) {
    const [left, right] = [id, (id + 1) % n];
    table.go(philosopher, id, forks[Math.min(left, right)]!, forks[Math.max(left, right)]!);
  }
  await table.wait();
  console.log("all have eaten");
});
