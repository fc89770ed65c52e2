// Five philosophers, five forks, and nobody starves: a fork is a channel with one place, and everyone takes the
// lower-numbered first. Dijkstra's problem; the order of taking is what rules the deadlock out.
import { type Chan, chan, go, main, nilChan, type SendChan } from "gocsp";
import { at } from "gocsp/golib";

type Fork = Chan<void>;

async function philosopher(first_: Fork, second: Fork, meals: number, eaten: SendChan<number>, id: number): Promise<void> {
  for (let i = 0; i < meals; i++) {
    await first_.receive();
    await second.receive();
    await eaten.send(id);
    await second.send();
    await first_.send();
  }
}

main(async () => {
  const n = 5;
  const meals = 2;
  const forks = Array.from({ length: n }, (): Fork => nilChan());
  for (const i of forks.keys()) {
    forks[i] = chan<void>(1);
    await forks[i]!.send();
  }

  const eaten = chan<number>();
  for (let id = 0; id < n; id++) {
    const left = id;
    const right = (id + 1) % n;
    go(philosopher, at(forks, Math.min(left, right)), at(forks, Math.max(left, right)), meals, eaten, id);
  }

  const plates = new Array<number>(n).fill(0);
  for (let i1 = 0; i1 < n * meals; i1++) {
    const index = (await eaten.receive()) ?? 0;
    plates[index] = at(plates, index) + 1;
  }
  for (const [id, count] of plates.entries()) {
    console.log(`philosopher ${id} ate ${count} times`);
  }
});
