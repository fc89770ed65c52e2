// Repaired: everyone takes the fork with the lower number first. Whoever holds the highest fork waits for nobody.
import { chan, type Chan, main, sync } from "gocsp";

const philosopher = async (id: number, first: Chan<void>, second: Chan<void>) => {
  await first.receive();
  await second.receive();
  console.log(`philosopher ${id} eats`);
  await second.send();
  await first.send();
};

main(async () => {
  const n = 3;
  const forks = Array.from({ length: n }, () => chan<void>(1));
  for (const fork of forks) await fork.send();
  const table = new sync.WaitGroup();
  for (let id = 0; id < n; id++) {
    const [left, right] = [id, (id + 1) % n];
    table.go(philosopher, id, forks[Math.min(left, right)]!, forks[Math.max(left, right)]!);
  }
  await table.wait();
  console.log("all have eaten");
});
