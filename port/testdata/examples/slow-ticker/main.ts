// A ticker does not wait for a slow receiver: at most one tick is kept, the others are lost, and the next one is on the
// old grid again. Seen through the times that the ticks carry: they are when a tick was due, not when it was read.
import { main, nilChan, select } from "gocsp";
import * as time from "gocsp/golib/time";

const period = 20 * time.millisecond;

/** onGrid tells whether d is a whole number of periods, and not less than min of them. */
function onGrid(d: number, min: number): boolean {
  const periods = time.roundDuration(d, period);
  return periods >= min * period && Math.abs((d - periods)) < 5 * time.millisecond;
}

main(async () => {
  const ticker = time.newTicker(period);
  const first_ = time.at(await ticker.c.receive());

  await time.sleep(3 * period + 10 * time.millisecond); // three ticks pass, one is kept
  const second = time.at(await ticker.c.receive());
  const third = time.at(await ticker.c.receive());
  console.log("kept the first that was missed:", onGrid(second.sub(first_), 1));
  console.log("lost the others:", onGrid(third.sub(second), 3));

  // After Stop not even the kept tick comes, and the channel is not closed.
  await time.sleep(2 * period);
  ticker.stop();
  const op = await select({ ticker: ticker.c, after: time.after(2 * period) });
  switch (op.case) {
    case "ticker":
      console.log("a tick after Stop");
      break;
    case "after":
      console.log("no tick after Stop");
  }

  // Reset starts a stopped ticker again, with a grid that begins now.
  const start = time.now();
  ticker.reset(10 * time.millisecond);
  console.log("at least one new period:", time.at(await ticker.c.receive()).sub(start) >= 10 * time.millisecond);

  // No period, no ticks: the channel is nil.
  console.log("Tick(0) is nil:", time.tick(0) === nilChan());
});
