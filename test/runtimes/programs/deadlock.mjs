// Main and its goroutine wait for each other for ever.
import { chan, go, main } from "gocsp";

main(async () => {
  const ch = chan();
  const other = chan();
  go(() => other.send(1));
  await ch.receive();
});
