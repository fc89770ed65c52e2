// Bob begins when Ann has spoken: what he waits for is closed after her send.
import { chan, go, main } from "gocsp";

main(async () => {
  const names = chan<string>(2);
  const annHasSpoken = chan<never>();
  go(async () => {
    await names.send("ann");
    annHasSpoken.close();
  });
  go(async () => {
    await annHasSpoken.receive();
    await names.send("bob");
  });
  console.log("first:", await names.receive());
  console.log("second:", await names.receive());
});
