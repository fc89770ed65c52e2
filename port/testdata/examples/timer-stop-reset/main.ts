// What Stop and Reset of a Timer answer: true as long as nobody has taken the value, even after the timer has expired.
// The rules of Go 1.23 and later: after Stop or Reset no old value is left, there is nothing to drain.
import { chan, go, main, type ReceiveChan } from "gocsp";
import * as time from "gocsp/golib/time";

/** expired waits until a timer of 1 ms that was made before has expired: timers fire in the order of their times. */
async function expired(): Promise<void> {
  await time.after(2 * time.millisecond).receive();
}

function waiting(c: ReceiveChan<Date>): boolean {
  if (c.tryReceive() !== undefined) {
    return false;
  } else {
    return true;
  }
}

main(async () => {
  const timer = time.newTimer(1 * time.hour);
  console.log("len and cap:", timer.c.length, timer.c.capacity);
  console.log("Stop while active:", timer.stop());
  console.log("Stop again:", timer.stop());
  console.log("Reset after Stop:", timer.reset(1 * time.hour));
  console.log("Reset while active:", timer.reset(1 * time.millisecond));
  await timer.c.receive();
  console.log("Stop after receive:", timer.stop());

  console.log("Reset after receive:", timer.reset(1 * time.millisecond));
  await expired();
  console.log("len when expired:", timer.c.length);
  console.log("Stop when expired, not received:", timer.stop());
  console.log("no stale value:", waiting(timer.c));

  timer.reset(1 * time.millisecond);
  await expired();
  console.log("Reset when expired, not received:", timer.reset(1 * time.hour));
  console.log("no stale value:", waiting(timer.c));

  // Earlier and later, as often as you like; zero and less fire at once.
  timer.reset(2 * time.hour);
  timer.reset(1 * time.minute);
  timer.reset(0);
  await timer.c.receive();
  timer.reset(-1 * time.hour);
  await timer.c.receive();
  console.log("fired twice");

  // Whoever waits on the channel stays there through Stop, until the next Reset fires.
  timer.reset(1 * time.hour);
  const parked = chan<void>();
  const woken = chan<boolean>();
  go(async () => {
    parked.close();
    const [, ok] = await timer.c.receiveOk();
    await woken.send(ok);
  });
  await parked.receive();
  timer.stop();
  timer.reset(1 * time.millisecond);
  console.log("woken by Reset:", (await woken.receive()) ?? false);

  // The value is the time at which the timer was due, however late it is read.
  const start = time.now();
  timer.reset(1 * time.millisecond);
  await time.after(20 * time.millisecond).receive();
  const due = time.at(await timer.c.receive());
  console.log("due, not read:", due.sub(start) < time.since(start) - 10 * time.millisecond);
});
