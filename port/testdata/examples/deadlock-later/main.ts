// No false alarm: while a timer is pending something may still happen. When it has fired and nobody can go on, the
// report comes. Deferred calls do not run then, and a lost time.After holds nothing up.
import { chan, defer, main, select, time } from "gocsp";

main(async () => {
  using _ = defer(() => console.log("never printed"));
  time.afterFunc(5 * time.millisecond, () => {
    console.log("the last event");
  });
  const quick = chan<number>(1);
  await quick.send(1);
  const op = await select({ quick, after: time.after(1 * time.hour) });
  switch (op.case) {
    case "quick": {
      const n = op.value ?? 0;
      console.log("received", n);
      break;
    }
    case "after":
      console.log("never printed");
  }
  await select({});
});
