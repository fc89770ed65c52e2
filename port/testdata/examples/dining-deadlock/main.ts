// Five philosophers who all take the left fork first, and wait until everyone has one: nobody will ever get the right
// one. The program is told so and ends with status 2; the report names each of the locks that are waited for.
import { chan, go, main, sync } from "gocsp";

main(async () => {
  const n = 5;
  const forks = Array.from({ length: n }, () => new sync.Mutex());
  const seated = new sync.WaitGroup();
  seated.add(n);
  const eaten = chan<number>();
  for (let id = 0; id < n; id++) {
    const left = forks[id]!;
    const right = forks[(id + 1) % n]!;
    go(async () => {
      using _ = await left.lock();
      seated.done();
      await seated.wait();
      using _1 = await right.lock();
      await eaten.send(id);
    });
  }
  await seated.wait();
  console.log("everyone has a left fork");
  console.log("philosopher", (await eaten.receive()) ?? 0, "has eaten");
});
