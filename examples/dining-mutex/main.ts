// Five philosophers whose forks are mutexes. Everyone takes the lower-numbered fork first, so that there is always one
// who can eat; dining-deadlock shows what happens if everyone takes the left one first.
import { gosched, main, sync } from "gocsp";

main(async () => {
  const [n, meals] = [5, 20];
  const forks = Array.from({ length: n }, () => new sync.Mutex());
  const plates = Array<number>(n).fill(0);
  let neighbours = false;
  const eating = Array<boolean>(n).fill(false);
  const wg = new sync.WaitGroup();
  for (let id = 0; id < n; id++) {
    const [left, right] = [id, (id + 1) % n];
    const [first, second] = [forks[Math.min(left, right)]!, forks[Math.max(left, right)]!];
    wg.go(async () => {
      for (let i = 0; i < meals; i++) {
        using _ = await first.lock();
        using _1 = await second.lock();
        // No await in between: the table needs no lock of its own.
        eating[id] = true;
        neighbours ||= eating[(id + 1) % n]! || eating[(id + n - 1) % n]!;
        await gosched();
        plates[id]!++;
        eating[id] = false;
      }
    });
  }
  await wg.wait();
  for (const [id, count] of plates.entries()) console.log(`philosopher ${id} ate ${count} times`);
  console.log("neighbours ate at the same time:", neighbours);
});
