// A buffered channel as a counting semaphore: its capacity is how many may be inside at once.
// To send is to enter, to receive is to leave; trying to enter is a select with a default.
import { chan, defer, go, main } from "gocsp";

main(async () => {
  const limit = 2;
  const visitors = 5;
  const sem = chan<void>(limit);

  const most = chan<number>(visitors);
  for (let i = 0; i < visitors; i++) {
    go(async () => {
      await sem.send();
      await using _ = defer(async () => {
        await sem.receive();
      });
      await most.send(sem.length);
    });
  }
  let peak = 0;
  for (let i = 0; i < visitors; i++) {
    peak = Math.max(peak, (await most.receive()) ?? 0);
  }
  console.log("never more than two inside:", peak <= limit);

  // Whoever fills the semaphore knows that everybody else has left.
  for (let i = 0; i < limit; i++) {
    await sem.send();
  }
  if (sem.trySend()) {
    console.log("one too many");
  } else {
    console.log("full");
  }
  await sem.receive();
  if (sem.trySend()) {
    console.log("one more");
  } else {
    console.log("full");
  }
});
