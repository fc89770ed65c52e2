// What the stop function of afterFunc returns: true for the call that keeps the function from running, else false.
// From the description of AfterFunc in Go's context package.
import { chan, context, main } from "gocsp";

main(async () => {
  // Stopped in time: the function never runs.
  let [ctx, cancel] = context.withCancel(context.background());
  let stop = context.afterFunc(ctx, () => console.log("never printed"));
  console.log("first stop:", stop());
  console.log("second stop:", stop());
  console.log("ctx is alive:", ctx.err() === undefined);
  cancel();
  console.log("stop after cancel:", stop());

  // Too late: the function runs in its own goroutine, and cancel does not wait for it.
  [ctx, cancel] = context.withCancel(context.background());
  const gate = chan<never>();
  const ran = chan<string>();
  stop = context.afterFunc(ctx, async () => {
    await gate.receive();
    await ran.send("ran once");
  });
  cancel();
  console.log("stop while it runs:", stop());
  gate.close();
  console.log("function:", await ran.receive());
  console.log("stop after it ran:", stop());

  // A context that has ended already runs it at once, one that cannot end never does.
  context.afterFunc(ctx, () => ran.send("ran for an ended context"));
  console.log("function:", await ran.receive());
  stop = context.afterFunc(context.background(), () => console.log("never printed"));
  console.log("background:", stop(), stop());

  // Several functions on one context: stopping one leaves the others.
  [ctx, cancel] = context.withCancel(context.background());
  const count = chan<number>();
  context.afterFunc(ctx, () => count.send(1));
  stop = context.afterFunc(ctx, () => count.send(100));
  context.afterFunc(ctx, () => count.send(1));
  stop();
  cancel();
  console.log("sum:", (await count.receive())! + (await count.receive())!);
});
