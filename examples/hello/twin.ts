// Broken: main speaks to itself. A send waits for a receiver, and the only one who could receive is the one who sends.
import { chan, main } from "gocsp";

main(async () => {
  const greeting = chan<string>();
  await greeting.send("hello from main");
  console.log(await greeting.receive());
});
