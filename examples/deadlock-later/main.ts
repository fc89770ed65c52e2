// No false alarm: while a timer is pending something may still happen. When it has fired and no goroutine can continue,
// the report comes. Deferred calls do not run then, and a time.after that lost a select delays nothing.
import { chan, defer, main, select, time } from "gocsp";

main(async () => {
  using _ = defer(console.log, "never printed");
  time.afterFunc(5 * time.millisecond, () => console.log("the last event"));
  const quick = chan<number>(1);
  await quick.send(1);
  const op = await select({ quick, late: time.after(1 * time.hour) });
  switch (op.case) {
    case "quick":
      console.log("received", op.value);
      break;
    case "late":
      console.log("never printed");
  }
  await select({});
});
