// Repaired: the leave is deferred at the place of the entry. The deferred receive runs on every way out.
import { chan, defer, main, sync } from "gocsp";

main(async () => {
  const sem = chan<void>(1);
  const visitors = new sync.WaitGroup();
  const visit = async (name: string, mayEnter: boolean) => {
    await sem.send();
    await using _ = defer(() => sem.receive());
    if (!mayEnter) return;
    console.log(name, "is inside");
  };
  visitors.go(visit, "ann", true);
  visitors.go(visit, "bob", false);
  visitors.go(visit, "cleo", true);
  await visitors.wait();
  console.log("all have left");
});
