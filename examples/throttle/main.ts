// Throttle: the first event passes at once, those that follow within the pause are dropped, the next one after it
// passes again. While the pause lasts, the pause's channel is set; otherwise it is null and its case is
// disabled.
import { chan, defer, go, main, type ReceiveChan, select, type SendChan, time } from "gocsp";

const pause = 100 * time.millisecond;

const throttle = (input: ReceiveChan<string>, dropped: SendChan<string>): [ReceiveChan<string>, ReceiveChan<void>] => {
  const [out, open] = [chan<string>(), chan<void>()];
  go(async () => {
    using _ = defer(() => out.close());
    let over: ReceiveChan<Date> | null = null;
    for (;;) {
      const op = await select({ input, over });
      switch (op.case) {
        case "input":
          if (!op.ok) return;
          if (over) {
            await dropped.send(op.value);
            continue;
          }
          await out.send(op.value);
          over = time.after(pause);
          break;
        case "over":
          over = null;
          await open.send();
      }
    }
  });
  return [out, open];
};

main(async () => {
  const [clicks, dropped] = [chan<string>(), chan<string>(10)];
  const [passed, open] = throttle(clicks, dropped);

  for (let round = 1; round <= 3; round++) {
    for (let click = 1; click <= 3; click++) {
      await clicks.send(`round ${round}, click ${click}`);
      if (click === 1) {
        console.log("passed:", await passed.receive());
      } else {
        console.log("dropped:", await dropped.receive());
      }
    }
    await open.receive();
  }
  clicks.close();
  const [, ok] = await passed.receiveOk();
  console.log("more:", ok);
});
