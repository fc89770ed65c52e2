// Prints what the garbage collector leaves of timers that the program has dropped. Needs --expose-gc.
import { chan, go, select, time } from "gocsp";

const hour = 1 * time.hour;
const held = new Map();

/** Makes a thing that nothing here refers to afterwards. */
function drop(name, make) {
  held.set(name, new WeakRef(make()));
}

drop("a timer", () => time.newTimer(hour));
drop("an expired timer", () => time.newTimer(0));
drop("a ticker", () => time.newTicker(hour));
drop("the channel of after", () => time.after(hour));
drop("the channel of tick", () => time.tick(1));
drop("a stopped afterFunc", () => {
  const f = () => undefined;
  time.afterFunc(hour, f).stop();
  return f;
});
drop("a pending afterFunc", () => {
  const f = () => undefined;
  time.afterFunc(hour, f);
  return f;
});
drop("a timer with a goroutine", () => {
  const timer = time.newTimer(hour);
  go(() => timer.c.receive());
  return timer.c;
});

const ready = chan(1);
const selectOnce = async () => {
  const lost = time.after(hour);
  held.set("an after that lost its select", new WeakRef(lost));
  await select({ lost, default: true });
};
await selectOnce();
go(async () => {
  const late = time.after(hour);
  held.set("an after that lost its select while it waited", new WeakRef(late));
  await select({ ready, late });
});
await time.sleep(1);
await ready.send(1);

// A weak reference is strong until the end of the turn in which it was made or read, and idle channels are let go a turn later.
for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
gc();
for (const [name, reference] of held) {
  console.log(`${name}: ${reference.deref() === undefined ? "collected" : "alive"}`);
}
process.exit();
