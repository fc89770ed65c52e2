// Five philosophers who all take the left fork first, and wait until everyone has one: none will ever get the right
// one. The program ends with a report and status 2; the report names each lock that is waited for.
import { chan, go, main, sync } from "gocsp";

main(async () => {
  const n = 5;
  const forks = Array.from({ length: n }, () => new sync.Mutex());
  const seated = new sync.WaitGroup();
  seated.add(n);
  const eaten = chan<number>();
  for (let id = 0; id < n; id++) {
    const [left, right] = [forks[id]!, forks[(id + 1) % n]!];
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
  console.log("philosopher", await eaten.receive(), "has eaten");
});
