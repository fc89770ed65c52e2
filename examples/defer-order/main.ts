// Deferred calls run last in, first out, on return and on panic. `using` ends with its block and not with the function,
// so a deferral made in a loop for later goes to a DisposableStack. A second panic wraps the first in a
// SuppressedError.
import { chan, defer, go, main } from "gocsp";

const ordered = () => {
  using deferred = new DisposableStack();
  for (let i = 0; i < 3; i++) deferred.defer(() => console.log("deferred in the loop:", i));
  let n = 1;
  using _1 = defer(console.log, "argument:", n);
  using _2 = defer(() => console.log("closure:", n));
  n = 2;
  console.log("body:", n);
};

const careful = (): string => {
  try {
    using _ = defer(console.log, "runs although the body panics");
    throw new Error("first");
  } catch (err) {
    return `recovered: ${(err as Error).message}`;
  }
};

const replaced = (): string => {
  try {
    using _ = defer(() => {
      throw new Error("second");
    });
    throw new Error("first");
  } catch (err) {
    return `recovered: ${((err as SuppressedError).error as Error).message}`;
  }
};

main(async () => {
  using _ = defer(console.log, "main's own, at the very end");
  ordered();
  console.log(careful());
  console.log(replaced());

  const ended = chan<never>();
  go(async () => {
    using _1 = defer(() => ended.close());
    using _2 = defer(console.log, "the goroutine's own");
  });
  await ended.receive();
});
