// What stop and reset of an afterFunc timer return: whether they prevented a call that had not started yet.
// The function runs in its own goroutine; a timer can be started again, even by its own function.
import { chan, main, nilChan, time } from "gocsp";

main(async () => {
  const ran = chan<string>();

  // Caught in time.
  let timer = time.afterFunc(1 * time.hour, () => console.log("never printed"));
  console.log("has a channel:", timer.c !== nilChan());
  console.log("Stop while pending:", timer.stop());
  console.log("Stop again:", timer.stop());

  // Started again after stop, and once more after it ran.
  timer = time.afterFunc(1 * time.hour, () => ran.send("ran"));
  console.log("Reset while pending:", timer.reset(2 * time.hour));
  timer.stop();
  console.log("Reset after Stop:", timer.reset(1 * time.millisecond));
  console.log(await ran.receive());
  console.log("Reset after it ran:", timer.reset(1 * time.millisecond));
  console.log(await ran.receive());
  console.log("Stop after it ran:", timer.stop());

  // stop does not wait for a function that has been started.
  const gate = chan<never>();
  timer = time.afterFunc(1 * time.millisecond, async () => {
    await ran.send("started");
    await gate.receive();
    await ran.send("finished");
  });
  console.log(await ran.receive());
  console.log("Stop while it runs:", timer.stop());
  gate.close();
  console.log(await ran.receive());

  // Five times in a row by itself.
  let turns = 0;
  timer = time.afterFunc(1 * time.hour, async () => {
    turns++;
    if (turns === 5) {
      await ran.send(`turns: ${turns}, Stop inside: ${timer.stop()}`);
      return;
    }
    timer.reset(1 * time.millisecond);
  });
  timer.reset(0);
  console.log(await ran.receive());

  // Never in the caller: with no delay at all the function still runs in a goroutine of its own.
  const order = chan<string>(2);
  time.afterFunc(0, () => order.send("function"));
  await order.send("caller");
  console.log(await order.receive(), "before", await order.receive());
});
