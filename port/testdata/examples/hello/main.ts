// Hello from another goroutine: go starts it, a channel brings what it says, and main waits there until it has come.
// Without the channel main would end first, and nobody would hear anything.
import { chan, go, main } from "gocsp";

main(async () => {
  const greeting = chan<string>();
  go(async () => {
    await greeting.send("hello from a goroutine");
  });
  console.log("main waits");
  console.log((await greeting.receive()) ?? "");
});
