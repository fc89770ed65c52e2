// Throttle: the first event passes at once, those that follow within the pause are dropped, the next one after it
// passes again. While the pause lasts, the pause's channel is set; otherwise it is nil and its case is out of the game.
import { chan, defer, go, main, nilChan, type ReceiveChan, select, type SendChan, time } from "gocsp";

const pause = 100 * time.millisecond;

function throttle(in_: ReceiveChan<string>, dropped: SendChan<string>): [ReceiveChan<string>, ReceiveChan<void>] {
  const out = chan<string>();
  const open = chan<void>();
  go(async () => {
    using _ = defer(() => out.close());
    let over: ReceiveChan<Date> = nilChan();
    for (;;) {
      const op = await select({ in: in_, over });
      switch (op.case) {
        case "in": {
          const s = op.value ?? "";
          const ok = op.ok;
          if (!ok) {
            return;
          }
          if (over !== nilChan()) {
            await dropped.send(s);
            continue;
          }
          await out.send(s);
          over = time.after(pause);
          break;
        }
        case "over":
          over = nilChan();
          await open.send();
      }
    }
  });
  return [out, open];
}

main(async () => {
  const clicks = chan<string>();
  const dropped = chan<string>(10);
  const [passed, open] = throttle(clicks, dropped);

  for (let round = 1; round <= 3; round++) {
    for (let click = 1; click <= 3; click++) {
      await clicks.send(`round ${round}, click ${click}`);
      if (click === 1) {
        console.log("passed:", (await passed.receive()) ?? "");
      } else {
        console.log("dropped:", (await dropped.receive()) ?? "");
      }
    }
    await open.receive();
  }
  clicks.close();
  const [, ok] = await passed.receiveOk();
  console.log("more:", ok);
});
