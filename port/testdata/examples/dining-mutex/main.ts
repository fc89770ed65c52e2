// Five philosophers whose forks are mutexes. Everyone takes the lower-numbered fork first, so that there is always one
// who can eat; dining-deadlock shows what happens if everyone takes the left one first.
import { gosched, main, sync } from "gocsp";
import { at } from "gocsp/golib";

main(async () => {
  const n = 5;
  const meals = 20;
  const forks = Array.from({ length: n }, () => new sync.Mutex());
  const plates = new Array<number>(n).fill(0);
  let neighbours = false as boolean;
  const eating = new Array<boolean>(n).fill(false);
  // table: no section of this mutex waits, so nobody needs it here.
  const wg = new sync.WaitGroup();
  for (let id = 0; id < n; id++) {
    const left = id;
    const right = (id + 1) % n;
    const first_ = at(forks, Math.min(left, right));
    const second = at(forks, Math.max(left, right));
    wg.go(async () => {
      for (let i = 0; i < meals; i++) {
        await first_.lock();
        await second.lock();
        eating[id] = true;
        neighbours = neighbours || eating[(id + 1) % n]! || eating[(id + n - 1) % n]!;
        await gosched();
        plates[id]!++;
        eating[id] = false;
        second.unlock();
        first_.unlock();
      }
    });
  }
  await wg.wait();
  for (const [id, count] of plates.entries()) {
    console.log(`philosopher ${id} ate ${count} times`);
  }
  console.log("neighbours ate at the same time:", neighbours);
});
