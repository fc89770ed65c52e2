// What a context prints as: the way it was derived, read from left to right.
// Deadlines are left out: their strings tell the time.
import { context, type Context, type Key, main } from "gocsp";

/** A custom context that defines its own string. */
class Labeled implements Context {
  readonly #inside: Context;
  readonly #label: string;

  constructor(inside: Context, label: string) {
    this.#inside = inside;
    this.#label = label;
  }

  done = () => this.#inside.done();
  err = () => this.#inside.err();
  deadline = () => this.#inside.deadline();

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.#inside.value(key);
  }

  toString = () => this.#label;
}

main(async () => {
  const background = context.background();
  console.log(`${background}`);
  console.log(`${context.todo()}`);

  const [ctx, cancel] = context.withCancel(background);
  using _1 = cancel;
  console.log(`${ctx}`);
  const [caused, cancelCause] = context.withCancelCause(ctx);
  using _2 = cancelCause;
  console.log(`${caused}`);
  console.log(`${context.withoutCancel(caused)}`);

  const user = context.withValue(background, context.key<string>("user"), "gopher");
  console.log(`${user}`);
  console.log(`${context.withValue(user, context.key<undefined>("nothing"), undefined)}`);
  console.log(`${context.withValue(background, context.key<Key<string>>("named"), context.key<string>("a name"))}`);
  console.log(`${context.withoutCancel(user)}`);

  const [child, cancelChild] = context.withCancel(new Labeled(background, "request 17"));
  using _3 = cancelChild;
  console.log(`${child}`);

  // It does not change when the context ends.
  cancelCause(new Error("enough"));
  cancel();
  console.log(`${caused}`);
});
