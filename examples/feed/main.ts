// A subscription to a feed: one goroutine owns all its state, and its select has everything that can happen: it is time to
// fetch, somebody takes the next item, it is closed. A nil channel takes no part, so nothing is sent while nothing is there.
import { type Chan, chan, go, main, type ReceiveChan, select, send, type SendChan, time } from "gocsp";

const subscribe = (fetch: () => string[]): [ReceiveChan<string>, SendChan<Chan<void>>] => {
  const [updates, closing] = [chan<string>(), chan<Chan<void>>()];
  go(async () => {
    const pending: string[] = [];
    let due = time.after(0);
    for (;;) {
      const first = pending[0];
      const op = await select({ due, sent: first === undefined ? null : send(updates, first), closing });
      switch (op.case) {
        case "due":
          pending.push(...fetch());
          due = time.after(10 * time.millisecond);
          break;
        case "sent":
          pending.shift();
          break;
        case "closing":
          await op.value!.send();
          return;
      }
    }
  });
  return [updates, closing];
};

main(async () => {
  let day = 0;
  const [updates, closing] = subscribe(() => [`news of day ${++day}`, `weather of day ${day}`]);
  for (let i = 0; i < 3; i++) console.log(await updates.receive());
  const closed = chan<void>();
  await closing.send(closed);
  await closed.receive();
  console.log("closed");
});
