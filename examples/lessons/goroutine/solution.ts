// A WaitGroup counts the goroutine in before it starts, and wait returns when the count is zero.
import { gosched, main, sync } from "gocsp";

const work = async () => {
  await gosched(); // it takes a while
  console.log("the work is done");
};

main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(work);
  await wg.wait();
  console.log("main ends");
});
