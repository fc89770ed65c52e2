// Errors that wrap others: which of them is it, what kind is in there, and several joined into one.
// A function that gives up because of its context says so in its own words and wraps the context's error.
import { type Context, context, errors, main } from "gocsp";
import { asError, has } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

/** A statusError carries a code with the error. */
class StatusError extends Error {
  code = 0;

  constructor(init?: Partial<StatusError>) {
    super();
    Object.assign(this, init);
  }

  override get message(): string {
    return fmt.sprint("status ", this.code);
  }
}

function load(ctx: Context, page: string): Error {
  const err = ctx.err();
  if (err !== undefined) {
    return fmt.errorf("loading %s: %w", page, err);
  }
  return fmt.errorf("loading %s: %w", page, new StatusError({ code: 404 }));
}

main(() => {
  const [ctx, cancel] = context.withCancel(context.background());
  const missing = load(ctx, "index");
  cancel();
  const abandoned = load(ctx, "news");

  fmt.println(missing);
  fmt.println(abandoned);
  console.log("canceled:", errors.is(missing, context.canceled), errors.is(abandoned, context.canceled));
  console.log("late:", errors.is(abandoned, context.deadlineExceeded));
  console.log("itself:", errors.is(abandoned, abandoned), "nothing:", errors.is(undefined, context.canceled));
  console.log("unwrapped is canceled:", errors.unwrap(abandoned) as Error | undefined === context.canceled);

  let status: StatusError | undefined;
  if (asError(missing, (e) => e instanceof StatusError, (e) => { status = e as StatusError; })) {
    console.log("code:", status!.code);
  }
  console.log("abandoned has a code:", asError(abandoned, (e) => e instanceof StatusError, (e) => { status = e as StatusError; }));

  const both = errors.join(missing, undefined, abandoned)!;
  fmt.println(both);
  console.log("canceled:", errors.is(both, context.canceled), "has a code:", asError(both, (e) => e instanceof StatusError, (e) => { status = e as StatusError; }));
  console.log("unwrapped:", errors.unwrap(both) as Error | undefined === undefined, "joined nothing:", errors.join(undefined, undefined) === undefined);

  // A deadline is an error of its own kind, and knows that it is a timeout.
  let timeout: { timeout(): boolean } | undefined;
  console.log("timeout:", asError(context.deadlineExceeded, (e) => has(e, "timeout"), (e) => { timeout = e as { timeout(): boolean }; }) && timeout!.timeout());
  console.log("timeout:", asError(context.canceled, (e) => has(e, "timeout"), (e) => { timeout = e as { timeout(): boolean }; }));
});
