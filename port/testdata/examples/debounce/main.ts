// Debounce: of a burst of events only the last one counts, and only when it has been quiet for a while.
// One timer, started again with every event; until there is an event its channel never fires.
import { chan, defer, go, main, type ReceiveChan, select, time } from "gocsp";

const quiet = 100 * time.millisecond;

function debounce(in_: ReceiveChan<string>): ReceiveChan<string> {
  const out = chan<string>();
  go(async () => {
    using _ = defer(() => out.close());
    const timer = time.newTimer(quiet);
    timer.stop();
    let last = "";
    for (;;) {
      const op = await select({ in: in_, timer: timer.c });
      switch (op.case) {
        case "in": {
          const s = op.value ?? "";
          const ok = op.ok;
          if (!ok) {
            if (timer.stop()) {
              await out.send(last + " (at the end)");
            }
            return;
          }
          last = s;
          timer.reset(quiet);
          break;
        }
        case "timer":
          await out.send(last);
      }
    }
  });
  return out;
}

main(async () => {
  const keys = chan<string>();
  const searches = debounce(keys);

  for (const text of ["g", "go", "goc", "gocs", "gocsp"]) {
    await keys.send(text);
  }
  console.log("search for", (await searches.receive()) ?? "");

  await keys.send("gocsp c");
  await keys.send("gocsp chan");
  console.log("search for", (await searches.receive()) ?? "");

  await keys.send("gocsp select");
  keys.close();
  console.log("search for", (await searches.receive()) ?? "");
  const [, ok] = await searches.receiveOk();
  console.log("more:", ok);
});
