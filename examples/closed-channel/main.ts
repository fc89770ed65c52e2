// What a closed channel does: buffered values first, then "closed" for ever and to everyone; parked receivers wake,
// parked senders panic. Closing is a broadcast: every goroutine that waits on the channel wakes. (Go's zero value 0
// is undefined here, hence the `?? 0`.)
import { chan, go, main, type PanicError, select, send } from "gocsp";

main(async () => {
  let ch = chan<number>(3);
  await ch.send(1);
  await ch.send(2);
  ch.close();
  console.log("len and cap:", ch.length, ch.capacity);
  for (let i = 0; i < 4; i++) {
    const [n, ok] = await ch.receiveOk();
    console.log(n ?? 0, ok);
  }

  // A range ends when the channel is closed and drained.
  ch = chan<number>(3);
  await ch.send(10);
  await ch.send(20);
  ch.close();
  for await (const n of ch) console.log("range:", n);
  for await (const _ of ch) console.log("never printed");

  // Receivers that wait at the time: plain, range and select.
  const [start, told] = [chan<never>(), chan<boolean>()];
  go(async () => {
    const [, ok] = await start.receiveOk();
    await told.send(ok);
  });
  go(async () => {
    for await (const _ of start);
    await told.send(false);
  });
  go(async () => {
    const op = await select({ start, other: send(told, true) });
    if (op.case === "start") await told.send(op.ok);
  });
  console.log("the select's other case:", await told.receive());
  start.close();
  console.log("told:", await told.receive(), await told.receive());

  // A sender that waits at the time gets the panic, in its own goroutine; its value is lost.
  const full = chan<string>(1);
  await full.send("kept");
  const [ready, caught] = [chan<never>(), chan<string>()];
  go(async () => {
    try {
      ready.close();
      await full.send("lost");
    } catch (err) {
      await caught.send((err as PanicError).message);
    }
  });
  await ready.receive();
  full.close();
  console.log("sender:", await caught.receive());
  const [s, ok] = await full.receiveOk();
  console.log(s, ok);
  const [, more] = await full.receiveOk();
  console.log("more:", more);

  // Sending later fails at once and leaves nothing behind.
  try {
    await full.send("lost");
  } catch (err) {
    console.log("late sender:", (err as PanicError).message);
  }
  console.log("len:", full.length);
});
