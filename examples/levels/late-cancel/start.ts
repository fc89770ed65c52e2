// An order can be canceled until it is paid. The payment asks whether it was, talks to the bank, and books.
import { context, type Context, gosched, main, sync } from "gocsp";

let [canceled, booked] = [false, false];

const pay = async (ctx: Context) => {
  if (ctx.err() !== undefined) return;
  await gosched(); // the bank answers
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
