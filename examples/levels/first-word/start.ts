// Two goroutines say their name, and main prints who was first.
import { chan, go, main } from "gocsp";

main(async () => {
  const names = chan<string>(2);
  go(() => names.send("ann"));
  go(() => names.send("bob"));
  console.log("first:", await names.receive());
  console.log("second:", await names.receive());
});
