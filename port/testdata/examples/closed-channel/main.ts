// What a closed channel does: buffered values first, then "closed" for ever and to everyone; parked receivers wake,
// parked senders panic. Closing is a broadcast: every goroutine that waits on the channel hears it.
import { type Chan, chan, go, main, select, send } from "gocsp";
import { deferring } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

main(async () => {
  let ch: Chan<number> = chan<number>(3);
  await ch.send(1);
  await ch.send(2);
  ch.close();
  console.log("len and cap:", ch.length, ch.capacity);
  for (let i = 0; i < 4; i++) {
    const [n = 0, ok] = await ch.receiveOk();
    console.log(n, ok);
  }

  // A range ends when the channel is closed and drained.
  ch = chan<number>(3);
  await ch.send(10);
  await ch.send(20);
  ch.close();
  for await (const n of ch) {
    console.log("range:", n);
  }
  for await (const _ of ch) {
    console.log("never printed");
  }

  // Receivers that wait at the time: plain, range and select.
  const start = chan<void>();
  const told = chan<boolean>();
  go(async () => {
    const [, ok] = await start.receiveOk();
    await told.send(ok);
  });
  go(async () => {
    for await (const _ of start) {
    }
    await told.send(false);
  });
  go(async () => {
    const op = await select({ start, sent: send(told, true) });
    if (op.case === "start") {
      const ok = op.ok;
      await told.send(ok);
    }
  });
  console.log("the select's other case:", (await told.receive()) ?? false);
  start.close();
  console.log("told:", (await told.receive()) ?? false, (await told.receive()) ?? false);

  // A sender that waits at the time gets the panic, in its own goroutine; its value is lost.
  const full = chan<string>(1);
  await full.send("kept");
  const ready = chan<void>();
  const caught = chan<unknown>();
  go(async () => {
    await deferring(async (deferred) => {
      deferred(async (recover) => {
        await caught.send(recover());
      });
      ready.close();
      await full.send("lost");
    });
  });
  await ready.receive();
  full.close();
  fmt.println("sender:", await caught.receive());
  let [s = "", ok] = await full.receiveOk();
  fmt.println(s, ok);
  [, ok] = await full.receiveOk();
  console.log("more:", ok);

  // Sending later fails at once and leaves nothing behind.
  await (async () => {
    await deferring(async (deferred) => {
      deferred((recover) => {
        fmt.println("late sender:", recover());
      });
      await full.send("lost");
    });
  })();
  console.log("len:", full.length);
});
