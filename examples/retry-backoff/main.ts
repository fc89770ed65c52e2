// Retry with a pause that doubles, under a context: it stops at the first success, at an error that no retry can fix,
// or when the context ends during a pause; the final error says why.
import { type Context, context, errors, main, select, time } from "gocsp";

const busy = new Error("busy");
const denied = new Error("denied");

const retry = async (ctx: Context, pause: number, f: (attempt: number) => unknown) => {
  for (let attempt = 1; ; attempt++) {
    let last: unknown;
    try {
      return await f(attempt);
    } catch (err) {
      if (!errors.is(err, busy)) throw err;
      last = err;
    }
    const op = await select({ done: ctx.done(), over: time.after(pause) });
    if (op.case === "done") {
      const cause = errors.join(ctx.err(), last as Error)!;
      throw new Error(`gave up after ${attempt}: ${cause.message}`, { cause });
    }
    pause *= 2;
  }
};

const failure = (attempts: Promise<unknown>) => attempts.catch((err: unknown) => err as Error) as Promise<Error>;

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());

  const start = performance.now();
  await retry(ctx, 2 * time.millisecond, (attempt) => {
    console.log("attempt", attempt);
    if (attempt < 4) throw busy;
  });
  console.log("succeeded:", true);
  console.log("paused 2, 4 and 8 ms:", performance.now() - start >= 14);

  const forbid = () => {
    throw new Error("access: denied", { cause: denied });
  };
  let err = await failure(retry(ctx, time.hour, forbid));
  console.log(err.message, errors.is(err, denied));

  const [hurried, cancelHurried] = context.withTimeout(ctx, 10 * time.millisecond);
  using _ = cancelHurried;
  err = await failure(retry(hurried, time.hour, () => Promise.reject(busy)));
  console.log(JSON.stringify(err.message));
  console.log(errors.is(err, context.deadlineExceeded), errors.is(err, busy));

  err = await failure(
    retry(ctx, 5 * time.millisecond, (attempt) => {
      if (attempt === 3) cancel();
      throw busy;
    }),
  );
  console.log(errors.is(err, context.canceled), errors.is(err, busy));
});
