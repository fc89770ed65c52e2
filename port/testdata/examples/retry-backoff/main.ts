// Retry with a pause that doubles, under a context: it stops at the first success, at an error that no retry can
// mend, when the context ends during a pause, and the error it gives up with says why.
import { type Context, context, errors, main, select } from "gocsp";
import * as fmt from "gocsp/golib/fmt";
import * as time from "gocsp/golib/time";

const errBusy = new Error("busy");
const errDenied = new Error("denied");

async function retry(ctx: Context, pause: number, f: (attempt: number) => Error | undefined): Promise<Error | undefined> {
  for (let attempt = 1; ; attempt++) {
    const err = f(attempt);
    if (!errors.is(err, errBusy)) {
      return err;
    }
    const op = await select({ done: ctx.done(), after: time.after(pause) });
    switch (op.case) {
      case "done":
        return fmt.errorf("gave up after %d: %w", attempt, errors.join(ctx.err(), err));
      case "after":
        pause = pause * 2;
    }
  }
}

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());

  const start = time.now();
  let err: Error | undefined = await retry(ctx, 2 * time.millisecond, (attempt: number): Error | undefined => {
    console.log("attempt", attempt);
    if (attempt < 4) {
      return errBusy;
    }
    return undefined;
  });
  console.log("succeeded:", err === undefined);
  console.log("paused 2, 4 and 8 ms:", time.since(start) >= 14 * time.millisecond);

  err = await retry(ctx, time.hour, (_: number) => fmt.errorf("access: %w", errDenied));
  fmt.println(err, errors.is(err, errDenied));

  const [hurried, cancelHurried] = context.withTimeout(ctx, 10 * time.millisecond);
  using _ = cancelHurried;
  err = await retry(hurried, time.hour, (_: number) => errBusy);
  fmt.printf("%q\n", err);
  console.log(errors.is(err, context.deadlineExceeded), errors.is(err, errBusy));

  err = await retry(ctx, 5 * time.millisecond, (attempt: number): Error => {
    if (attempt === 3) {
      cancel();
    }
    return errBusy;
  });
  console.log(errors.is(err, context.canceled), errors.is(err, errBusy));
});
