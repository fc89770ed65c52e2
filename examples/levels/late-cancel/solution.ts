// Ask after the last wait: between the look and the booking nobody else runs.
import { context, type Context, gosched, main, sync } from "gocsp";

let [canceled, booked] = [false, false];

const pay = async (ctx: Context) => {
  await gosched(); // the bank answers
  if (ctx.err() !== undefined) return;
  if (canceled) throw new Error("booked after the cancel");
  booked = true;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const both = new sync.WaitGroup();
  both.go(pay, ctx);
  both.go(() => {
    cancel();
    canceled = !booked;
  });
  await both.wait();
  console.log("booked or canceled:", booked !== canceled);
});
