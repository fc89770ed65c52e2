// Broken: a visitor who may not see the place turns around on an early return, and takes the ticket along.
import { chan, main, sync } from "gocsp";

main(async () => {
  const sem = chan<void>(1);
  const visitors = new sync.WaitGroup();
  const visit = async (name: string, mayEnter: boolean) => {
    await sem.send();
    if (!mayEnter) return;
    console.log(name, "is inside");
    await sem.receive();
  };
  visitors.go(visit, "ann", true);
  visitors.go(visit, "bob", false);
  visitors.go(visit, "cleo", true);
  await visitors.wait();
  console.log("all have left");
});
