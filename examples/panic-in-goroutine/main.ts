// A panic that is not recovered ends the whole program with status 2, in whichever goroutine it happens.
// The goroutine's own deferred calls still run; main's do not, and main cannot catch it.
import { chan, defer, go, main } from "gocsp";

main(async () => {
  using _ = defer(console.log, "never printed");
  try {
    const wait = chan<never>();
    go(async () => {
      using _ = defer(console.log, "the goroutine's deferred call");
      throw new Error("something went wrong");
    });
    await wait.receive();
  } catch {
    console.log("never printed");
  }
});
