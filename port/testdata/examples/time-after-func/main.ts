// What Stop and Reset of an AfterFunc timer answer: whether they caught the call before it was started.
// The function runs in its own goroutine; a timer can be started again, even by its own function.
import { type Chan, chan, main, nilChan, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

main(async () => {
  const ran = chan<string>();

  // Caught in time.
  let timer = time.afterFunc(1 * time.hour, () => {
    console.log("never printed");
  });
  console.log("has a channel:", timer.c !== nilChan());
  console.log("Stop while pending:", timer.stop());
  console.log("Stop again:", timer.stop());

  // Started again after Stop, and once more after it ran.
  timer = time.afterFunc(1 * time.hour, async () => await ran.send("ran"));
  console.log("Reset while pending:", timer.reset(2 * time.hour));
  timer.stop();
  console.log("Reset after Stop:", timer.reset(1 * time.millisecond));
  console.log((await ran.receive()) ?? "");
  console.log("Reset after it ran:", timer.reset(1 * time.millisecond));
  console.log((await ran.receive()) ?? "");
  console.log("Stop after it ran:", timer.stop());

  // Stop does not wait for a function that has been started.
  let gate: Chan<void> = chan<void>();
  timer = time.afterFunc(1 * time.millisecond, async () => {
    await ran.send("started");
    await gate.receive();
    await ran.send("finished");
  });
  console.log((await ran.receive()) ?? "");
  console.log("Stop while it runs:", timer.stop());
  gate.close();
  console.log((await ran.receive()) ?? "");

  // Five times in a row by itself.
  let turns = 0;
  const self = chan<time.Timer>(1);
  timer = time.afterFunc(1 * time.hour, async () => {
    const timer = (await self.receive())!;
    turns++;
    if (turns === 5) {
      await ran.send(fmt.sprint("turns: ", turns, ", Stop inside: ", timer.stop()));
      return;
    }
    await self.send(timer);
    timer.reset(1 * time.millisecond);
  });
  await self.send(timer);
  timer.reset(0);
  console.log((await ran.receive()) ?? "");

  // Never in the caller: with no delay at all the function still waits for its turn.
  const order = chan<string>(2);
  gate = chan<void>();
  time.afterFunc(0, async () => {
    await gate.receive();
    await order.send("function");
  });
  await order.send("caller");
  gate.close();
  fmt.println((await order.receive()) ?? "", "before", (await order.receive()) ?? "");
});
