// Timers fire in the order of their times, whatever the order in which they were made: enough to sort a few numbers.
// Not a good way to sort, but a good look at many timers at once.
import { chan, main } from "gocsp";
import * as time from "gocsp/golib/time";

main(async () => {
  const numbers = [5, 3, 9, 1, 7, 2, 8, 4, 6];
  const sorted = chan<number>();
  for (const n of numbers) {
    time.afterFunc(n * 10 * time.millisecond, async () => await sorted.send(n));
  }
  for (const _ of numbers) {
    console.log((await sorted.receive()) ?? 0);
  }
});
