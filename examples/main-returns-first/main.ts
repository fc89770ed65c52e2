// When main returns the program is over: it does not wait for the other goroutines, their deferred calls do not run, timers
// are forgotten. To wait for a goroutine, let it signal that it has ended.
import { chan, defer, go, main, time } from "gocsp";

main(async () => {
  const started = chan<never>();
  go(async () => {
    using _ = defer(console.log, "never printed");
    started.close();
    await time.sleep(1 * time.hour);
  });
  time.afterFunc(1 * time.hour, () => console.log("never printed"));
  go(async () => {
    using _ = defer(console.log, "never printed");
    await chan<number>().receive();
  });
  await started.receive();
  using _ = defer(console.log, "main's deferred call");
  console.log("main returns");
});
