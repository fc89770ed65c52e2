// Deadlines below deadlines: the earlier one counts, a past one ends at once, and none of them changes any more.
// A parent that has ended already wins over every deadline of the child.
import { context, main, select, time } from "gocsp";

const key = context.key<number>("key");

const text = (err: Error | undefined) => err?.message ?? "<nil>";

main(async () => {
  const background = context.background();
  console.log("background has a deadline:", background.deadline() !== undefined);

  const hour = new Date(Date.now() + 1 * time.hour);
  const plus = (d: Date, duration: number) => new Date(d.getTime() + duration);
  const equal = (a: Date | undefined, b: Date) => a?.getTime() === b.getTime();
  const [outer, cancel] = context.withDeadline(background, hour);
  using _1 = cancel;
  console.log("outer:", equal(outer.deadline(), hour), outer.deadline() !== undefined);

  const [later, cancelLater] = context.withDeadline(outer, plus(hour, 1 * time.minute));
  using _2 = cancelLater;
  console.log("a later one below is the outer one:", equal(later.deadline(), hour));

  const [earlier, cancelEarlier] = context.withDeadline(outer, plus(hour, -1 * time.minute));
  using _3 = cancelEarlier;
  console.log("an earlier one is its own:", equal(earlier.deadline(), plus(hour, -1 * time.minute)));

  const [past, cancelPast] = context.withTimeout(outer, -1 * time.second);
  console.log("in the past:", text(past.err()), "outer is alive:", outer.err() === undefined);
  cancelPast();
  console.log("still:", text(past.err()));
  console.log("and has a deadline:", past.deadline() !== undefined);

  const [now, cancelNow] = context.withTimeout(outer, 0);
  using _4 = cancelNow;
  const [, open] = await now.done().receiveOk();
  console.log("now:", text(now.err()), "done is open:", open);

  const [ended, cancelEnded] = context.withCancelCause(background);
  cancelEnded(new Error("over before it began"));
  const [late, cancelLate] = context.withTimeoutCause(ended, -1 * time.second, new Error("too late"));
  using _5 = cancelLate;
  console.log("below an ended parent:", text(late.err()), "/", text(context.cause(late)));

  // Canceled in time: neither the deadline nor its cause has an effect any more.
  const [early, cancelEarly] = context.withTimeoutCause(background, 1 * time.millisecond, new Error("too late"));
  cancelEarly();
  await time.after(2 * time.millisecond).receive();
  console.log("canceled in time:", text(early.err()), "/", text(context.cause(early)));

  // Nested timeouts fire from the inside out when the inner one is the shorter, all at once when the outer one is.
  const [long, cancelLong] = context.withTimeout(background, 100 * time.millisecond);
  using _6 = cancelLong;
  const [short, cancelShort] = context.withTimeout(long, 1 * time.millisecond);
  using _7 = cancelShort;
  await short.done().receive();
  console.log("short:", text(short.err()), "long is alive:", long.err() === undefined);
  const [below, cancelBelow] = context.withTimeout(context.withValue(long, key, 1), 1 * time.hour);
  using _8 = cancelBelow;
  await below.done().receive();
  console.log("below:", text(below.err()), "long:", text(long.err()));

  // A deadline in a hundred years is still a deadline.
  const [far, cancelFar] = context.withTimeout(background, 100 * 365 * 24 * time.hour);
  const op = await select({ far: far.done(), soon: time.after(5 * time.millisecond) });
  switch (op.case) {
    case "far":
      console.log("far away fired");
      break;
    case "soon":
      console.log("far away:", text(far.err()));
  }
  cancelFar();
  console.log("far away:", text(far.err()));
});
