// A subscription to a feed: one goroutine owns all its state, and its select has everything that can happen: it is time to
// fetch, somebody takes the next item, it is closed. A nil channel takes no part, so nothing is sent while nothing is there.
import { type Chan, chan, go, main, nilChan, type ReceiveChan, select, send, type SendChan, time } from "gocsp";
import { slice } from "gocsp/golib";

function subscribe(fetch: () => string[]): [ReceiveChan<string>, SendChan<Chan<void>>] {
  const updates = chan<string>();
  const closing = chan<Chan<void>>();
  go(async () => {
    let pending: string[] = [];
    let due: ReceiveChan<Date> = time.after(0);
    for (;;) {
      let first_ = "";
      let out: SendChan<string> = nilChan();
      if (pending.length > 0) {
        first_ = pending[0]!;
        out = updates;
      }
      const op = await select({ due, sent: send(out, first_), closing });
      switch (op.case) {
        case "due":
          pending.push(...fetch());
          due = time.after(10 * time.millisecond);
          break;
        case "sent":
          pending = slice(pending, 1);
          break;
        case "closing": {
          const closed = op.value!;
          await closed.send();
          return;
        }
      }
    }
  });
  return [updates, closing];
}

main(async () => {
  let day = 0;
  const [updates, closing] = subscribe((): string[] => {
    day++;
    return [`news of day ${day}`, `weather of day ${day}`];
  });
  for (let i = 0; i < 3; i++) {
    console.log((await updates.receive()) ?? "");
  }
  const closed = chan<void>();
  await closing.send(closed);
  await closed.receive();
  console.log("closed");
});
