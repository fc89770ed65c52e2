// An uncaught error in a goroutine ends the program with Go's report.
import { go, main, time } from "gocsp";

main(async () => {
  go(async () => {
    throw new Error("assignment to entry in nil map");
  });
  await time.sleep(time.hour);
});
