// Main and its goroutine wait for each other, which is a deadlock.
import { chan, go, main } from "gocsp";

main(async () => {
  const ch = chan();
  const other = chan();
  go(() => other.send(1));
  await ch.receive();
});
