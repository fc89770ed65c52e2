// Broken: each philosopher takes the fork on the left first. If all do so at the same time, no fork is left for the right.
import { main, sync } from "gocsp";

const philosopher = async (id: number, left: sync.Mutex, right: sync.Mutex) => {
  using _1 = await left.lock();
  using _2 = await right.lock();
  console.log(`philosopher ${id} eats`);
};

main(async () => {
  const n = 3;
  const forks = Array.from({ length: n }, () => new sync.Mutex());
  const table = new sync.WaitGroup();
  for (let id = 0; id < n; id++) table.go(philosopher, id, forks[id]!, forks[(id + 1) % n]!);
  await table.wait();
  console.log("all have eaten");
});
