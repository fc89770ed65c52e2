// A buffered channel as a counting semaphore: its capacity is how many may be inside at once.
// To send is to enter, to receive is to leave; trying to enter is trySend.
import { chan, defer, go, main } from "gocsp";

main(async () => {
  const [limit, visitors] = [2, 5];
  const sem = chan<void>(limit);

  const most = chan<number>(visitors);
  for (let i = 0; i < visitors; i++) {
    go(async () => {
      await sem.send();
      await using _ = defer(() => sem.receive());
      await most.send(sem.length);
    });
  }
  let peak = 0;
  for (let i = 0; i < visitors; i++) peak = Math.max(peak, (await most.receive())!);
  console.log("never more than two inside:", peak <= limit);

  // Once main has filled the semaphore, everyone else has left.
  for (let i = 0; i < limit; i++) await sem.send();
  console.log(sem.trySend() ? "one too many" : "full");
  await sem.receive();
  console.log(sem.trySend() ? "one more" : "full");
});
