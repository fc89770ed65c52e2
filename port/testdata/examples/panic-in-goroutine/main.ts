// A panic that nobody recovers ends the whole program with status 2, in whichever goroutine it happens.
// The goroutine's own deferred calls still run; main's do not, and main cannot catch it.
import { chan, defer, go, main } from "gocsp";
import { deferring, panic } from "gocsp/golib";

main(async () => {
  await deferring(async (deferred) => {
    deferred(() => console.log("never printed"));
    deferred((recover) => {
      recover();
    });

    const wait = chan<void>();
    go(() => {
      using _ = defer(() => console.log("the goroutine's deferred call"));
      panic(new Error("something went wrong"));
    });
    await wait.receive();
  });
});
