// Errors that wrap others: how to test for one of them, find one of a type, and join several into one.
// A function that gives up because of its context returns its own message and wraps the context's error as `cause`.
import { context, type Context, errors, main } from "gocsp";

/** Carries a code with the error. */
class StatusError extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`status ${code}`);
    this.code = code;
  }
}

const load = (ctx: Context, page: string): Error => {
  const err = ctx.err();
  if (err) return new Error(`loading ${page}: ${err.message}`, { cause: err });
  const status = new StatusError(404);
  return new Error(`loading ${page}: ${status.message}`, { cause: status });
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const missing = load(ctx, "index");
  cancel();
  const abandoned = load(ctx, "news");

  console.log(missing.message);
  console.log(abandoned.message);
  console.log("canceled:", errors.is(missing, context.canceled), errors.is(abandoned, context.canceled));
  console.log("late:", errors.is(abandoned, context.deadlineExceeded));
  console.log("itself:", errors.is(abandoned, abandoned), "nothing:", errors.is(undefined, context.canceled));
  console.log("unwrapped is canceled:", errors.unwrap(abandoned) === context.canceled);

  const status = errors.as(missing, StatusError);
  if (status) console.log("code:", status.code);
  console.log("abandoned has a code:", errors.as(abandoned, StatusError) !== undefined);

  const both = errors.join(missing, undefined, abandoned);
  console.log(both?.message);
  const hasCode = errors.as(both, StatusError) !== undefined;
  console.log("canceled:", errors.is(both, context.canceled), "has a code:", hasCode);
  const nothing = errors.join(undefined, undefined) === undefined;
  console.log("unwrapped:", errors.unwrap(both) === undefined, "joined nothing:", nothing);

  // A deadline is an error of its own type, which reports that it is a timeout.
  console.log("timeout:", context.deadlineExceeded.timeout());
  console.log("timeout:", "timeout" in context.canceled);
});
