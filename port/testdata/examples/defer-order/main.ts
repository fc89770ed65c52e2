// Deferred calls run last in, first out, on return and on panic; their arguments are fixed where they are deferred.
// A deferred function may panic itself: the new panic replaces the old one, and can be recovered further out.
import { chan, defer, go, main } from "gocsp";
import { bound, deferringSync, panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

function ordered(): void {
  using deferred = new DisposableStack();
  for (let i = 0; i < 3; i++) {
    deferred.defer(() => console.log("deferred in the loop:", i));
  }
  let n = 1;
  deferred.defer(bound(fmt.println, "argument:", n));
  deferred.defer(() => {
    console.log("closure:", n);
  });
  n = 2;
  console.log("body:", n);
}

function careful(): Error | undefined {
  let err = undefined as Error | undefined;
  return deferringSync((deferred) => {
    deferred((recover) => {
      const r = recover();
      if (r !== undefined) {
        err = fmt.errorf("recovered: %v", r);
      }
    });
    deferred(() => console.log("runs although the body panics"));
    panic("first");
  }, (): Error | undefined => err);
}

function replaced(): Error | undefined {
  let err = undefined as Error | undefined;
  return deferringSync((deferred) => {
    deferred((recover) => {
      err = fmt.errorf("recovered: %v", recover());
    });
    deferred(() => panic("second"));
    panic("first");
  }, (): Error | undefined => err);
}

main(async () => {
  using _ = defer(() => console.log("main's own, at the very end"));
  ordered();
  fmt.println(careful());
  fmt.println(replaced());

  const ended = chan<void>();
  go(() => {
    using _1 = defer(() => ended.close());
    using _2 = defer(() => console.log("the goroutine's own"));
  });
  await ended.receive();
});
