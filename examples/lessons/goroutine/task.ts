// Main starts a goroutine and ends. Make it wait until the work is done.
import { go, gosched, main } from "gocsp";

const work = async () => {
  await gosched(); // it takes a while
  console.log("the work is done");
};

main(async () => {
  go(work);
  console.log("main ends");
});
