import { chan, select, time } from "gocsp";
import { check, equal } from "./check.mjs";

await check("time.sleep lasts at least its duration", async () => {
  const start = performance.now();
  await time.sleep(20 * time.millisecond);
  const slept = performance.now() - start;
  // Hosts round their clocks and timers to a millisecond.
  if (slept < 18) throw new Error(`${slept} ms`);
});

await check("time.after delivers the due time", async () => {
  const start = Date.now();
  const at = await time.after(10).receive();
  equal(at instanceof Date, true);
  if (at.getTime() < start + 8) throw new Error(`due ${at.getTime() - start} ms after the start`);
});

await check("a timer can be stopped and reset", async () => {
  const timer = time.newTimer(time.hour);
  equal(timer.stop(), true);
  equal(timer.stop(), false);
  equal(timer.reset(5), false);
  equal((await timer.c.receive()) instanceof Date, true);
});

await check("a ticker ticks until it is stopped", async () => {
  const ticker = time.newTicker(5);
  for (let i = 0; i < 3; i++) equal((await ticker.c.receive()) instanceof Date, true);
  ticker.stop();
  const op = await select({ tick: ticker.c, quiet: time.after(20) });
  equal(op.case, "quiet");
});

await check("time.afterFunc calls its function, unless stopped", async () => {
  const called = chan(2);
  const stopped = time.afterFunc(5, () => called.trySend("stopped"));
  time.afterFunc(10, () => called.trySend("called"));
  equal(stopped.stop(), true);
  equal(await called.receive(), "called");
  equal(called.length, 0);
});

await check("times count by the monotonic clock, and durations are read and written", async () => {
  const start = time.now();
  await time.sleep(2);
  equal(time.since(start) >= 2, true);
  equal(time.sub(time.add(start, 1.5), start), 1.5);
  equal(time.parseDuration("1h15m30.918s"), 4_530_918);
  equal(time.formatDuration(time.round(1499, time.second)), "1s");
});
