// Two goroutines count beside main. Who counts when is up to the scheduler; that main waits for both is not.
import { gosched, main, sync } from "gocsp";

const count = async (name: string) => {
  for (let i = 1; i <= 3; i++) {
    console.log(name, i);
    await gosched(); // others may go on
  }
};

main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(count, "ann");
  wg.go(count, "bob");
  console.log("main waits");
  await wg.wait();
  console.log("both have counted");
});
