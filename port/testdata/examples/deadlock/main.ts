// Two goroutines that each wait for what only the other one could give: the program is told on and ends with status 2.
// Nothing is left that could ever wake anybody, and nobody has to guess why the program stands still.
import { chan, go, main } from "gocsp";

main(async () => {
  const a = chan<number>();
  const b = chan<number>();
  go(async () => {
    const n = (await a.receive()) ?? 0;
    await b.send(n);
  });
  console.log("waiting for b");
  const n = (await b.receive()) ?? 0;
  console.log("never printed", n);
  await a.send(n);
});
