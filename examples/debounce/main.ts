// Debounce: of a burst of events only the last one counts, and only when it has been quiet for a while.
// One timer, started again with every event; until there is an event its channel never fires.
import { chan, defer, go, main, type ReceiveChan, select, time } from "gocsp";

const quiet = 100 * time.millisecond;

const debounce = (input: ReceiveChan<string>): ReceiveChan<string> => {
  const out = chan<string>();
  go(async () => {
    using _ = defer(() => out.close());
    const timer = time.newTimer(quiet);
    timer.stop();
    let last = "";
    for (;;) {
      const op = await select({ input, quiet: timer.c });
      switch (op.case) {
        case "input":
          if (!op.ok) {
            if (timer.stop()) await out.send(`${last} (at the end)`);
            return;
          }
          last = op.value;
          timer.reset(quiet);
          break;
        case "quiet":
          await out.send(last);
      }
    }
  });
  return out;
};

main(async () => {
  const keys = chan<string>();
  const searches = debounce(keys);

  for (const text of ["g", "go", "goc", "gocs", "gocsp"]) await keys.send(text);
  console.log("search for", await searches.receive());

  await keys.send("gocsp c");
  await keys.send("gocsp chan");
  console.log("search for", await searches.receive());

  await keys.send("gocsp select");
  keys.close();
  console.log("search for", await searches.receive());
  const [, ok] = await searches.receiveOk();
  console.log("more:", ok);
});
