// Two goroutines that each wait for what only the other one could send: the program ends with a report and status 2.
// Nothing is left that could wake either of them, and the report shows why the program stands still.
import { chan, go, main } from "gocsp";

main(async () => {
  const [a, b] = [chan<number>(), chan<number>()];
  go(async () => {
    const n = (await a.receive())!;
    await b.send(n);
  });
  console.log("waiting for b");
  const n = (await b.receive())!;
  console.log("never printed", n);
  await a.send(n);
});
