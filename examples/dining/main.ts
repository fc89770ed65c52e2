// Five philosophers, five forks, and nobody starves: a fork is a channel with one place, and everyone takes the
// lower-numbered first. Dijkstra's problem; the order of taking is what rules the deadlock out.
import { type Chan, chan, go, main, type SendChan } from "gocsp";

type Fork = Chan<void>;

const philosopher = async (first: Fork, second: Fork, meals: number, eaten: SendChan<number>, id: number) => {
  for (let i = 0; i < meals; i++) {
    await first.receive();
    await second.receive();
    await eaten.send(id);
    await second.send();
    await first.send();
  }
};

main(async () => {
  const [n, meals] = [5, 2];
  const forks: Fork[] = [];
  for (let i = 0; i < n; i++) {
    const fork = chan<void>(1);
    await fork.send();
    forks.push(fork);
  }

  const eaten = chan<number>();
  for (let id = 0; id < n; id++) {
    const [left, right] = [id, (id + 1) % n];
    go(philosopher, forks[Math.min(left, right)]!, forks[Math.max(left, right)]!, meals, eaten, id);
  }

  const plates = Array<number>(n).fill(0);
  for (let i = 0; i < n * meals; i++) plates[(await eaten.receive())!]!++;
  for (const [id, count] of plates.entries()) console.log(`philosopher ${id} ate ${count} times`);
});
