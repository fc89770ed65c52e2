// Broken: each philosopher takes the fork on the left first. If all do so at the same time, no fork is left for the right.
import { chan, type Chan, main, sync } from "gocsp";

const philosopher = async (id: number, left: Chan<void>, right: Chan<void>) => {
  await left.receive();
  await right.receive();
  console.log(`philosopher ${id} eats`);
  await right.send();
  await left.send();
};

main(async () => {
  const n = 3;
  const forks = Array.from({ length: n }, () => chan<void>(1));
  for (const fork of forks) await fork.send();
  const table = new sync.WaitGroup();
  for (let id = 0; id < n; id++) table.go(philosopher, id, forks[id]!, forks[(id + 1) % n]!);
  await table.wait();
  console.log("all have eaten");
});
