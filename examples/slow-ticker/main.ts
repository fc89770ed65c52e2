// A ticker does not wait for a slow receiver: at most one tick is kept, the others are lost, and the next one is on the
// old grid again. The ticks show it: each carries the time at which it was due, not the time at which it was read.
import { main, nilChan, select, time } from "gocsp";

const period = 20 * time.millisecond;

/** Tells whether `d` is a whole number of periods, and not less than `min` of them. */
const onGrid = (d: number, min: number): boolean => {
  const periods = Math.round(d / period) * period;
  return periods >= min * period && Math.abs(d - periods) < period / 4;
};

const sub = (a: Date, b: Date): number => a.getTime() - b.getTime();

main(async () => {
  const ticker = time.newTicker(period);
  const first = (await ticker.c.receive())!;

  await time.sleep(3 * period + period / 2); // three ticks pass, one is kept
  const second = (await ticker.c.receive())!;
  const third = (await ticker.c.receive())!;
  console.log("kept the first that was missed:", onGrid(sub(second, first), 1));
  console.log("lost the others:", onGrid(sub(third, second), 3));

  // After stop not even the kept tick comes, and the channel is not closed.
  await time.sleep(2 * period);
  ticker.stop();
  const op = await select({ tick: ticker.c, late: time.after(2 * period) });
  switch (op.case) {
    case "tick":
      console.log("a tick after Stop");
      break;
    case "late":
      console.log("no tick after Stop");
  }

  // Reset starts a stopped ticker again, with a grid that begins now.
  const start = new Date();
  ticker.reset(period / 2);
  console.log("at least one new period:", sub((await ticker.c.receive())!, start) >= period / 2);

  // No period, no ticks: the channel is nil.
  console.log("Tick(0) is nil:", time.tick(0) === nilChan());
});
