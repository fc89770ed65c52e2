// What stop and reset of a Timer return: true as long as the value has not been received, even after the timer expired.
// The rules of Go 1.23 and later: after stop or reset no old value is left, there is nothing to drain.
import { chan, go, main, type ReceiveChan, time } from "gocsp";

/** Waits until a timer of 1 ms that was made before the call has expired: timers fire in the order of their times. */
const expired = () => time.after(2 * time.millisecond).receive();

const waiting = (c: ReceiveChan<Date>): boolean => !c.tryReceive();

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

  // A receiver on the channel keeps waiting after stop, until the timer fires after the next reset.
  timer.reset(1 * time.hour);
  const [parked, woken] = [chan<never>(), chan<boolean>()];
  go(async () => {
    parked.close();
    const [, ok] = await timer.c.receiveOk();
    await woken.send(ok);
  });
  await parked.receive();
  timer.stop();
  timer.reset(1 * time.millisecond);
  console.log("woken by Reset:", await woken.receive());

  // The value is the time at which the timer was due, however late it is read.
  const start = Date.now();
  timer.reset(1 * time.millisecond);
  await time.after(20 * time.millisecond).receive();
  const due = (await timer.c.receive())!;
  console.log("due, not read:", due.getTime() - start < Date.now() - start - 10);
});
