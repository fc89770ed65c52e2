// What a context prints as: the way it was derived, read from left to right.
// Deadlines are left out: their strings tell the time.
import { type Context, context, defer, type Key, main, type ReceiveChan } from "gocsp";
import { box, Boxed, interned } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

type Name = string;

export function nameString(n: Name): string {
  return n;
}

/** labeled is a context of our own that says itself what it prints as. */
class Labeled {
  context!: Context;
  label = "";

  constructor(init?: Partial<Labeled>) {
    Object.assign(this, init);
  }

  toString(): string {
    return this.label;
  }

  deadline(): Date | undefined {
    return this.context.deadline();
  }

  done(): ReceiveChan<never> {
    return this.context.done();
  }

  err(): Error | undefined {
    return this.context.err();
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return this.context.value(key);
  }
}

/** A name in an interface: the value with its methods. */
class NameValue extends Boxed<Name> {
  static override typeName = "main.name";

  override toString(): string {
    return nameString(this.value);
  }
}

main(() => {
  const background = context.background();
  fmt.println(background);
  fmt.println(context.todo());

  const [ctx, cancel] = context.withCancel(background);
  using _ = cancel;
  fmt.println(ctx);
  const [caused, cancelCause] = context.withCancelCause(ctx);
  using _1 = defer(() => cancelCause(undefined));
  fmt.println(caused);
  fmt.println(context.withoutCancel(caused));

  const user = context.withValue(background, interned(box(NameValue, "user")), "gopher");
  fmt.println(user);
  fmt.println(context.withValue(user, interned(box(NameValue, "nothing")), undefined));
  fmt.println(context.withValue(background, interned(box(NameValue, "named")), box(NameValue, "a name")));
  fmt.println(context.withoutCancel(user));

  const [child, cancelChild] = context.withCancel(new Labeled({ context: background, label: "request 17" }));
  using _2 = cancelChild;
  fmt.println(child);

  // It does not change when the context ends.
  cancelCause(new Error("enough"));
  cancel();
  fmt.println(caused);
});
