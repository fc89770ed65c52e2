// Deadlines below deadlines: the earlier one counts, a past one ends at once, and none of them changes any more.
// A parent that has ended already wins over every deadline of the child.
import { context, main, select } from "gocsp";
import { interned } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

class Key_ {}

main(async () => {
  const background = context.background();
  let [, has_] = time.deadline(background);
  console.log("background has a deadline:", has_);

  const hour = time.now().add(1 * time.hour);
  const [outer, cancel] = context.withDeadline(background, hour);
  using _ = cancel;
  let d: time.Time;
  [d, has_] = time.deadline(outer);
  console.log("outer:", d.equal(hour), has_);

  const [later, cancelLater] = context.withDeadline(outer, hour.add(1 * time.minute));
  using _1 = cancelLater;
  [d] = time.deadline(later);
  console.log("a later one below is the outer one:", d.equal(hour));

  const [earlier, cancelEarlier] = context.withDeadline(outer, hour.add(-1 * time.minute));
  using _2 = cancelEarlier;
  [d] = time.deadline(earlier);
  console.log("an earlier one is its own:", d.equal(hour.add(-1 * time.minute)));

  const [past, cancelPast] = context.withTimeout(outer, -1 * time.second);
  fmt.println("in the past:", past.err(), "outer is alive:", outer.err() === undefined);
  cancelPast();
  fmt.println("still:", past.err());
  [, has_] = time.deadline(past);
  console.log("and has a deadline:", has_);

  const [now, cancelNow] = context.withTimeout(outer, 0);
  using _3 = cancelNow;
  const [, open] = await now.done().receiveOk();
  fmt.println("now:", now.err(), "done is open:", open);

  const [ended, cancelEnded] = context.withCancelCause(background);
  cancelEnded(new Error("over before it began"));
  const [late, cancelLate] = context.withTimeoutCause(ended, -1 * time.second, new Error("too late"));
  using _4 = cancelLate;
  fmt.println("below an ended parent:", late.err(), "/", context.cause(late));

  // Canceled in time: the deadline is of no account any more, and neither is its cause.
  const [early, cancelEarly] = context.withTimeoutCause(background, 1 * time.millisecond, new Error("too late"));
  cancelEarly();
  await time.after(2 * time.millisecond).receive();
  fmt.println("canceled in time:", early.err(), "/", context.cause(early));

  // Nested timeouts fire from the inside out when the inner one is the shorter, all at once when the outer one is.
  const [long, cancelLong] = context.withTimeout(background, 100 * time.millisecond);
  using _5 = cancelLong;
  const [short, cancelShort] = context.withTimeout(long, 1 * time.millisecond);
  using _6 = cancelShort;
  await short.done().receive();
  fmt.println("short:", short.err(), "long is alive:", long.err() === undefined);
  const [below, cancelBelow] = context.withTimeout(context.withValue(long, interned(new Key_()), 1), 1 * time.hour);
  using _7 = cancelBelow;
  await below.done().receive();
  fmt.println("below:", below.err(), "long:", long.err());

  // Far away and still a deadline: a hundred years are no time at all.
  const [far, cancelFar] = context.withTimeout(background, 876000 * time.hour);
  const op = await select({ done: far.done(), after: time.after(5 * time.millisecond) });
  switch (op.case) {
    case "done":
      console.log("far away fired");
      break;
    case "after":
      fmt.println("far away:", far.err());
  }
  cancelFar();
  fmt.println("far away:", far.err());
});
