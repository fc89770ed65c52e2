// A runtime panic in main: deferred calls run, other goroutines just stop, and the report names the mistake.
// The status is 2, as after every panic that is not recovered.
import { chan, defer, go, main, select } from "gocsp";

main(async () => {
  using _ = defer(console.log, "main's deferred call");
  go(async () => {
    using _ = defer(console.log, "never printed");
    await select({});
  });

  const ch = chan<number>();
  ch.close();
  await ch.send(1);
  console.log("never printed");
});
